from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOON, agent, lead, opened
from tickets.desk.access import CannotWorkOn
from tickets.desk.hearing import wait_on_us
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.services import (
    EmptyNote,
    NotInYourQueue,
    add_note,
    assign,
    change_queue,
    prioritise,
)
from tickets.desk.transitions import WasMerged, move
from tickets.queues.models import Priority, Queue
from tickets.queues.services import deadlines

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ticket() -> Ticket:
    return opened("payment failed")


class TestAssign:
    def test_gives_a_new_ticket_to_someone_and_opens_it(self, ana, ticket) -> None:
        bo = agent("bo")
        event = assign(ticket, to=bo, actor=ana, at=LATER)
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.status) == (bo, Status.OPEN)
        assert (event.kind, event.actor, event.old, event.new) == (EventKind.ASSIGNED, ana, "", "bo")

    def test_gives_it_back_to_nobody(self, ana, ticket) -> None:
        assign(ticket, to=ana, actor=ana, at=NOON)
        event = assign(ticket, to=None, actor=ana, at=LATER)
        ticket.refresh_from_db()
        assert ticket.assignee is None
        assert (event.old, event.new) == ("ana", "")

    def test_refuses_who_does_not_work_the_queue(self, ana, ticket) -> None:
        with pytest.raises(NotInYourQueue):
            assign(ticket, to=agent("cyd", team="other", queue="other"), actor=ana, at=LATER)
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.status) == (None, Status.NEW)


class TestPrioritise:
    def test_counts_the_deadlines_from_the_opening(self, ana, ticket) -> None:
        event = prioritise(ticket, to=Priority.HIGH, actor=ana, at=LATER)
        ticket.refresh_from_db()
        limits = deadlines(Priority.HIGH, at=NOON)
        assert (ticket.priority, ticket.due_at) == (Priority.HIGH, limits.first_reply_due_at)
        assert ticket.solve_due_at == limits.solve_due_at
        assert (event.old, event.new) == (str(Priority.NORMAL.value), str(Priority.HIGH.value))

    def test_counts_them_from_when_the_customer_wrote_again(self, ana, ticket) -> None:
        again = NOON + timedelta(days=30)
        move(ticket, Status.SOLVED, actor=ana, at=NOON)
        wait_on_us(ticket, actor=None, at=again)
        prioritise(ticket, to=Priority.HIGH, actor=ana, at=again)
        limits = deadlines(Priority.HIGH, at=again)
        assert (ticket.due_at, ticket.solve_due_at) == (limits.first_reply_due_at, limits.solve_due_at)

    def test_goes_on_to_the_solution_once_answered(self, ana, ticket) -> None:
        Ticket.objects.update(first_replied_at=NOON)
        ticket.refresh_from_db()
        prioritise(ticket, to=Priority.HIGH, actor=ana, at=LATER)
        assert ticket.due_at == deadlines(Priority.HIGH, at=NOON).solve_due_at

    def test_starts_no_clock_that_stands_still(self, ana, ticket) -> None:
        move(ticket, Status.ON_HOLD, actor=ana, at=NOON)
        prioritise(ticket, to=Priority.HIGH, actor=ana, at=LATER)
        assert ticket.due_at is None


class TestChangeQueue:
    def test_releases_who_cannot_work_there(self, ana, ticket) -> None:
        assign(ticket, to=ana, actor=ana, at=NOON)
        there = Queue.objects.create(slug="billing", name="Billing")
        event = change_queue(ticket, to=there, actor=ana, at=LATER, reason="a refund")
        ticket.refresh_from_db()
        assert (ticket.queue, ticket.assignee) == (there, None)
        assert (event.old, event.new, event.note) == ("support", "billing", "a refund")

    def test_keeps_who_can(self, ana, ticket) -> None:
        assign(ticket, to=ana, actor=ana, at=NOON)
        agent("bo", queue="billing")
        change_queue(ticket, to=Queue.objects.get(slug="billing"), actor=ana, at=LATER)
        ticket.refresh_from_db()
        assert ticket.assignee == ana


class TestAddNote:
    def test_is_kept_for_colleagues_alone(self, ana, ticket) -> None:
        event = add_note(ticket, text=" Looks like 网银 \n", actor=ana, at=LATER)
        assert (event.kind, event.note, event.actor) == (EventKind.NOTED, "Looks like 网银", ana)
        assert ticket.feedback.messages.count() == 1

    def test_makes_older_pages_stale(self, ana, ticket) -> None:
        seen = ticket.version
        add_note(ticket, text="Looks odd", actor=ana, at=LATER)
        assert Ticket.objects.get(pk=ticket.pk).version == seen + 1

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_refuses_a_note_without_words(self, ana, ticket, text) -> None:
        with pytest.raises(EmptyNote):
            add_note(ticket, text=text, actor=ana, at=LATER)

    def test_refuses_who_may_only_read(self, ticket) -> None:
        with pytest.raises(CannotWorkOn):
            add_note(ticket, text="Looks odd", actor=lead(), at=LATER)

    def test_refuses_a_ticket_that_was_merged_since_it_was_read(self, ana, ticket) -> None:
        merge(Ticket.objects.get(pk=ticket.pk), into=opened("my money"), actor=ana, at=NOON)
        with pytest.raises(WasMerged):
            add_note(ticket, text="Looks odd", actor=ana, at=LATER)
