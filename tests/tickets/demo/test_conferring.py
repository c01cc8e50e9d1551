from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.origins import Origin
from tests.people import NOON, opened
from tickets.demo.cast import set_up
from tickets.demo.conferring import confer
from tickets.models import Draft, Mention, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> None:
    """Three Chinese tickets and an English one of the demo, a day old."""
    set_up()
    for number, (queue, language) in enumerate(
        [("payments", "zh-Hans"), ("technical", "zh-Hans"), ("community", "zh-Hans"), ("community", "en")]
    ):
        ticket = opened(f"text {number}", by=f"kim{number}@example.org", queue=queue, origin=Origin.DEMO)
        Ticket.objects.filter(pk=ticket.pk).update(language=language, updated_at=NOON - timedelta(days=1))


class TestConfer:
    def test_calls_colleagues_in_notes_and_mails_nobody(self, waiting: None) -> None:
        confer(NOON)
        called = Mention.objects.order_by("pk").values_list("user__username", "state")
        assert list(called) == [("agent", ""), ("agent", ""), ("zhao.lei", "")]

    def test_applies_macros_where_they_fit(self, waiting: None) -> None:
        confer(NOON)
        events = TicketEvent.objects.filter(kind="macro").order_by("pk")
        applied = [(event.ticket.queue.slug, event.new) for event in events]
        assert applied == [("technical", "Wait for the next release"), ("payments", "Payout is late")]
        assert Draft.objects.get().author.username == "agent"

    def test_leaves_alone_what_just_came_in(self, waiting: None) -> None:
        Ticket.objects.update(updated_at=NOON)
        confer(NOON)
        assert not TicketEvent.objects.filter(kind="macro").exists()
        assert not Mention.objects.exists()
