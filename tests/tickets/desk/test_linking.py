from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.people import NOON, agent, opened
from tickets.desk.linking import CannotLink, link
from tickets.desk.models import EventKind, LinkKind, TicketEvent, TicketLink

pytestmark = pytest.mark.django_db


class TestLink:
    def test_is_told_in_both_histories(self) -> None:
        one, other, ana = opened("a"), opened("b"), agent("ana")
        link(one, to=other, kind=LinkKind.DUPLICATE, actor=ana, at=NOON)
        events = TicketEvent.objects.filter(kind=EventKind.LINKED).order_by("ticket")
        assert [(e.ticket, e.new, e.actor) for e in events] == [
            (one, other.number, ana),
            (other, one.number, ana),
        ]

    def test_is_never_to_itself_whoever_writes_it(self) -> None:
        ticket = opened("a")
        with pytest.raises(IntegrityError, match="ticket_link_not_to_itself"), transaction.atomic():
            TicketLink.objects.create(source=ticket, target=ticket, at=NOON)

    def test_changes_nothing_the_second_time_from_either_side(self) -> None:
        one, other, ana = opened("a"), opened("b"), agent("ana")
        first, _created = link(one, to=other, kind=LinkKind.RELATED, actor=ana, at=NOON)
        assert link(other, to=one, kind=LinkKind.RELATED, actor=ana, at=NOON) == (first, False)
        assert TicketLink.objects.count() == 1
        assert TicketEvent.objects.filter(kind=EventKind.LINKED).count() == 2

    def test_refuses_a_ticket_itself(self) -> None:
        one = opened("a")
        with pytest.raises(CannotLink):
            link(one, to=one, kind=LinkKind.RELATED, actor=agent("ana"), at=NOON)
