from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.people import NOON, agent, opened, said
from tests.threads import meanwhile, together
from tickets.desk.hearing import hear
from tickets.desk.locks import hold
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.overdue import escalate_one, escalate_overdue
from tickets.desk.services import prioritise
from tickets.desk.transitions import move
from tickets.queues.models import Priority
from tickets.replies.services import reply

pytestmark = pytest.mark.django_db

MUCH_LATER = NOON + timedelta(days=30)


def overdue(**fields: Any) -> Ticket:
    """Return a ticket whose first reply was due an hour before MUCH_LATER."""
    ticket = opened("the app crashes", **fields)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=MUCH_LATER - timedelta(hours=1))
    ticket.refresh_from_db()
    return ticket


def missed(ticket: Ticket) -> list[tuple[str, str]]:
    return list(ticket.events.filter(kind=EventKind.OVERDUE).order_by("pk").values_list("old", "new"))


class TestEscalateOverdue:
    def test_moves_a_ticket_up_once(self) -> None:
        ticket = overdue()
        assert escalate_overdue(MUCH_LATER) == 1
        assert escalate_overdue(MUCH_LATER + timedelta(hours=1)) == 0
        due_at = ticket.due_at
        ticket.refresh_from_db()
        assert (ticket.priority, ticket.due_at) == (Priority.HIGH, due_at)
        assert missed(ticket) == [("2", "1")]

    def test_leaves_what_is_still_in_time(self) -> None:
        ticket = overdue()
        assert escalate_overdue(ticket.due_at) == 0

    @pytest.mark.parametrize(
        ("before", "after"), [(3, 2), (2, 1), (1, 1), (0, 0)], ids=["low", "normal", "high", "urgent"]
    )
    def test_lifts_to_high_at_most(self, before: int, after: int) -> None:
        ticket = overdue()
        Ticket.objects.update(priority=before)
        escalate_overdue(MUCH_LATER)
        ticket.refresh_from_db()
        assert ticket.priority == after
        assert missed(ticket) == [(str(before), str(after))]

    def test_counts_a_new_deadline_anew(self) -> None:
        """The first reply was late; the customer's next question is due later, and late again."""
        ticket, ana = overdue(), agent("ana")
        escalate_overdue(MUCH_LATER)
        ticket.refresh_from_db()
        reply(ticket, text="Please update.", author=ana, at=MUCH_LATER, language="en")
        assert escalate_overdue(MUCH_LATER + timedelta(days=30)) == 0
        at = MUCH_LATER + timedelta(days=30)
        receipt = said("it still crashes", thread=ticket.feedback, at=at)
        hear(ticket, message=receipt.message, assessment=assessment_of(ticket), at=at)
        assert escalate_overdue(at) == 0
        assert escalate_overdue(at + timedelta(days=30)) == 1
        assert len(missed(ticket)) == 2

    @pytest.mark.parametrize("status", [Status.WAITING_ON_CUSTOMER, Status.ON_HOLD, Status.SOLVED])
    def test_leaves_what_does_not_wait_for_us(self, status: Status) -> None:
        ticket = opened("the app crashes")
        move(ticket, Status.OPEN, actor=None, at=NOON)
        move(ticket, status, actor=None, at=NOON)
        assert escalate_overdue(MUCH_LATER) == 0

    @pytest.mark.parametrize("origin", ["demo", "drill"])
    def test_runs_no_clock_for_what_is_not_live(self, origin: str) -> None:
        overdue(origin=origin)
        assert escalate_overdue(MUCH_LATER) == 0

    def test_refuses_nobodys_half_written_answer(self) -> None:
        ticket, ana = overdue(), agent("ana")
        escalate_overdue(MUCH_LATER)
        replied = reply(
            ticket, text="Sorry!", author=ana, at=MUCH_LATER, language="en", version=ticket.version
        )
        assert replied.message.text == "Sorry!"

    def test_reads_an_index_that_holds_only_what_is_to_do(self) -> None:
        late = Ticket.objects.overdue(MUCH_LATER).unescalated().order_by("due_at").values_list("pk")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            sql, values = late.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "ticket_unescalated" in plan


def assessment_of(ticket: Ticket) -> Any:
    return ticket.feedback.messages.earliest("pk").assessment


@pytest.mark.django_db(transaction=True)
class TestEscalateOne:
    def test_happens_once_for_many_sweepers(self) -> None:
        ticket = overdue()
        taken = together(*[lambda: escalate_one(ticket.pk, at=MUCH_LATER)] * 4)
        assert sorted(taken) == [False, False, False, True]
        assert missed(ticket) == [("2", "1")]

    def test_waits_for_nobody_who_holds_the_ticket(self) -> None:
        ticket = overdue()
        with meanwhile(lambda: prioritise(hold(ticket), to=Priority.LOW, actor=None, at=MUCH_LATER)):
            assert escalate_one(ticket.pk, at=MUCH_LATER) is False
