"""Put aside until a time: a ticket leaves the inbox and comes back by itself, sooner when its customer writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.desk.alarms import open_place
from tickets.desk.locks import hold
from tickets.desk.models import Status, Ticket, TicketEvent
from tickets.desk.transitions import move
from users.accounts.models import User

#: How many tickets one turn brings back at most; what is left is first in the next.
MOST_TICKETS = 200
LONGEST = timedelta(days=366)


class CannotSnooze(Refused):
    code = "cannot_snooze"
    field = "value"


@transaction.atomic
def snooze(ticket: Ticket, *, until: datetime, actor: User, at: datetime) -> TicketEvent:
    """Put ``ticket`` on hold until ``until``, also when it is on hold already; return the event.

    The caller holds its lock. Raises CannotSnooze, MoveNotAllowed, WasMerged.
    """
    if not at < until <= at + LONGEST:
        raise CannotSnooze(_("Choose a time to come, within a year."))
    place = open_place(ticket)
    if place is not None and place.acknowledged_at is None:
        raise CannotSnooze(_("It is urgent: take it before you put it aside."))
    return move(ticket, Status.ON_HOLD, actor=actor, at=at, until=until)


def bring_back(at: datetime) -> int:
    """Open each ticket that was put aside until ``at`` or before, the longest due first; return how many."""
    due = Ticket.objects.snoozed_out(at).order_by("snoozed_until", "pk").values_list("pk", flat=True)
    return sum(bring_back_one(pk, at=at) for pk in due[:MOST_TICKETS])


@transaction.atomic
def bring_back_one(ticket_id: int, *, at: datetime) -> bool:
    """Open one ticket whose time has come; return False when it was opened, solved or put aside anew meanwhile."""
    ticket = hold(Ticket.objects.get(pk=ticket_id))
    if ticket.snoozed_until is None or ticket.snoozed_until > at:
        return False
    move(ticket, Status.OPEN, actor=None, at=at)
    return True
