"""The rate limits that a call counts against: by token, by login, or by address and network."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from config.kit.throttles import places_of, wait_of
from users.api.policies import token_of, user_of

SAFE = {"GET", "HEAD", "OPTIONS"}


class CallerThrottle(BaseThrottle):
    """Limits calls per caller, at the rates in ``settings.LIMITS``."""

    seconds: float | None = None

    def allow_request(self, request: Request, view: object) -> bool:
        self.seconds = wait_of(callers_of(request))
        return self.seconds is None

    def wait(self) -> float | None:
        return self.seconds


def callers_of(request: Request) -> dict[str, str]:
    """Return the callers that this call counts for, each with the name of its limit."""
    token, user = token_of(request), user_of(request)
    if token is not None:
        return {f"token:{token.pk}": "token"}
    if user is not None:
        return {f"user:{user.pk}": "login"}
    address, network = places_of(request)
    if request.method in SAFE:
        return {address: "anonymous_reads"}
    return {address: "anonymous_writes", network: "anonymous_network_writes"}
