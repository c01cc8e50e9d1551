"""Escalation of overdue tickets: once per missed deadline, the priority goes up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from config.kit.origins import Origin
from tickets.desk.models import EventKind, Ticket, TicketEvent, TicketQuerySet, WaitingReply
from tickets.queues.models import Priority

#: The most tickets handled in one run; the rest come first in the next.
MOST_TICKETS = 200
#: The highest priority that a missed deadline alone can give: only messages make a ticket urgent.
HIGHEST = Priority.HIGH


def escalate_overdue(at: datetime) -> int:
    """Raise the priority of live tickets overdue at ``at``, the longest overdue first; return how many."""
    late = _missed(at).filter(origin=Origin.LIVE).order_by("due_at", "pk")
    return sum(escalate_one(pk, at=at) for pk in late.values_list("pk", flat=True)[:MOST_TICKETS])


def _missed(at: datetime) -> TicketQuerySet:
    """Return overdue tickets, except those with an answer about to leave: if it leaves, it counts as in time."""
    leaving = WaitingReply.objects.leaving().filter(ticket=OuterRef("pk"))
    return Ticket.objects.overdue(at).unescalated().filter(~Exists(leaving))


@transaction.atomic
def escalate_one(ticket_id: int, *, at: datetime) -> bool:
    """Raise an overdue ticket by one priority, to HIGH at most; return False when it is no longer overdue.

    Its deadlines stay as promised, because statistics must show that they were missed. A ticket whose row is
    locked by another transaction is left to the next run, and returns False too.
    """
    ticket = _missed(at).filter(pk=ticket_id).select_for_update(skip_locked=True).first()
    if ticket is None:
        return False
    old = Priority(ticket.priority)
    new = old if old <= HIGHEST else Priority(old - 1)
    missed = ticket.due_at
    # The version stays: an answer being written must not be refused because time passed.
    ticket.priority, ticket.escalated_due_at = new, missed
    ticket.save(update_fields=["priority", "escalated_due_at"])
    TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.OVERDUE,
        at=at,
        old=str(old.value),
        new=str(new.value),
        details={"due_at": missed.isoformat() if missed else None},
    )
    return True
