"""Deadlines from policies, and the queues every installation has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from config.kit.remembered import remembered
from tickets.queues.clock import Hours, due, parse_hours
from tickets.queues.escalation import LAST_RESORT, Chain, read_chain
from tickets.queues.models import BusinessCalendar, EscalationPolicy, Priority, Queue, SlaPolicy

log = structlog.get_logger(__name__)

CRISIS_QUEUE = "crisis"
DEFAULT_QUEUE = "support"
REVIEW_QUEUE = "review"


@dataclass(frozen=True)
class Deadlines:
    first_reply_due_at: datetime | None
    solve_due_at: datetime | None


def deadlines(priority: Priority, *, at: datetime) -> Deadlines:
    """Return when a ticket of ``priority`` opened at ``at`` is due; None where no policy says."""
    policy = _policy_of(priority)
    if policy is None:
        return Deadlines(None, None)
    hours = hours_of(policy.calendar) if policy.calendar else None
    return Deadlines(due(at, policy.first_reply_within, hours), due(at, policy.solve_within, hours))


@remembered
def _policy_of(priority: Priority) -> SlaPolicy | None:
    return SlaPolicy.objects.select_related("calendar").filter(priority=priority).first()


def answer_due_at(is_urgent: bool, at: datetime) -> datetime | None:
    """Return by when what comes at ``at`` is answered, as intake tells its sender."""
    return deadlines(Priority.URGENT if is_urgent else Priority.NORMAL, at=at).first_reply_due_at


def hours_of(calendar: BusinessCalendar) -> Hours:
    """Return the open hours of ``calendar`` for the pure clock."""
    return parse_hours(calendar.time_zone, calendar.hours, calendar.holidays)


def crisis_queue() -> Queue:
    """Return the one crisis queue (made by migration, protected from deletion)."""
    return Queue.objects.get(is_crisis=True)


def review_queue() -> Queue:
    """Return the queue for what may be urgent: a person looks before anybody is paged."""
    return Queue.objects.get(slug=REVIEW_QUEUE)


def default_queue() -> Queue:
    """Return the queue for what no rule sends elsewhere."""
    return Queue.objects.get(slug=DEFAULT_QUEUE)


def escalation_policy(category: str) -> EscalationPolicy:
    """Return the policy of ``category``, else the one for all others (made by migration)."""
    policies = {
        policy.category: policy for policy in EscalationPolicy.objects.filter(category__in=[category, ""])
    }
    return policies.get(category) or policies[""]


def frozen(policy: EscalationPolicy) -> dict[str, object]:
    """Return ``policy`` as a copy to keep with what it was applied to: later edits change nothing open."""
    return {
        "acknowledge_within_seconds": policy.acknowledge_within.total_seconds(),
        "steps": policy.steps,
        "repeat_every_seconds": max(policy.repeat_every, timedelta(minutes=1)).total_seconds(),
    }


def chain_of(frozen_policy: Mapping[str, Any]) -> Chain:
    """Return the chain of a frozen policy, LAST_RESORT when it cannot be read: paging must not stop at it."""
    try:
        return read_chain(frozen_policy)
    except ValueError as error:
        log.error("escalation_policy_unreadable", error=str(error))
        return LAST_RESORT
