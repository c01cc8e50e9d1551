"""When the customer writes again: the ticket is re-scored and waits for us."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from feedback.analysis.models import Assessment
from feedback.intake.models import Message
from tickets.desk.clocks import CLOCKS, start_anew
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.desk.transitions import OVER, move
from users.accounts.models import User

#: The fields that ``rescore`` changes.
RESCORED = ("last_customer_at", "sentiment", "flags", "is_sensitive", "urgency", "lane", "category")


@transaction.atomic
def hear(ticket: Ticket, *, message: Message, assessment: Assessment, at: datetime) -> Ticket:
    """Record that the customer wrote again: reopen the ticket and keep the higher of the old and new urgency.

    Calling it again for the same message changes nothing.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",)).select_related("feedback", "queue").get(pk=ticket.pk)
    )
    if ticket.events.filter(kind=EventKind.MESSAGE_IN, details__message=message.pk).exists():
        return ticket
    TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.MESSAGE_IN, at=at, details={"message": message.pk}
    )
    rescore(ticket, message, assessment)
    ticket.updated_at = at
    ticket.version += 1
    ticket.save(update_fields=[*RESCORED, "updated_at", "version"])
    hide_whole_matter(ticket)
    if Status(ticket.status) in OVER or ticket.status in (Status.WAITING_ON_CUSTOMER, Status.ON_HOLD):
        wait_on_us(ticket, actor=None, at=at)
    return ticket


def rescore(ticket: Ticket, message: Message, assessment: Assessment) -> None:
    """Update ``ticket`` from a new message; its urgency never falls. The caller saves it."""
    ticket.last_customer_at = max(ticket.last_customer_at, message.received_at)
    ticket.sentiment = assessment.sentiment
    ticket.flags = sorted({*ticket.flags, *assessment.flags})
    ticket.is_sensitive = ticket.is_sensitive or "sensitive" in assessment.flags
    if assessment.urgency > ticket.urgency:
        ticket.urgency, ticket.lane = assessment.urgency, assessment.lane
        ticket.category = assessment.category or ticket.category


def hide_whole_matter(ticket: Ticket) -> None:
    """Make tickets merged into a sensitive ``ticket`` sensitive too; they stay so when unmerged.

    Answers are written into every thread, so a merged ticket would otherwise expose what was said.
    """
    if ticket.is_sensitive:
        Ticket.objects.worked_on_as(ticket.top_id).filter(is_sensitive=False).update(is_sensitive=True)


def wait_on_us(ticket: Ticket, *, actor: User | None, at: datetime) -> None:
    """Move ``ticket`` to waiting on us and restart its clocks, because the customer wrote."""
    start_anew(ticket, at=at)
    ticket.save(update_fields=CLOCKS)
    move(ticket, Status.WAITING_ON_US, actor=actor, at=at)
