"""The customer wrote again: the ticket follows what was said, and is ours to answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from feedback.analysis.models import Assessment
from feedback.intake.models import Message
from tickets.desk.clocks import CLOCKS, start_anew
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.desk.transitions import OVER, move
from users.accounts.models import User

#: What ``rescore`` changes.
RESCORED = ("last_customer_at", "sentiment", "flags", "is_sensitive", "urgency", "lane", "category")


@transaction.atomic
def hear(ticket: Ticket, *, message: Message, assessment: Assessment, at: datetime) -> Ticket:
    """Note that the customer wrote again: reopen, re-score to the worse of then and now.

    A second time for the same message changes nothing.
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
    """Let ``ticket`` follow what the customer said now: as urgent as the worse of then and now. The caller saves it."""
    ticket.last_customer_at = max(ticket.last_customer_at, message.received_at)
    ticket.sentiment = assessment.sentiment
    ticket.flags = sorted({*ticket.flags, *assessment.flags})
    ticket.is_sensitive = ticket.is_sensitive or "sensitive" in assessment.flags
    if assessment.urgency > ticket.urgency:
        ticket.urgency, ticket.lane = assessment.urgency, assessment.lane
        ticket.category = assessment.category or ticket.category


def hide_whole_matter(ticket: Ticket) -> None:
    """Make what was merged into a sensitive ``ticket`` sensitive, too, and leave it so when they are parted.

    What is said in any of the threads, and answered in all, would else stand open in the one that went.
    """
    if ticket.is_sensitive:
        Ticket.objects.worked_on_as(ticket.top_id).filter(is_sensitive=False).update(is_sensitive=True)


def wait_on_us(ticket: Ticket, *, actor: User | None, at: datetime) -> None:
    """Move ``ticket`` back to us: what the customer said starts our clock anew."""
    start_anew(ticket, at=at)
    ticket.save(update_fields=CLOCKS)
    move(ticket, Status.WAITING_ON_US, actor=actor, at=at)
