"""What the public pages answer to who sends too much, or what cannot be taken."""

from __future__ import annotations

from django.http import HttpRequest

from config.kit.throttles import places_of, wait_of
from feedback.intake.screen import screen

TOO_MANY = 429
NOT_ACCEPTED = 422


def too_early(request: HttpRequest) -> float | None:
    """Return how many seconds this sender must wait, None when they need not. As over the API."""
    address, network = places_of(request)
    wait = wait_of({address: "anonymous_writes", network: "anonymous_network_writes"})
    if wait is not None and screen(request.POST.get("text", "")):
        wait = wait_of(dict.fromkeys((address, network), "anonymous_urgent_writes"))
    return wait


def minutes_of(wait: float) -> int:
    """Return how many minutes to name to who must wait ``wait`` seconds."""
    return int(wait // 60) + 1
