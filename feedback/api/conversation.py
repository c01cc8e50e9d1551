"""A conversation as its customer sees it: what they wrote and what was answered, never what we noted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from feedback.intake.models import Attachment, Direction, Feedback, Message, Rating
from feedback.intake.ratings import OVER, newest_rating

MOST_MESSAGES = 50
MOST_PARTS = 20


@dataclass(frozen=True)
class Conversation:
    """``messages`` are the newest, oldest of them first; ``has_earlier`` says that older ones exist.

    ``part_of`` is the thread out of which this one was taken, ``parts`` those taken out of it.
    """

    feedback: Feedback
    messages: list[Message]
    has_earlier: bool
    newest_rating: Rating | None
    part_of: Feedback | None
    parts: list[Feedback]

    @property
    def may_be_rated(self) -> bool:
        return self.feedback.state in OVER


def conversation(feedback: Feedback, *, before: UUID | None = None) -> Conversation:
    """Return ``feedback`` with its newest messages, or the newest that came before the message ``before``.

    Four queries, and one of a part. Of a message that is not in it: nothing came before.
    """
    messages = messages_of(feedback)
    if before is not None:
        messages = messages.filter(pk__lt=feedback.messages.filter(public_id=before).values("pk")[:1])
    found = list(messages.order_by("-pk")[: MOST_MESSAGES + 1])
    return Conversation(
        feedback,
        found[:MOST_MESSAGES][::-1],
        len(found) > MOST_MESSAGES,
        newest_rating(feedback),
        part_of=feedback.part_of,
        parts=list(feedback.parts.order_by("pk")[:MOST_PARTS]),
    )


def messages_of(feedback: Feedback) -> QuerySet[Message]:
    """Return the messages of ``feedback`` with the names of files that are left, not their contents. Two queries."""
    return with_files(feedback.messages.all())


def with_files(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return ``messages`` with the names of their files that are left, not the contents. One query more."""
    files = Attachment.objects.unerased().defer("content").order_by("pk")
    return messages.prefetch_related(Prefetch("attachments", files))


def author_of(message: Message) -> str:
    """Return who speaks: ``customer``, ``agent``, or ``automatic`` for what no person wrote."""
    if message.direction == Direction.IN:
        return "customer"
    return "automatic" if message.is_automatic else "agent"
