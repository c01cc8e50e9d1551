"""The table of allowed status moves, and the functions that make them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from feedback.intake.models import FeedbackState
from feedback.intake.parting import handle_with
from feedback.intake.services import show_state
from tickets.desk.alarms import close_place, open_place
from tickets.desk.clocks import CLOCKS, kept, next_deadline, start_anew
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from users.accounts.models import User

_WORKING = frozenset(
    {Status.OPEN, Status.WAITING_ON_CUSTOMER, Status.WAITING_ON_US, Status.ON_HOLD, Status.SOLVED}
)
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.NEW: _WORKING,
    Status.OPEN: _WORKING - {Status.OPEN},
    Status.WAITING_ON_CUSTOMER: _WORKING - {Status.WAITING_ON_CUSTOMER},
    Status.WAITING_ON_US: _WORKING - {Status.WAITING_ON_US},
    Status.ON_HOLD: _WORKING - {Status.ON_HOLD},
    Status.SOLVED: frozenset({Status.OPEN, Status.WAITING_ON_US, Status.CLOSED}),
    # Only a customer's message or an agent's decision reopens a closed ticket.
    Status.CLOSED: frozenset({Status.OPEN, Status.WAITING_ON_US}),
}
OVER = frozenset({Status.SOLVED, Status.CLOSED})
SHOWN_AS: Mapping[Status, FeedbackState] = {
    Status.NEW: FeedbackState.RECEIVED,
    Status.OPEN: FeedbackState.IN_PROGRESS,
    Status.WAITING_ON_CUSTOMER: FeedbackState.ANSWERED,
    Status.WAITING_ON_US: FeedbackState.IN_PROGRESS,
    Status.ON_HOLD: FeedbackState.IN_PROGRESS,
    Status.SOLVED: FeedbackState.SOLVED,
    Status.CLOSED: FeedbackState.CLOSED,
}


class MoveNotAllowed(Refused):
    code = "move_not_allowed"

    def __init__(self, ticket: Ticket, to: Status) -> None:
        super().__init__(
            _("%(number)s is “%(status)s” and cannot become “%(to)s”.")
            % {"number": ticket.number, "status": ticket.get_status_display(), "to": Status(to).label}
        )


class WasMerged(Refused):
    """The ticket was merged: changes belong on the one it was merged into."""

    code = "was_merged"

    def __init__(self, ticket: Ticket) -> None:
        into = ticket.merged_into
        super().__init__(
            _("%(number)s was merged into %(into)s: work there, or undo the merge.")
            % {"number": ticket.number, "into": into.number if into else ""}
        )


class MovedMeanwhile(Refused):
    code = "moved_meanwhile"

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _("Someone else changed %(number)s meanwhile. Look at it again.") % {"number": ticket.number}
        )


@transaction.atomic
def move(
    ticket: Ticket,
    to: Status,
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> TicketEvent:
    """Move ``ticket`` to ``to`` at ``at``, record it, and show the customer the state that goes with it.

    With ``until`` the ticket may already be on hold; ``tickets.desk.snoozing`` brings it back at that time.
    A solved or closed ticket leaves the crisis queue; a reopened one gets new deadlines counted from ``at``.
    Raises MoveNotAllowed, WasMerged, or MovedMeanwhile when another process moved it first.
    """
    old = Status(ticket.status)
    if ticket.merged_into_id is not None:
        raise WasMerged(ticket)
    is_snoozed_anew = until is not None and old == to == Status.ON_HOLD
    if to not in MOVES[old] and not is_snoozed_anew:
        raise MoveNotAllowed(ticket, to)
    reopened = old in OVER and to not in OVER
    is_solving = to in OVER and old not in OVER
    promise = kept(ticket.solve_due_at, at=at) if is_solving else {}
    # Nobody is waiting for an answer to imported feedback.
    if reopened and ticket.origin != Origin.IMPORT:
        start_anew(ticket, at=at)
    changes = {
        "status": to,
        "updated_at": at,
        "version": F("version") + 1,
        "solved_at": at if to in OVER else None,
        "due_at": next_due(ticket, to),
        "snoozed_until": until,
        "reopened_count": F("reopened_count") + int(reopened),
        **({name: getattr(ticket, name) for name in CLOCKS} if reopened else {}),
    }
    # The WHERE clause is the lock: when two agents act concurrently, one updates no row.
    if not Ticket.objects.filter(pk=ticket.pk, status=old).update(**changes):
        raise MovedMeanwhile(ticket)
    event = TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.MOVED,
        at=at,
        actor=actor,
        old=old,
        new=to,
        note=reason,
        details=promise | ({"until": until.isoformat()} if until else {}),
    )
    show_state(ticket.feedback, SHOWN_AS[to])
    for merged in Ticket.objects.filter(merged_into=ticket).select_related("feedback"):
        show_state(merged.feedback, SHOWN_AS[to])
    if to in OVER and (place := open_place(ticket)) is not None:
        close_place(place, actor=actor, at=at)
    ticket.refresh_from_db(fields=list(changes))
    return event


def close_merged(ticket: Ticket, *, into: Ticket, actor: User, at: datetime) -> TicketEvent:
    """Close ``ticket`` because it was merged into ``into``: not solved, in no list, its clocks stopped.

    The event keeps the former status and snooze time for ``open_unmerged``. Raises MovedMeanwhile.
    """
    old = Status(ticket.status)
    unmerged = Ticket.objects.filter(pk=ticket.pk, status=old, merged_into=None)
    until = ticket.snoozed_until
    changes = {
        "status": Status.CLOSED,
        "merged_into": into,
        "due_at": None,
        "snoozed_until": None,
        "updated_at": at,
    }
    if not unmerged.update(**changes, version=F("version") + 1):
        raise MovedMeanwhile(ticket)
    show_state(ticket.feedback, SHOWN_AS[Status(into.status)])
    handle_with(ticket.feedback, into.feedback)
    ticket.refresh_from_db(fields=[*changes, "version"])
    return TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.MERGED,
        at=at,
        actor=actor,
        old=old,
        new=into.number,
        details={"into": into.pk, "until": until.isoformat() if until else None},
    )


def open_unmerged(ticket: Ticket, merged: TicketEvent, *, actor: User, at: datetime) -> TicketEvent:
    """Make ``ticket`` independent again, in the status that the event ``merged`` recorded.

    A snooze time that passed meanwhile is handled like any other that is due. Raises MovedMeanwhile.
    """
    into, to = ticket.merged_into, Status(merged.old)
    until = merged.details.get("until")
    still_merged = Ticket.objects.filter(pk=ticket.pk, merged_into=into).exclude(merged_into=None)
    changes = {
        "status": to,
        "merged_into": None,
        "due_at": next_due(ticket, to),
        "snoozed_until": datetime.fromisoformat(until) if until else None,
        "updated_at": at,
    }
    if into is None or not still_merged.update(**changes, version=F("version") + 1):
        raise MovedMeanwhile(ticket)
    show_state(ticket.feedback, SHOWN_AS[to])
    handle_with(ticket.feedback, None)
    ticket.refresh_from_db(fields=[*changes, "version"])
    return TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.UNMERGED,
        at=at,
        actor=actor,
        old=into.number,
        new=to,
        details={"from": into.pk},
    )


def next_due(ticket: Ticket, to: Status) -> datetime | None:
    """Return the deadline that applies to ``ticket`` in status ``to``; None while others must act or it is over."""
    if to in OVER or to in (Status.WAITING_ON_CUSTOMER, Status.ON_HOLD):
        return None
    return next_deadline(ticket)
