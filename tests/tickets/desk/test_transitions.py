from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.intake.models import FeedbackState
from tests.people import NOON, agent, opened
from tests.threads import together
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.transitions import MOVES, SHOWN_AS, MovedMeanwhile, MoveNotAllowed, WasMerged, move

LATER = NOON + timedelta(hours=1)


class TestMoves:
    def test_lead_out_of_every_status_and_never_back_to_new(self) -> None:
        assert set(MOVES) == set(SHOWN_AS) == set(Status)
        assert all(MOVES.values())
        assert Status.NEW not in set().union(*MOVES.values())
        assert not any(status in MOVES[status] for status in Status)


@pytest.mark.django_db
class TestMove:
    def test_is_told_and_shown_to_the_customer(self, ana) -> None:
        ticket = opened("payment failed")
        event = move(ticket, Status.SOLVED, actor=ana, at=LATER, reason="refunded")
        assert (event.kind, event.actor, event.note) == (EventKind.MOVED, ana, "refunded")
        assert (event.old, event.new) == (Status.NEW, Status.SOLVED)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.solved_at, ticket.due_at) == (Status.SOLVED, LATER, None)
        ticket.feedback.refresh_from_db()
        assert ticket.feedback.state == FeedbackState.SOLVED

    def test_counts_how_often_it_was_opened_again(self, ana) -> None:
        ticket = opened("payment failed")
        for to in (Status.SOLVED, Status.CLOSED, Status.OPEN, Status.SOLVED, Status.WAITING_ON_US):
            move(ticket, to, actor=ana, at=LATER)
        assert (ticket.reopened_count, ticket.solved_at) == (2, None)

    def test_starts_the_clocks_of_what_is_opened_again_by_hand(self, ana) -> None:
        ticket = opened("payment failed")
        first = (ticket.first_reply_due_at, ticket.solve_due_at)
        move(ticket, Status.SOLVED, actor=ana, at=LATER)
        weeks = NOON + timedelta(weeks=3)
        move(ticket, Status.OPEN, actor=ana, at=weeks)
        ticket.refresh_from_db()
        assert ticket.clock_started_at == weeks
        assert None not in first
        assert ticket.due_at == ticket.first_reply_due_at == first[0] + timedelta(weeks=3)
        assert ticket.solve_due_at == first[1] + timedelta(weeks=3)

    def test_starts_no_clock_of_what_was_imported(self, ana) -> None:
        ticket = opened("payment failed", origin="import", lane="red", category="tech", urgency=0.9)
        move(ticket, Status.SOLVED, actor=ana, at=LATER)
        move(ticket, Status.OPEN, actor=ana, at=LATER)
        ticket.refresh_from_db()
        assert (ticket.due_at, ticket.clock_started_at) == (None, None)

    def test_refuses_what_the_table_does_not_have(self, ana) -> None:
        ticket = opened("payment failed")
        with pytest.raises(MoveNotAllowed, match=ticket.number):
            move(ticket, Status.CLOSED, actor=ana, at=LATER)
        assert not ticket.events.filter(kind=EventKind.MOVED).exists()

    def test_yields_to_the_agent_who_came_first(self, ana) -> None:
        ticket = opened("payment failed")
        stale = Ticket.objects.get(pk=ticket.pk)
        move(ticket, Status.OPEN, actor=ana, at=LATER)
        with pytest.raises(MovedMeanwhile):
            move(stale, Status.SOLVED, actor=ana, at=LATER)

    def test_leads_to_where_a_merged_ticket_goes_on(self, ana) -> None:
        gone, kept = opened("payment failed"), opened("my money")
        merge(gone, into=kept, actor=ana, at=NOON)
        gone.refresh_from_db()
        with pytest.raises(WasMerged, match=kept.number):
            move(gone, Status.OPEN, actor=ana, at=LATER)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_many_moves_it(self) -> None:
        ana, ticket = agent("ana"), opened("payment failed")
        copies = [Ticket.objects.get(pk=ticket.pk) for _ in range(4)]
        results = together(*(lambda one=one: move(one, Status.SOLVED, actor=ana, at=LATER) for one in copies))
        assert sum(isinstance(one, MovedMeanwhile) for one in results) == 3
        assert ticket.events.filter(kind=EventKind.MOVED).count() == 1
