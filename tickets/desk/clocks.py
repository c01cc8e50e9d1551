"""The two clocks of a ticket: until it is answered, then until it is solved. Changes are the caller's to save."""

from __future__ import annotations

from datetime import datetime

from tickets.desk.models import Ticket
from tickets.queues.models import Priority
from tickets.queues.services import deadlines

#: What of a ticket its clocks are made of, for whoever saves them.
CLOCKS = ("clock_started_at", "first_reply_due_at", "first_replied_at", "solve_due_at")


def start_anew(ticket: Ticket, *, at: datetime) -> None:
    """Start both clocks of ``ticket`` again at ``at``: we had done our part, and it is ours once more."""
    ticket.clock_started_at, ticket.first_replied_at = at, None
    set_deadlines(ticket)


def set_deadlines(ticket: Ticket) -> None:
    """Set both deadlines as the policy of the ticket's priority counts them from when its clocks started."""
    limits = deadlines(Priority(ticket.priority), at=ticket.clock_started_at or ticket.opened_at)
    ticket.first_reply_due_at, ticket.solve_due_at = limits.first_reply_due_at, limits.solve_due_at


def kept(due_at: datetime | None, *, at: datetime) -> dict[str, bool]:
    """Return for an event at ``at`` whether it came before the deadline that it ends; nothing where none was set.

    The deadlines of a ticket change with its priority and when it is reopened: what counted then, only its event knows.
    """
    return {} if due_at is None else {"in_time": at <= due_at}


def next_deadline(ticket: Ticket) -> datetime | None:
    """Return the deadline that comes next while ``ticket`` waits for us; None where no policy sets one."""
    return ticket.solve_due_at if ticket.first_replied_at else ticket.first_reply_due_at
