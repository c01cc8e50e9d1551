"""The two ways to a conversation: login or secret link. Another person's feedback looks like a missing one."""

from __future__ import annotations

from typing import Any, Protocol

from django.http import Http404
from rest_framework.request import Request

from config.kit.routes import absolute
from feedback.api.submission import Sender
from feedback.intake.links import feedback_for_token, status_token
from feedback.intake.models import Feedback
from users.api.policies import user_of


class Door(Protocol):
    """A way to one feedback."""

    def find(self, request: Request, **names: Any) -> Feedback:
        """Return the feedback for ``names`` from the URL and for the caller. Raises Http404."""

    def address(self, feedback: Feedback) -> str:
        """Return the absolute URL at which this caller reads ``feedback``."""

    def sender(self, request: Request, feedback: Feedback) -> Sender:
        """Return the sender of new messages in ``feedback``."""


class OwnDoor:
    """The caller's own feedback, by its id."""

    def find(self, request: Request, **names: Any) -> Feedback:
        rows = Feedback.objects.visible_to(user_of(request)).select_related("channel")
        feedback = rows.filter(public_id=names["feedback_id"]).first()
        if feedback is None:
            raise Http404
        return feedback

    def address(self, feedback: Feedback) -> str:
        return absolute("own-feedback", feedback.public_id)

    def sender(self, request: Request, feedback: Feedback) -> Sender:
        return Sender(feedback.channel, f"user:{request.user.pk}")


class LinkDoor:
    """The feedback that the secret token in the URL opens."""

    def find(self, request: Request, **names: Any) -> Feedback:
        feedback = feedback_for_token(names["token"])
        if feedback is None:
            raise Http404
        return feedback

    def address(self, feedback: Feedback) -> str:
        return absolute("linked-feedback", status_token(feedback.public_id))

    def sender(self, request: Request, feedback: Feedback) -> Sender:
        return Sender(feedback.channel, f"link:{feedback.public_id.hex}")
