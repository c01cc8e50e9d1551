"""What happens when the deadline of a ticket passes: once per deadline, it moves up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from config.kit.origins import Origin
from tickets.desk.models import EventKind, Ticket, TicketEvent, TicketQuerySet, WaitingReply
from tickets.queues.models import Priority

#: How many tickets one turn takes at most; what is left is first in the next.
MOST_TICKETS = 200
#: The highest a deadline alone can lift a ticket: what is urgent is said by its messages.
HIGHEST = Priority.HIGH


def escalate_overdue(at: datetime) -> int:
    """Move each live ticket up whose deadline passed before ``at``, the longest overdue first; return how many."""
    late = _missed(at).filter(origin=Origin.LIVE).order_by("due_at", "pk")
    return sum(escalate_one(pk, at=at) for pk in late.values_list("pk", flat=True)[:MOST_TICKETS])


def _missed(at: datetime) -> TicketQuerySet:
    """Return tickets whose deadline passed; not those with an answer about to leave, which was in time if it leaves."""
    leaving = WaitingReply.objects.leaving().filter(ticket=OuterRef("pk"))
    return Ticket.objects.overdue(at).unescalated().filter(~Exists(leaving))


@transaction.atomic
def escalate_one(ticket_id: int, *, at: datetime) -> bool:
    """Move one overdue ticket up by one priority, to HIGH at most; return False when it is not overdue any more.

    Its deadlines stay as they were promised: statistics must show that they were missed. A ticket
    that somebody changes at this moment is left to the next turn.
    """
    ticket = _missed(at).filter(pk=ticket_id).select_for_update(skip_locked=True).first()
    if ticket is None:
        return False
    old = Priority(ticket.priority)
    new = old if old <= HIGHEST else Priority(old - 1)
    missed = ticket.due_at
    # The version stays: nobody's half-written answer is refused because time passed.
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
