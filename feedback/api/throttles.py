"""Rate limits on submitting: urgent messages have an extra limit, and senders in danger always get a help line."""

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

#: Larger bodies are not screened for danger words, so that a flood does not cost us its size.
MOST_BYTES_TO_SCREEN = 64 * 1024


class TooManyMessages(APIException):
    """Over the limit for ``wait`` seconds: says that nothing was stored, and names help to a sender in danger."""

    status_code = 429
    default_code = "throttled"

    def __init__(self, wait: float, help_now: FirstAnswer | None) -> None:
        message = _("Too many requests. Nothing was stored; send it again in %(seconds)d seconds.")
        super().__init__(message % {"seconds": math.ceil(wait)})
        self.wait = wait
        self.extra = {"first_answer": FirstAnswerOut(help_now).data} if help_now else {}


class SubmitThrottle(CallerThrottle):
    """The usual limits; above them an anonymous sender's urgent message counts against a separate limit."""

    def allow_request(self, request: Request, view: object) -> bool:
        if super().allow_request(request, view):
            return True
        if user_of(request) is None and danger_in(request):
            self.seconds = wait_of(dict.fromkeys(places_of(request), "anonymous_urgent_writes"))
        return self.seconds is None


class QuestionThrottle(CallerThrottle):
    """The usual limits; anonymous callers who look up known problems have a separate limit."""

    def allow_request(self, request: Request, view: object) -> bool:
        if user_of(request) is not None:
            return super().allow_request(request, view)
        address, _network = places_of(request)
        self.seconds = wait_of({address: "anonymous_questions"})
        return self.seconds is None


class SubmitView(APIView):
    """A view that accepts messages; even when throttled it tells a sender in danger where to find help."""

    throttle_classes = [SubmitThrottle]

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        raise TooManyMessages(wait or 1, first_answer(danger_in(request)))


def danger_in(request: Request) -> Sequence[Hit]:
    """Return the danger words in the message of ``request``, none when the body is too large to read cheaply."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if request.method in SAFE or not length.isdecimal() or int(length) > MOST_BYTES_TO_SCREEN:
        return []
    try:
        content: Any = request.data
    except APIException:
        # The view refuses a malformed body with the right error if the request gets that far.
        return []
    text = content.get("text") if hasattr(content, "get") else None
    return screen(text) if isinstance(text, str) else []
