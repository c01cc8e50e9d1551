"""The messages behind a number, limited to those the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from feedback.intake.models import Message
from feedback.themes.corpus import SENSITIVE_FLAGS
from tickets.desk.models import Ticket
from users.accounts.models import User


@dataclass(frozen=True)
class Entry:
    """A message and its ticket; None if the reader may not open the ticket."""

    message: Message
    ticket: Ticket | None


def readable_ids(message_ids: Sequence[int], user: User) -> list[int]:
    """Return the ids of those messages that ``user`` may read, newest first. One query.

    A lead reads all except sensitive ones, which only the crisis team sees; an agent reads those of the tickets
    visible to them.
    """
    behind = Message.objects.filter(pk__in=message_ids, erased_at=None)
    if not user.sees_sensitive:
        sensitive = Q(assessment__flags__overlap=SENSITIVE_FLAGS)
        behind = behind.exclude(sensitive).exclude(
            feedback__in=Ticket.objects.filter(is_sensitive=True).values("feedback")
        )
    if not user.is_lead:
        behind = behind.filter(feedback__in=Ticket.objects.visible_to(user).values("feedback"))
    return list(behind.order_by("-id").values_list("pk", flat=True))


def entries_of(ids: Sequence[int], user: User) -> list[Entry]:
    """Return the messages with these ids, newest first, each with its ticket if ``user`` may open it. Two queries."""
    found = (
        Message.objects.filter(pk__in=ids).select_related("assessment", "channel", "feedback").order_by("-id")
    )
    tickets = {
        ticket.feedback_id: ticket
        for ticket in Ticket.objects.visible_to(user).filter(
            feedback__in=[message.feedback_id for message in found]
        )
    }
    return [Entry(message, tickets.get(message.feedback_id)) for message in found]
