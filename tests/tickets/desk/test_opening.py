from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.analysis.models import Assessment
from tests.people import NOON, opened, said
from tickets.desk.models import EventKind, Ticket
from tickets.desk.opening import Opening, Plan, headline, open_tickets
from tickets.queues.models import Priority
from tickets.queues.services import deadlines, default_queue

LATER = NOON + timedelta(hours=1)


def opening(text: str, *, tags: tuple[str, ...] = (), **fields: object) -> Opening:
    """Return an opening of a thread that has no ticket yet, assessed like another one."""
    message = said(text, **fields).message
    assessment = Assessment(
        message=message, topic="payment", language="en", urgency=0.2, sentiment=0, flags=["sensitive"]
    )
    return Opening(message, assessment, Plan(default_queue(), Priority.HIGH, tags=tags))


@pytest.mark.django_db
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

    def test_asks_as_little_for_many_as_for_one(self, django_assert_num_queries) -> None:
        opened("a first one, so that queues and policies are known")
        openings = [opening(f"payment failed {number}") for number in range(5)]
        with django_assert_num_queries(3):
            open_tickets(openings[:1], at=LATER)
        with django_assert_num_queries(3):
            open_tickets(openings[1:], at=LATER)
        assert Ticket.objects.count() == 6


class TestHeadline:
    def test_is_the_text_on_one_line(self) -> None:
        assert headline(" It\n crashes\t again ") == "It crashes again"

    def test_is_cut_to_what_a_list_shows(self) -> None:
        assert headline("啊" * 80) == "啊" * 80
        assert headline("啊" * 81) == "啊" * 79 + "…"
