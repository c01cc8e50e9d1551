from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.analysis.models import Assessment
from tests.people import NOON, said
from tickets.desk.models import EventKind
from tickets.desk.opening import Opening, Plan, open_tickets
from tickets.queues.models import Priority
from tickets.queues.services import deadlines, default_queue

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def opening(text: str, *, tags: tuple[str, ...] = (), **fields: object) -> Opening:
    """Return an opening of a thread that has no ticket yet, assessed like another one."""
    message = said(text, **fields).message
    assessment = Assessment(
        message=message, topic="payment", language="en", urgency=0.2, sentiment=0, flags=["sensitive"]
    )
    return Opening(message, assessment, Plan(default_queue(), Priority.HIGH, tags=tags))


class TestOpenTickets:
    def test_opens_each_as_planned_and_tells_it(self) -> None:
        openings = [opening("payment failed", tags=("vip",)), opening("it crashes")]
        first, second = open_tickets(openings, at=LATER)
        assert [first.feedback, second.feedback] == [one.message.feedback for one in openings]
        assert (first.queue, first.priority, first.topic) == (default_queue(), Priority.HIGH, "payment")
        assert [tag.name for tag in first.tags.all()] == ["vip"]
        event = first.events.get()
        assert (event.kind, event.at, event.new) == (EventKind.OPENED, LATER, "support")
        assert event.details == {"message": openings[0].message.pk}

    def test_calls_it_by_its_first_words_where_nobody_gave_a_subject(self) -> None:
        openings = [
            opening("It\n crashes  again"),
            opening("啊" * 81),
            opening("See below", subject="Refund"),
        ]
        subjects = [ticket.subject for ticket in open_tickets(openings, at=LATER)]
        assert subjects == ["It crashes again", "啊" * 79 + "…", "Refund"]

    def test_hides_what_is_sensitive(self) -> None:
        [ticket] = open_tickets([opening("payment failed")], at=LATER)
        assert ticket.is_sensitive

    def test_starts_the_clocks_of_its_priority(self) -> None:
        [ticket] = open_tickets([opening("payment failed")], at=LATER)
        limits = deadlines(Priority.HIGH, at=LATER)
        assert limits.first_reply_due_at is not None
        assert (ticket.due_at, ticket.solve_due_at) == (limits.first_reply_due_at, limits.solve_due_at)

    def test_starts_no_clock_for_history(self) -> None:
        [ticket] = open_tickets([opening("payment failed", origin="import")], at=LATER)
        assert (ticket.due_at, ticket.first_reply_due_at, ticket.solve_due_at) == (None, None, None)
