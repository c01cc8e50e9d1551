"""Follow a feedback: read it, add to it, rate how it was handled, by login or secret link."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.pagination import newest_first
from config.kit.parsers import BoundedMultiPartParser, StrictJSONParser
from feedback.api.conversation import conversation, messages_of
from feedback.api.documentation import LINKED, OWN
from feedback.api.doors import Door, LinkDoor, OwnDoor
from feedback.api.downloads import download_from
from feedback.api.receipts import answer
from feedback.api.requests import fields_of, files_of, key_in, raw_of
from feedback.api.serializers import (
    ConversationOut,
    MessageIn,
    MessageOut,
    RatingIn,
    SatisfactionOut,
    submission_of,
)
from feedback.api.submission import submit
from feedback.api.throttles import SubmitView
from feedback.intake.ratings import rate
from users.accounts.models import Scope
from users.api.policies import Audience, Policy


class Following(SubmitView):
    """The base of the views below, each of which uses one of the two doors."""

    door: ClassVar[Door]


class Reading(Following):
    def get(self, request: Request, **names: Any) -> Response:
        """Get a feedback with its newest messages."""
        feedback = self.door.find(request, **names)
        shown = ConversationOut(conversation(feedback), context={"address": self.door.address(feedback)})
        return Response(shown.data, headers=NOT_KEPT)


class Paging(Following):
    def get(self, request: Request, **names: Any) -> Response:
        """List the messages of a feedback, newest first."""
        feedback = self.door.find(request, **names)
        page = newest_first(messages_of(feedback), request)
        shown = MessageOut(page.rows, many=True, context={"address": self.door.address(feedback)})
        return Response({"results": shown.data, "next": page.next}, headers=NOT_KEPT)


class Continuing(Following):
    parser_classes = [StrictJSONParser, BoundedMultiPartParser]

    def post(self, request: Request, **names: Any) -> Response:
        """Add a message to a feedback.

        A feedback that was solved or closed is reopened.
        """
        at = timezone.now()
        feedback = self.door.find(request, **names)
        given = read(MessageIn, fields_of(request))
        sender = self.door.sender(request, feedback)
        key = key_in(request, sender.principal)
        submission = submission_of(given, files=files_of(request), raw=raw_of(request))
        return answer(submit(sender, submission, at=at, key=key, thread=feedback))


class Rating(Following):
    def post(self, request: Request, **names: Any) -> Response:
        """Rate the handling of a feedback.

        Possible once the handling is over. Repeating the same rating changes nothing; a different one replaces it.
        """
        feedback = self.door.find(request, **names)
        rating, is_new = rate(feedback, **read(RatingIn, request.data), at=timezone.now())
        return Response(SatisfactionOut(rating).data, status=201 if is_new else 200)


class Downloading(Following):
    def get(self, request: Request, *, attachment_id: UUID, **names: Any) -> HttpResponse:
        """Download a file of the conversation."""
        return download_from([self.door.find(request, **names)], attachment_id)


class Own(Following):
    door = OwnDoor()


class Linked(Following):
    """Views on the secret link, which ignore logins, so that a browser's session neither helps nor can be abused."""

    door = LinkDoor()
    authentication_classes = ()


@documented(get=OWN["read"])
class OwnFeedback(Own, Reading):
    policies = {"GET": Policy(Audience.LOGGED_IN, Scope.READ_FEEDBACK)}


@documented(get=OWN["page"], post=OWN["add"])
class OwnMessages(Own, Paging, Continuing):
    policies = {
        "GET": Policy(Audience.LOGGED_IN, Scope.READ_FEEDBACK),
        "POST": Policy(Audience.LOGGED_IN, Scope.WRITE_FEEDBACK),
    }


@documented(post=OWN["rate"])
class OwnRating(Own, Rating):
    policies = {"POST": Policy(Audience.LOGGED_IN, Scope.WRITE_FEEDBACK)}


@documented(get=OWN["download"])
class OwnAttachment(Own, Downloading):
    policies = {"GET": Policy(Audience.LOGGED_IN, Scope.READ_FEEDBACK)}


@documented(get=LINKED["read"], post=LINKED["add_here"])
class LinkedFeedback(Linked, Reading, Continuing):
    policies = {"GET": Policy(Audience.ANYBODY, None), "POST": Policy(Audience.ANYBODY, None)}


@documented(get=LINKED["page"], post=LINKED["add"])
class LinkedMessages(Linked, Paging, Continuing):
    policies = {"GET": Policy(Audience.ANYBODY, None), "POST": Policy(Audience.ANYBODY, None)}


@documented(post=LINKED["rate"])
class LinkedRating(Linked, Rating):
    policies = {"POST": Policy(Audience.ANYBODY, None)}


@documented(get=LINKED["download"])
class LinkedAttachment(Linked, Downloading):
    policies = {"GET": Policy(Audience.ANYBODY, None)}
