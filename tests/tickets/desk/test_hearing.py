from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedback.analysis.models import Assessment, UrgencyLane
from tests.people import NOON, opened, said
from tickets.desk.hearing import hear
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.transitions import move
from tickets.queues.models import Priority
from tickets.queues.services import deadlines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

LATER = NOON + timedelta(hours=1)


def heard(ticket: Ticket, text: str = "Anybody there?", **assessed: Any) -> Ticket:
    """Let the customer of ``ticket`` write again; return it as it is then."""
    message = said(text, thread=ticket.feedback, at=LATER).message
    usual = {"sentiment": -0.2, "urgency": 0.1, "lane": UrgencyLane.NONE, "flags": []}
    return hear(ticket, message=message, assessment=Assessment(message=message, **usual | assessed), at=LATER)


class TestHear:
    @pytest.mark.parametrize(
        "status", [Status.SOLVED, Status.CLOSED, Status.WAITING_ON_CUSTOMER, Status.ON_HOLD]
    )
    def test_makes_it_ours_again_with_a_new_clock(self, status: Status) -> None:
        ticket = opened("payment failed")
        move(ticket, Status.OPEN, actor=None, at=NOON)
        if status == Status.CLOSED:
            move(ticket, Status.SOLVED, actor=None, at=NOON)
        move(ticket, status, actor=None, at=NOON)
        Ticket.objects.update(first_replied_at=NOON)
        after = heard(ticket)
        limits = deadlines(Priority(after.priority), at=LATER)
        assert (after.status, after.first_replied_at) == (Status.WAITING_ON_US, None)
        assert after.due_at == after.first_reply_due_at == limits.first_reply_due_at

    @pytest.mark.parametrize("status", [Status.NEW, Status.OPEN])
    def test_leaves_the_clock_of_what_waits_for_us(self, status: Status) -> None:
        ticket = opened("payment failed")
        if status != Status.NEW:
            move(ticket, status, actor=None, at=NOON)
        due_at = ticket.due_at
        after = heard(ticket)
        assert (after.status, after.due_at, after.last_customer_at) == (status, due_at, LATER)

    def test_is_told_once_for_each_message(self) -> None:
        ticket = opened("payment failed")
        message = said("Anybody there?", thread=ticket.feedback, at=LATER).message
        assessment = Assessment(message=message, sentiment=0, urgency=0, lane=UrgencyLane.NONE, flags=[])
        first = hear(ticket, message=message, assessment=assessment, at=LATER)
        again = hear(ticket, message=message, assessment=assessment, at=LATER + timedelta(hours=1))
        assert ticket.events.filter(kind=EventKind.MESSAGE_IN).count() == 1
        assert (again.version, again.updated_at) == (first.version, LATER)

    def test_is_as_urgent_as_the_worse_of_then_and_now(self) -> None:
        ticket = opened("payment failed", urgency=0.4, lane=UrgencyLane.AMBER, category="tech")
        calm = heard(ticket, urgency=0.1)
        assert (calm.urgency, calm.lane, calm.category) == (0.4, UrgencyLane.AMBER, "tech")
        assert heard(calm, "Help!", urgency=0.9, lane=UrgencyLane.RED).lane == UrgencyLane.RED

    def test_hides_what_turned_sensitive_and_all_that_was_merged_into_it(self, ana) -> None:
        gone, kept = opened("payment failed"), opened("my money")
        merge(gone, into=kept, actor=ana, at=NOON)
        assert heard(kept, flags=["sensitive"]).is_sensitive
        gone.refresh_from_db()
        assert gone.is_sensitive
        assert heard(kept, "Never mind").is_sensitive
