"""Limits on submitting: who writes of danger gets some more room, and the line of help in any case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from config.kit.throttles import places_of, wait_of
from feedback.api.serializers import FirstAnswerOut
from feedback.intake.first_answers import FirstAnswer, first_answer
from feedback.intake.screen import Hit, screen
from users.api.policies import user_of
from users.api.throttles import SAFE, CallerThrottle

#: Above it a body is not read for danger words: who sends floods must not cost us their size.
MOST_BYTES_TO_SCREEN = 64 * 1024


class TooManyMessages(APIException):
    """Refused for ``wait`` seconds, never in silence: what was sent is not stored, and help is named."""

    status_code = 429
    default_code = "throttled"

    def __init__(self, wait: float, help_now: FirstAnswer | None) -> None:
        message = _("Too many requests. Nothing was stored; send it again in %(seconds)d seconds.")
        super().__init__(message % {"seconds": math.ceil(wait)})
        self.wait = wait
        self.extra = {"first_answer": FirstAnswerOut(help_now).data} if help_now else {}


class SubmitThrottle(CallerThrottle):
    """As for every call; past the limit, a stranger's urgent message counts against a limit of its own."""

    def allow_request(self, request: Request, view: object) -> bool:
        if super().allow_request(request, view):
            return True
        if user_of(request) is None and danger_in(request):
            self.seconds = wait_of(dict.fromkeys(places_of(request), "anonymous_urgent_writes"))
        return self.seconds is None


class QuestionThrottle(CallerThrottle):
    """As for every call; strangers who ask what is known have a limit of their own."""

    def allow_request(self, request: Request, view: object) -> bool:
        if user_of(request) is not None:
            return super().allow_request(request, view)
        address, _network = places_of(request)
        self.seconds = wait_of({address: "anonymous_questions"})
        return self.seconds is None


class SubmitView(APIView):
    """A view that takes messages: whoever is refused there and in danger is still told where help is."""

    throttle_classes = [SubmitThrottle]

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        raise TooManyMessages(wait or 1, first_answer(danger_in(request)))


def danger_in(request: Request) -> Sequence[Hit]:
    """Return the danger words of the message that ``request`` carries, none where reading it would cost much."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if request.method in SAFE or not length.isdecimal() or int(length) > MOST_BYTES_TO_SCREEN:
        return []
    try:
        content: Any = request.data
    except APIException:
        # It will be refused for what it is, should it come through.
        return []
    text = content.get("text") if hasattr(content, "get") else None
    return screen(text) if isinstance(text, str) else []
