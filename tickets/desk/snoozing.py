"""Snoozing: a ticket is on hold until a given time, or until the customer writes, and then comes back by itself."""

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

#: The most tickets brought back in one run; the rest come first in the next.
MOST_TICKETS = 200
LONGEST = timedelta(days=366)


class CannotSnooze(Refused):
    code = "cannot_snooze"
    field = "value"


@transaction.atomic
def snooze(ticket: Ticket, *, until: datetime, actor: User, at: datetime) -> TicketEvent:
    """Put ``ticket`` on hold until ``until``, even if it is already on hold; return the event.

    The caller holds its lock. Raises CannotSnooze, MoveNotAllowed, WasMerged.
    """
    if not at < until <= at + LONGEST:
        raise CannotSnooze(_("Choose a time to come, within a year."))
    place = open_place(ticket)
    if place is not None and place.acknowledged_at is None:
        raise CannotSnooze(_("It is urgent: take it before you put it aside."))
    return move(ticket, Status.ON_HOLD, actor=actor, at=at, until=until)


def bring_back(at: datetime) -> int:
    """Open the tickets on hold until ``at`` or earlier, longest due first; return how many."""
    due = Ticket.objects.snoozed_out(at).order_by("snoozed_until", "pk").values_list("pk", flat=True)
    return sum(bring_back_one(pk, at=at) for pk in due[:MOST_TICKETS])


@transaction.atomic
def bring_back_one(ticket_id: int, *, at: datetime) -> bool:
    """Open one snoozed ticket; return False when it was opened, solved or snoozed again meanwhile."""
    ticket = hold(Ticket.objects.get(pk=ticket_id))
    if ticket.snoozed_until is None or ticket.snoozed_until > at:
        return False
    move(ticket, Status.OPEN, actor=None, at=at)
    return True
