"""The open places of the crisis queue, with what an agent must know to take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from tickets.crisis.models import Level, OnCallShift, PagePlace
from tickets.desk.models import CrisisPlace, Ticket
from tickets.workbench.folders import Order
from tickets.workbench.inbox import Row, for_rows, rows_of
from tickets.workbench.keyset import ordered
from tickets.workbench.reasons import category_name
from users.accounts.models import User

MOST_SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """An open place: ``row`` is its ticket as lists show it, ``is_late`` if it is unacknowledged past its deadline."""

    place: CrisisPlace
    row: Row
    category: str
    is_late: bool


def waiting_places(user: User, *, at: datetime) -> list[Waiting]:
    """Return the open places that ``user`` may see: unacknowledged first, each by its deadline. Five queries."""
    places = list(
        CrisisPlace.objects.visible_to(user)
        .open()
        .select_related("acknowledged_by")
        .order_by("acknowledged_at", "ack_due_at", "pk")[:MOST_SHOWN]
    )
    tickets = list(for_rows(Ticket.objects.filter(pk__in=[place.ticket_id for place in places]), user))
    rows = {row.ticket.pk: row for row in rows_of(tickets, at=at)}
    waiting = [
        Waiting(
            place=place,
            row=rows[place.ticket_id],
            category=category_name(place.category),
            is_late=place.acknowledged_at is None and place.ack_due_at < at,
        )
        for place in places
    ]
    return sorted(waiting, key=lambda one: (one.place.acknowledged_at is not None, one.place.ack_due_at))


def without_alarm(user: User, *, at: datetime) -> list[Row]:
    """Return the active tickets in the crisis queue whose alarm is over, most urgent first. Four queries.

    Such a ticket was solved, then reopened by its customer or an agent.
    """
    here = Ticket.objects.visible_to(user).active().filter(queue__is_crisis=True)
    calm = here.exclude(Exists(CrisisPlace.objects.open().filter(ticket=OuterRef("pk"))))
    return rows_of(list(ordered(for_rows(calm, user), Order.URGENCY)[:MOST_SHOWN]), at=at)


@dataclass(frozen=True)
class Together:
    """Urgent messages of one category announced in one page; ``waiting`` of them are unacknowledged."""

    page_id: int
    category: str
    waiting: int


def told_together(places: Sequence[Waiting]) -> list[Together]:
    """Return the pages that announce several unacknowledged ``places``, the largest first. One query."""
    waiting = [one.place.pk for one in places if one.place.acknowledged_at is None]
    pages = (
        PagePlace.objects.filter(place__in=waiting)
        .values_list("page", "page__category")
        .annotate(waiting=Count("place"))
        .filter(waiting__gt=1)
        .order_by("-waiting", "page")
    )
    return [Together(page, category_name(category), count) for page, category, count in pages]


@dataclass(frozen=True)
class OnCall:
    """Who is paged first, and who if nobody answers. If both are empty, the crisis team is paged."""

    first: list[User]
    backup: list[User]


def on_call(at: datetime) -> OnCall:
    """Return who is on call at ``at``. One query."""
    shifts = list(OnCallShift.objects.covering(at).select_related("user").order_by("starts_at", "pk"))
    by_level = {level: [shift.user for shift in shifts if shift.level == level] for level in Level}
    return OnCall(by_level[Level.PRIMARY], by_level[Level.BACKUP])
