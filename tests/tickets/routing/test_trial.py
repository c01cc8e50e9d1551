from __future__ import annotations

import pytest

from feedback.intake.models import ChannelKind, Message
from tickets.desk.models import Ticket
from tickets.queues.models import Priority, Queue
from tickets.routing.models import Rule
from tickets.routing.trial import Trial, try_rules
from users.profiles.models import Segment

pytestmark = pytest.mark.django_db


def tried(text: str) -> Trial:
    return try_rules(text, channel_kind=ChannelKind.REST, segment=Segment.STANDARD)


class TestTryRules:
    def test_says_what_would_happen_and_why(self) -> None:
        queue = Queue.objects.create(slug="payments", name="Payments")
        rule = Rule.objects.create(name="zh", languages=["zh-Hans"], queue=queue, priority=Priority.HIGH)
        Rule.objects.create(name="en", languages=["en"])
        trial = tried("充值的钱一直没有到账，请帮我查一下")
        assert (trial.plan.queue, trial.plan.priority, trial.rules) == (queue, Priority.HIGH, (rule,))

    def test_lets_no_rule_hold_back_the_urgent(self) -> None:
        Rule.objects.create(name="all", priority=Priority.LOW)
        trial = tried("我真的不想活了，药已经买好了")
        assert trial.is_urgent
        assert trial.plan.queue.is_crisis
        assert trial.plan.priority == Priority.URGENT

    def test_stores_nothing(self) -> None:
        tried("我真的不想活了，药已经买好了")
        assert not Message.objects.exists()
        assert not Ticket.objects.exists()
