from __future__ import annotations

from dataclasses import replace

import pytest

from tickets.queues.models import Priority, Queue
from tickets.routing.decide import Facts
from tickets.routing.models import Rule
from tickets.routing.services import plan_for

pytestmark = pytest.mark.django_db

ORDINARY = Facts(
    channel_kind="rest",
    topic="bug",
    category="",
    lane="none",
    segment="standard",
    language="en",
    urgency=0.1,
    sentiment=-0.2,
)
AMBER = replace(ORDINARY, lane="amber", category="tech", urgency=0.6)


class TestPlanFor:
    def test_sends_the_ordinary_to_support(self) -> None:
        plan = plan_for(ORDINARY)
        assert (plan.queue.slug, plan.priority) == ("support", Priority.NORMAL)

    def test_sends_amber_to_be_reviewed_by_a_person(self) -> None:
        plan = plan_for(AMBER)
        assert (plan.queue.slug, plan.priority) == ("review", Priority.HIGH)

    def test_lets_a_rule_decide_otherwise(self) -> None:
        queue = Queue.objects.create(slug="tech", name="Tech")
        Rule.objects.create(name="tech", categories=["tech"], queue=queue, priority=Priority.URGENT)
        plan = plan_for(AMBER)
        assert (plan.queue, plan.priority) == (queue, Priority.URGENT)

    def test_takes_the_first_rule_that_sets_a_thing(self) -> None:
        Rule.objects.create(name="later", position=2, priority=Priority.LOW, tags=["b"])
        Rule.objects.create(name="first", position=1, priority=Priority.HIGH, tags=["a"])
        plan = plan_for(ORDINARY)
        assert (plan.priority, plan.tags) == (Priority.HIGH, ("a", "b"))
