from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_batch, run_one
from feedback.analysis.models import Assessment, MessageSearch, MessageVector
from feedback.analysis.services import assess_in_context
from feedback.intake.models import FeedbackState
from tests.people import NOON, agent, said
from tickets.desk.models import CrisisPlace, EventKind, Status, Ticket
from tickets.desk.transitions import move
from tickets.queues.models import Priority, Queue
from tickets.routing.doorbell import admit_received, assess_received
from tickets.routing.models import Rule
from users.profiles.holdings import erase_customer

pytestmark = pytest.mark.django_db

SELF_HARM = "我真的不想活了，药已经买好了"


def admitted(text: str, **fields: object) -> Ticket:
    receipt = said(text, **fields)
    assert run_one(Lane.CRISIS, at=NOON, by="test")
    return Ticket.objects.get(feedback=receipt.feedback)


class TestAdmit:
    def test_opens_a_ticket_with_deadlines(self) -> None:
        ticket = admitted("请问怎么修改我的昵称？")
        assert (ticket.status, ticket.queue.slug) == (Status.NEW, "support")
        assert ticket.due_at == ticket.first_reply_due_at is not None
        assert ticket.feedback.messages.get().assessment.reasons is not None
        assert np.isclose(np.linalg.norm(ticket.feedback.messages.get().vector.vector), 1, atol=1e-2)

    def test_puts_the_urgent_into_the_crisis_queue_with_a_next_step(self) -> None:
        ticket = admitted(SELF_HARM)
        assert ticket.queue.is_crisis
        assert ticket.priority == Priority.URGENT
        place = CrisisPlace.objects.get()
        assert place.category == "safety"
        assert place.next_step_at == NOON
        assert (place.ack_due_at - NOON).total_seconds() == 300

    def test_puts_what_may_be_urgent_of_an_import_on_the_review_list(self) -> None:
        said(SELF_HARM, origin=Origin.IMPORT)
        run_batch(Lane.BULK, at=NOON, by="test")
        ticket = Ticket.objects.get()
        assert (ticket.queue.slug, ticket.priority, ticket.due_at) == ("review", Priority.NORMAL, None)
        assert not CrisisPlace.objects.exists()

    def test_opens_no_ticket_for_the_rest_of_an_import(self) -> None:
        receipt = said("视频加载不出来", origin=Origin.IMPORT)
        run_batch(Lane.BULK, at=NOON, by="test")
        assert not Ticket.objects.exists()
        assert receipt.message.assessment.language == "zh-Hans"

    def test_reopens_a_solved_ticket(self) -> None:
        ticket = admitted("付款失败了")
        move(ticket, Status.SOLVED, actor=None, at=NOON)
        said("还是不行，付款又失败", thread=ticket.feedback)
        run_one(Lane.CRISIS, at=NOON, by="test")
        ticket.refresh_from_db()
        assert (ticket.status, ticket.reopened_count) == (Status.WAITING_ON_US, 1)
        assert ticket.feedback.state == FeedbackState.IN_PROGRESS

    def test_follows_the_rules_of_the_database(self) -> None:
        ana = agent("ana", queue="payments")
        queue = Queue.objects.get(slug="payments")
        Rule.objects.create(
            name="Chinese",
            languages=["zh-Hans"],
            queue=queue,
            priority=Priority.HIGH,
            assigns=True,
            tags=["zh"],
        )
        ticket = admitted("充值的钱一直没有到账，请帮我查一下")
        assert (ticket.queue, ticket.priority, ticket.assignee) == (queue, Priority.HIGH, ana)
        assert [tag.name for tag in ticket.tags.all()] == ["zh"]

    def test_opens_none_for_praise(self) -> None:
        receipt = said("Love this app, best ever!")
        run_one(Lane.CRISIS, at=NOON, by="test")
        assert not Ticket.objects.exists()
        receipt.feedback.refresh_from_db()
        assert receipt.feedback.state == FeedbackState.CLOSED

    def test_hears_each_message_once(self) -> None:
        ticket = admitted("付款失败了")
        second = said("有人吗？", thread=ticket.feedback)
        run_one(Lane.CRISIS, at=NOON, by="test")
        again, now = [second.message.pk], timezone.now()
        admit_received(again, assess_received(again, now), now)
        assert ticket.events.filter(kind=EventKind.MESSAGE_IN).count() == 1

    def test_writes_nothing_of_who_was_erased_while_it_was_read(self) -> None:
        gone, stays = said(SELF_HARM, by="kim@example.org"), said("付款失败了", by="lin@example.org")
        both = [gone.message.pk, stays.message.pk]
        read = assess_received(both, NOON)
        erase_customer(gone.feedback.customer, at=NOON)
        admit_received(both, read, NOON)
        assert Assessment.objects.get().message == stays.message
        assert MessageVector.objects.get().message == stays.message
        assert MessageSearch.objects.get().message == stays.message
        assert Ticket.objects.get().feedback == stays.feedback
        admit_received(both[:1], read[:1], NOON)
        assert Ticket.objects.count() == 1


class TestAdmitMany:
    def batch(self) -> None:
        assert run_batch(Lane.CRISIS, at=NOON, by="test")
        assert not OutboxRow.objects.open().exists()

    def test_hears_several_messages_of_one_thread_in_their_order(self) -> None:
        first = said("付款失败了")
        second = said("还是不行", thread=first.feedback)
        third = said(SELF_HARM, thread=first.feedback)
        self.batch()
        ticket = Ticket.objects.get()
        heard = [(event.kind, event.details["message"]) for event in ticket.events.order_by("pk")[:3]]
        assert heard == [
            (EventKind.OPENED, first.message.pk),
            (EventKind.MESSAGE_IN, second.message.pk),
            (EventKind.MESSAGE_IN, third.message.pk),
        ]
        assert ticket.queue.is_crisis
        assert CrisisPlace.objects.get().ticket == ticket

    def test_admits_each_thread_to_where_it_belongs(self) -> None:
        praise, bug, urgent = said("Love this app, best ever!"), said("付款失败了"), said(SELF_HARM)
        self.batch()
        queues = dict(Ticket.objects.values_list("feedback", "queue__slug"))
        assert queues == {bug.feedback.pk: "support", urgent.feedback.pk: "crisis"}
        praise.feedback.refresh_from_db()
        assert praise.feedback.state == FeedbackState.CLOSED

    def test_gives_each_agent_a_share(self) -> None:
        people = {agent("ana"), agent("bo")}
        Rule.objects.create(name="all", queue=Queue.objects.get(slug="support"), assigns=True)
        for number in range(4):
            said(f"付款失败了 {number}", by=f"p{number}@example.org")
        self.batch()
        assert Counter(ticket.assignee for ticket in Ticket.objects.all()) == dict.fromkeys(people, 2)

    def test_knows_what_was_said_before_as_it_does_alone(self) -> None:
        """Together with others, a third report in a thread is as urgent as by itself."""
        thread = said("提现一直不到账").feedback
        said("提现还是不到账，没有人处理", thread=thread, at=NOON + timedelta(minutes=1))
        last = said("第几次了？提现一直不到账，没有人处理", thread=thread, at=NOON + timedelta(minutes=2))
        self.batch()
        assert last.message.assessment.urgency == round(assess_in_context([last.message])[0].urgency, 4)
        names = [reason.get("name") for reason in last.message.assessment.reasons]
        assert "repeat" in names


@pytest.mark.django_db(transaction=True)
class TestQueries:
    """What a message costs decides how many a second a worker can admit."""

    @pytest.mark.parametrize(("messages", "most"), [(1, 22), (8, 23)])
    def test_are_few_however_many_urgent_messages_wait(
        self, messages: int, most: int, django_assert_max_num_queries: Any
    ) -> None:
        admitted(SELF_HARM)
        for number in range(messages):
            said(f"{SELF_HARM} {number}", by=f"p{number}@example.org")
        with django_assert_max_num_queries(most):
            run_batch(Lane.CRISIS, at=NOON, by="test")
        assert CrisisPlace.objects.count() == messages + 1

    def test_do_not_grow_with_ordinary_ones(self, django_assert_max_num_queries: Any) -> None:
        admitted("付款失败了")
        for number in range(8):
            said(f"付款失败了 {number}", by=f"p{number}@example.org")
        with django_assert_max_num_queries(20):
            run_batch(Lane.CRISIS, at=NOON, by="test")
        assert Ticket.objects.count() == 9
