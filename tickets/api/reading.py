"""Read tickets for the API, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from feedback.api.conversation import with_files
from feedback.intake.models import Message
from tickets.desk.merging import merged_into
from tickets.desk.models import CrisisPlace, Ticket, TicketEvent
from users.accounts.models import User

MOST_MESSAGES = 50
MOST_EVENTS = 100
MOST_PLACES = 200


@dataclass(frozen=True)
class WholeTicket:
    """A ticket with its newest ``messages`` and ``events``, oldest first."""

    ticket: Ticket
    merged: list[Ticket]
    tags: list[str]
    messages: list[Message]
    events: list[TicketEvent]


@dataclass(frozen=True)
class CrisisQueue:
    """The crisis queue; ``waiting`` of its ``results`` are not acknowledged yet."""

    waiting: int
    results: list[CrisisPlace]


def whole(ticket: Ticket) -> WholeTicket:
    """Return everything shown of ``ticket``, with the messages of tickets merged into it. Five queries."""
    merged = merged_into(ticket)
    threads = [ticket.feedback_id, *(one.feedback_id for one in merged)]
    messages = with_files(Message.objects.filter(feedback__in=threads)).order_by("-pk")[:MOST_MESSAGES]
    events = ticket.events.select_related("actor").order_by("-pk")[:MOST_EVENTS]
    tags = ticket.tags.order_by("name").values_list("name", flat=True)
    return WholeTicket(ticket, merged, list(tags), list(messages)[::-1], list(events)[::-1])


def crisis_queue_for(user: User) -> CrisisQueue:
    """Return the open places that ``user`` may see, by acknowledgement deadline. One query."""
    places = (
        CrisisPlace.objects.visible_to(user)
        .open()
        .select_related(
            "ticket__feedback__channel",
            "ticket__feedback__customer",
            "ticket__queue",
            "ticket__assignee",
            "ticket__merged_into",
            "acknowledged_by",
        )
    )
    found = list(places.order_by("ack_due_at", "pk")[:MOST_PLACES])
    return CrisisQueue(sum(place.acknowledged_at is None for place in found), found)


def moment(text: str, *, field: str) -> datetime:
    """Parse an ISO 8601 time, UTC if it names no offset. Raises ValidationError on ``field``."""
    try:
        read_as = datetime.fromisoformat(text)
        # Near the ends of the calendar, conversion to UTC may overflow.
        return read_as.astimezone(UTC) if read_as.tzinfo else read_as.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValidationError(
            {field: [_("Give a time in ISO 8601, such as 2026-11-25T09:00:00Z.")]}, code="invalid"
        ) from None
