"""A conversation as the customer sees it: their messages and our answers, never internal notes."""

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
    """A feedback with its newest messages, oldest first; ``has_earlier`` says that older ones exist.

    ``part_of`` is the thread this one was split from, ``parts`` are the threads split from it.
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
    """Return ``feedback`` with its newest messages, or the newest that precede the message ``before``.

    Four queries, five for a part. No messages when ``before`` is not in the feedback.
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
    """Return the messages of ``feedback`` with their unerased files, without file contents. Two queries."""
    return with_files(feedback.messages.all())


def with_files(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return ``messages`` with their unerased files, without file contents. One more query."""
    files = Attachment.objects.unerased().defer("content").order_by("pk")
    return messages.prefetch_related(Prefetch("attachments", files))


def author_of(message: Message) -> str:
    """Return the author of ``message``: ``customer``, ``agent``, or ``automatic`` if no person wrote it."""
    if message.direction == Direction.IN:
        return "customer"
    return "automatic" if message.is_automatic else "agent"
