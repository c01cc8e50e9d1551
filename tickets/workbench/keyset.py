"""Keyset pagination of the inbox: the next page starts after the last row, at the same cost however deep it is."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Q

from tickets.desk.models import Ticket, TicketQuerySet
from tickets.workbench.folders import Order

_ORDERINGS: dict[Order, list[Any]] = {
    Order.URGENCY: ["priority", F("due_at").asc(nulls_last=True), "id"],
    Order.CHANGE: ["-updated_at", "-id"],
    Order.NEWEST: ["-opened_at", "-id"],
}
#: Our own cursors are shorter; a longer one may be nested too deeply for Python's JSON parser.
_LONGEST_CURSOR = 200


def ordered(tickets: TicketQuerySet, order: Order) -> TicketQuerySet:
    """Return ``tickets`` in ``order``."""
    return tickets.order_by(*_ORDERINGS[order])


class NotACursor(ValueError):
    """The text is not a cursor of this list."""


@dataclass(frozen=True)
class Place:
    """A ticket's position in every order. Taken before a change, it still shows which ticket came next."""

    priority: int
    due_at: datetime | None
    updated_at: datetime
    opened_at: datetime
    ticket_id: int

    @classmethod
    def of(cls, ticket: Ticket) -> Place:
        return cls(ticket.priority, ticket.due_at, ticket.updated_at, ticket.opened_at, ticket.pk)

    def cursor(self, order: Order) -> str:
        """Return the position in ``order`` as a URL-safe cursor that contains no text of the ticket."""
        if order is Order.URGENCY:
            place = [self.priority, self.due_at.isoformat() if self.due_at else None, self.ticket_id]
        else:
            moment = self.updated_at if order is Order.CHANGE else self.opened_at
            place = [moment.isoformat(), self.ticket_id]
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def after(tickets: TicketQuerySet, order: Order, cursor: str) -> TicketQuerySet:
    """Return those of ``tickets`` after ``cursor`` in ``order``. Raises NotACursor."""
    if len(cursor) > _LONGEST_CURSOR:
        raise NotACursor
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order is Order.URGENCY:
            priority, due, ticket_id = place
            moment = _moment(due) if due else None
            return tickets.filter(_after_in_urgency(int(priority), moment, int(ticket_id)))
        moment, ticket_id = _moment(place[0]), int(place[1])
    # JSON accepts Infinity as a number, but int() overflows on it.
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise NotACursor from error
    column = "updated_at" if order is Order.CHANGE else "opened_at"
    tie = Q(**{column: moment}) & Q(id__lt=ticket_id)
    return tickets.filter(Q(**{f"{column}__lt": moment}) | tie, **{f"{column}__lte": moment})


def _moment(text: str) -> datetime:
    """Parse ``text`` into UTC: PostgreSQL rejects the extreme offsets that Python accepts."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _after_in_urgency(priority: int, due: datetime | None, ticket_id: int) -> Q:
    if due is None:
        later = Q(due_at=None, id__gt=ticket_id)
    else:
        later = Q(due_at__gt=due) | Q(due_at=None) | Q(due_at=due, id__gt=ticket_id)
    # The first condition is implied by the second, but gives the index its starting point.
    return Q(priority__gte=priority) & (Q(priority__gt=priority) | (Q(priority=priority) & later))
