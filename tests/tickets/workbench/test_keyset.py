from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from tests.people import NOON, opened
from tickets.desk.models import Ticket
from tickets.workbench.folders import Order
from tickets.workbench.keyset import NotACursor, Place, after, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets() -> list[Ticket]:
    """Tickets that share priorities, deadlines and times, some without a deadline."""
    made = []
    for number in range(14):
        ticket = opened(f"question {number}", by=f"kim{number}@example.org")
        moment = NOON + timedelta(minutes=number % 3)
        Ticket.objects.filter(pk=ticket.pk).update(
            priority=number % 2,
            due_at=None if number % 4 == 0 else moment,
            updated_at=moment,
            opened_at=moment,
        )
        made.append(ticket)
    return made


def encoded(place: str) -> str:
    """Return ``place``, in JSON, as a cursor holds it."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


class TestAfter:
    @pytest.mark.parametrize("order", Order)
    def test_walks_through_every_ticket_once_in_order(self, tickets: list[Ticket], order: Order) -> None:
        whole = list(ordered(Ticket.objects.all(), order))
        walked: list[Ticket] = []
        page = list(ordered(Ticket.objects.all(), order)[:3])
        while page:
            walked += page
            rest = after(Ticket.objects.all(), order, Place.of(page[-1]).cursor(order))
            page = list(ordered(rest, order)[:3])
        assert walked == whole
        assert len(walked) == len(tickets)

    @pytest.mark.parametrize(
        "cursor",
        [
            *("x", "bm90IGpzb24", "W10", "WzEsMl0", "e30", "é"),
            pytest.param(encoded("[" * 20_000), id="deeper than Python reads"),
            encoded("[Infinity, null, 1]"),
            encoded('[1, "9999-12-31T23:59:59-23:00", 1]'),
            encoded('["0001-01-01T00:00:00+23:00", 1]'),
            encoded('["2026-01-01T00:00:00+00:00", Infinity]'),
        ],
    )
    @pytest.mark.parametrize("order", Order)
    def test_refuses_a_foreign_cursor(self, order: Order, cursor: str) -> None:
        with pytest.raises(NotACursor):
            list(after(Ticket.objects.all(), order, cursor))
