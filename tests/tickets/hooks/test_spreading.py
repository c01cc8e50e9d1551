from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.kit.origins import Origin
from config.kit.outbox.models import OutboxRow
from feedback.intake.models import FeedbackState
from feedback.intake.ratings import rate
from tests.alarms import urgent
from tests.people import NOON, agent, opened, said
from tests.tickets.hooks.hooking import hooked
from tickets.desk.models import EventKind, Status, TicketEvent
from tickets.desk.services import assign, prioritise
from tickets.desk.transitions import move
from tickets.hooks.models import Hook, HookDelivery, HookEvent, HookTry
from tickets.hooks.services import remove
from tickets.hooks.spreading import TOLD_AS, wanted
from tickets.queues.models import Priority
from tickets.replies.services import reply
from users.accounts.models import User

pytestmark = pytest.mark.django_db

EVERYTHING = [event for event in HookEvent if event not in (HookEvent.FEEDBACK_STATE, HookEvent.TEST)]


def owed() -> list[str]:
    return list(HookDelivery.objects.order_by("pk").values_list("type", flat=True))


@pytest.fixture
def hook(ana: User) -> Hook:
    return hooked(ana, "https://erp.example.org/", *EVERYTHING)


class TestTellOfEvents:
    def test_owes_what_happens_to_a_ticket_as_it_happens(self, hook: Hook, ana: User) -> None:
        ticket = opened("The upload hangs")
        assign(ticket, to=ana, actor=ana, at=NOON)
        prioritise(ticket, to=Priority.HIGH, actor=ana, at=NOON)
        reply(ticket, text="Look here", author=ana, at=NOON, language="en")
        assert owed() == [
            "ticket.opened",
            "message.received",
            "ticket.status_changed",
            "ticket.assigned",
            "ticket.priority_changed",
            "reply.sent",
            "ticket.status_changed",
        ]

    def test_owes_one_try_of_each_and_its_work(self, hook: Hook) -> None:
        opened("The upload hangs")
        tries = HookTry.objects.values_list("pk", flat=True)
        work = OutboxRow.objects.filter(kind="hook.send", lane="hook").values_list("subject_id", flat=True)
        assert set(tries) == set(work)
        assert len(tries) == 2

    def test_tells_that_a_ticket_is_urgent(self, hook: Hook) -> None:
        urgent()
        assert "ticket.urgent" in owed()

    def test_owes_only_what_was_asked_for(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_STATUS)
        move(opened("Hangs"), Status.OPEN, actor=ana, at=NOON)
        assert owed() == ["ticket.status_changed"]

    def test_owes_nothing_where_the_webhook_is_off_removed_or_its_owners_login_closed(
        self, ana: User
    ) -> None:
        hooked(ana, "https://erp.example.org/1", *EVERYTHING, is_enabled=False)
        remove(hooked(ana, "https://erp.example.org/2", *EVERYTHING), at=NOON)
        bo = agent("bo")
        hooked(bo, "https://erp.example.org/3", *EVERYTHING)
        User.objects.filter(pk=bo.pk).update(is_active=False)
        wanted.forget()
        opened("Hangs")
        assert owed() == []

    @pytest.mark.parametrize(
        ("origin", "asks"), [(Origin.DEMO, True), (Origin.DRILL, True), (Origin.IMPORT, False)]
    )
    def test_owes_nothing_of_what_is_not_live(self, ana: User, origin: str, asks: bool) -> None:
        hooked(ana, "https://erp.example.org/", *EVERYTHING, with_imports=asks)
        opened("Hangs", origin=origin, lane="red", category="tech", urgency=0.95)
        assert owed() == []

    def test_owes_imports_to_those_who_ask(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED, with_imports=True)
        opened("Hangs", origin=Origin.IMPORT, lane="red", category="tech", urgency=0.95)
        assert owed() == ["ticket.opened"]

    def test_is_undone_with_what_happened(self, hook: Hook, ana: User) -> None:
        ticket = opened("Hangs")
        before = owed()
        with transaction.atomic():
            prioritise(ticket, to=Priority.HIGH, actor=ana, at=NOON)
            assert owed() != before
            transaction.set_rollback(True)
        assert owed() == before

    def test_costs_two_queries_for_any_number_of_webhooks(self, ana: User) -> None:
        for number in range(9):
            hooked(ana, f"https://erp.example.org/{number}", HookEvent.TICKET_PRIORITY)
        ticket = opened("Hangs")
        with CaptureQueriesContext(connection) as queries:
            TicketEvent.objects.create(ticket=ticket, kind=EventKind.PRIORITISED, at=NOON, old="2", new="1")
        assert len(queries) == 3  # the event, the webhooks, the deliveries
        assert HookDelivery.objects.count() == 9

    def test_costs_nothing_where_nobody_asked(self, ana: User) -> None:
        ticket = opened("Hangs")
        with CaptureQueriesContext(connection) as queries:
            TicketEvent.objects.create(ticket=ticket, kind=EventKind.PRIORITISED, at=NOON, old="2", new="1")
        assert len(queries) == 1

    def test_writes_more_than_one_statement_carries(self, ana: User) -> None:
        users = [ana, agent("bo"), agent("cy")]
        for number in range(33):
            hooked(users[number % 3], f"https://erp.example.org/{number}", HookEvent.TICKET_PRIORITY)
        prioritise(opened("Hangs"), to=Priority.HIGH, actor=ana, at=NOON)
        assert HookDelivery.objects.count() == HookTry.objects.count() == 33


class TestTypesOf:
    def test_knows_every_kind_it_names(self) -> None:
        assert set(TOLD_AS) <= set(EventKind)

    def test_leaves_out_what_changes_nothing(self, hook: Hook, ana: User) -> None:
        """The highest that waiting leads to: the deadline passed, the priority stays."""
        ticket = opened("Hangs")
        before = len(owed())
        TicketEvent.objects.create(ticket=ticket, kind=EventKind.OVERDUE, at=NOON, old="1", new="1")
        assert owed()[before:] == ["ticket.overdue"]


class TestTellOfRatings:
    def test_owes_each_once(self, hook: Hook) -> None:
        feedback = said("Hangs").message.feedback
        feedback.state = FeedbackState.SOLVED
        feedback.save()
        rate(feedback, score=2, comment="slow", at=NOON)
        rate(feedback, score=2, comment="slow", at=NOON)
        assert owed() == ["feedback.rated"]


class TestWanted:
    def test_is_known_at_once_where_a_webhook_was_set_up(self, ana: User) -> None:
        opened("Hangs")
        assert wanted() == frozenset()
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        assert wanted() == {"ticket.opened"}
