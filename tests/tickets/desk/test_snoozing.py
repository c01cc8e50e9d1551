from __future__ import annotations

from datetime import timedelta

import pytest

from tests.alarms import urgent, watcher
from tests.people import NOON, agent, opened
from tests.threads import together
from tickets.desk.hearing import wait_on_us
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.snoozing import CannotSnooze, bring_back, snooze
from tickets.desk.transitions import MoveNotAllowed, move
from users.accounts.models import User

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def ana(db: None) -> User:
    return agent("ana")


@pytest.fixture
def ticket(ana: User) -> Ticket:
    return opened("payment failed")


def aside(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


class TestSnooze:
    def test_takes_the_ticket_out_of_what_waits_until_its_time(self, ana, ticket) -> None:
        event = snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        assert (aside(ticket).status, ticket.snoozed_until, ticket.due_at) == (Status.ON_HOLD, TOMORROW, None)
        assert (event.kind, event.details) == (EventKind.MOVED, {"until": TOMORROW.isoformat()})

    def test_can_be_put_off_once_more(self, ana, ticket) -> None:
        snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        snooze(ticket, until=TOMORROW + timedelta(days=1), actor=ana, at=NOON)
        assert aside(ticket).snoozed_until == TOMORROW + timedelta(days=1)

    def test_ends_with_every_other_move(self, ana, ticket) -> None:
        snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        move(ticket, Status.OPEN, actor=ana, at=NOON)
        assert aside(ticket).snoozed_until is None

    @pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=400)])
    def test_refuses_a_time_that_is_none(self, ana, ticket, until) -> None:
        with pytest.raises(CannotSnooze):
            snooze(ticket, until=until, actor=ana, at=NOON)

    def test_refuses_what_is_urgent_and_was_taken_by_nobody(self, db) -> None:
        kai = watcher("kai")
        with pytest.raises(CannotSnooze):
            snooze(urgent().ticket, until=TOMORROW, actor=kai, at=NOON)

    def test_refuses_what_is_solved(self, ana, ticket) -> None:
        move(ticket, Status.SOLVED, actor=ana, at=NOON)
        with pytest.raises(MoveNotAllowed):
            snooze(ticket, until=TOMORROW, actor=ana, at=NOON)


class TestBringBack:
    def test_opens_what_is_due_once(self, ana, ticket) -> None:
        snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        assert bring_back(TOMORROW - timedelta(seconds=1)) == 0
        assert (bring_back(TOMORROW), bring_back(TOMORROW)) == (1, 0)
        assert (aside(ticket).status, ticket.snoozed_until) == (Status.OPEN, None)
        assert ticket.due_at == ticket.first_reply_due_at

    def test_leaves_alone_what_the_customer_brought_back(self, ana, ticket) -> None:
        snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        wait_on_us(ticket, actor=None, at=NOON + timedelta(hours=1))
        assert (aside(ticket).status, ticket.snoozed_until) == (Status.WAITING_ON_US, None)
        assert bring_back(TOMORROW) == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_loops_open_it_once(self) -> None:
        ana, ticket = agent("ana"), opened("payment failed")
        snooze(ticket, until=TOMORROW, actor=ana, at=NOON)
        assert sum(together(*[lambda: bring_back(TOMORROW)] * 4)) == 1
        assert ticket.events.filter(kind=EventKind.MOVED, new=Status.OPEN).count() == 1
