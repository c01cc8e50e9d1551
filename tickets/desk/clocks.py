"""The two clocks of a ticket: time to first reply, then time to solution. The caller saves all changes."""

from __future__ import annotations

from datetime import datetime

from tickets.desk.models import Ticket
from tickets.queues.models import Priority
from tickets.queues.services import deadlines

#: The ticket fields that make up its clocks, for ``update_fields``.
CLOCKS = ("clock_started_at", "first_reply_due_at", "first_replied_at", "solve_due_at")


def start_anew(ticket: Ticket, *, at: datetime) -> None:
    """Restart both clocks of ``ticket`` at ``at``, because it is waiting for us again."""
    ticket.clock_started_at, ticket.first_replied_at = at, None
    set_deadlines(ticket)


def set_deadlines(ticket: Ticket) -> None:
    """Set both deadlines by the policy of the ticket's priority, counted from when its clocks started."""
    limits = deadlines(Priority(ticket.priority), at=ticket.clock_started_at or ticket.opened_at)
    ticket.first_reply_due_at, ticket.solve_due_at = limits.first_reply_due_at, limits.solve_due_at


def kept(due_at: datetime | None, *, at: datetime) -> dict[str, bool]:
    """Return event details that say whether ``at`` met the deadline ``due_at``; empty when there was none.

    A ticket's deadlines change with its priority and on reopening: only the event records which one applied.
    """
    return {} if due_at is None else {"in_time": at <= due_at}


def next_deadline(ticket: Ticket) -> datetime | None:
    """Return the next deadline while ``ticket`` waits for us; None when no policy sets one."""
    return ticket.solve_due_at if ticket.first_replied_at else ticket.first_reply_due_at
