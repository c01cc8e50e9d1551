"""What the chronicle looks up again and again, read once: queues, rules, deadlines, whom to tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from feedback.analysis.models import UrgencyLane
from tickets.queues.clock import Hours, due
from tickets.queues.models import Priority, Queue, SlaPolicy
from tickets.queues.services import (
    CRISIS_QUEUE,
    DEFAULT_QUEUE,
    REVIEW_QUEUE,
    Deadlines,
    escalation_policy,
    frozen,
    hours_of,
)
from tickets.routing.decide import Decision, Facts, decide
from tickets.routing.services import active_rules


class Standing:
    """The installation's rules as they stand when the demo is loaded."""

    def __init__(self) -> None:
        self.queues = {queue.slug: queue for queue in Queue.objects.all()}
        self._queues_by_key = {queue.pk: queue for queue in self.queues.values()}
        self._rules = active_rules()
        self._policies = {
            policy.priority: (policy, self._hours(policy))
            for policy in SlaPolicy.objects.select_related("calendar")
        }
        self._escalations: dict[str, dict[str, Any]] = {}

    def plan(self, facts: Facts) -> tuple[Queue, Priority, Decision]:
        """Return what ``tickets.routing.services.plan_for`` would."""
        decision = decide(facts, self._rules)
        is_amber = facts.lane == UrgencyLane.AMBER
        queue = self._queues_by_key.get(decision.queue_id or 0)
        usual = Priority.HIGH if is_amber else Priority.NORMAL
        priority = usual if decision.priority is None else Priority(decision.priority)
        return queue or self.queues[REVIEW_QUEUE if is_amber else DEFAULT_QUEUE], priority, decision

    def deadlines(self, priority: Priority, at: datetime) -> Deadlines:
        """Return what ``tickets.queues.services.deadlines`` would."""
        if priority not in self._policies:
            return Deadlines(None, None)
        policy, hours = self._policies[priority]
        return Deadlines(due(at, policy.first_reply_within, hours), due(at, policy.solve_within, hours))

    def escalation(self, category: str) -> dict[str, Any]:
        """Return the frozen escalation policy of ``category``."""
        if category not in self._escalations:
            self._escalations[category] = frozen(escalation_policy(category))
        return self._escalations[category]

    @property
    def crisis_queue(self) -> Queue:
        return self.queues[CRISIS_QUEUE]

    @property
    def default_queue(self) -> Queue:
        return self.queues[DEFAULT_QUEUE]

    @staticmethod
    def _hours(policy: SlaPolicy) -> Hours | None:
        return hours_of(policy.calendar) if policy.calendar else None


def keys_of(model: type[Model], block: int = 10) -> Iterator[int]:
    """Yield primary keys nobody else gets, so that rows can refer to one another before they are written.

    Asked for in small blocks: rows written beside these get numbers near theirs.
    Why not the ORM: it does not ask a sequence for values ahead.
    """
    table, column = model._meta.db_table, str(model._meta.pk.column)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, block],
            )
            keys = [int(row[0]) for row in cursor.fetchall()]
        yield from keys
