from __future__ import annotations

import numpy as np
import pytest
from django.utils import timezone

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_batch, run_one
from feedback.intake.models import FeedbackState
from tests.people import NOON, agent, said
from tickets.desk.models import CrisisPlace, EventKind, Status, Ticket
from tickets.desk.transitions import move
from tickets.queues.models import Priority, Queue
from tickets.routing.doorbell import admit_one, assess_one
from tickets.routing.models import Rule

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
        admit_one(second.message.pk, assess_one(second.message.pk, timezone.now()), timezone.now())
        assert ticket.events.filter(kind=EventKind.MESSAGE_IN).count() == 1
