"""Deadlines from policies, and the queues that every installation has."""

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

DEFAULT_QUEUE = "support"
REVIEW_QUEUE = "review"


@dataclass(frozen=True)
class Deadlines:
    """When a ticket must be answered and solved; None where no policy applies."""

    first_reply_due_at: datetime | None
    solve_due_at: datetime | None


def deadlines(priority: Priority, *, at: datetime) -> Deadlines:
    """Return the deadlines of a ticket of ``priority`` opened at ``at``; both None when no policy applies."""
    policy = _sla_policies().get(priority)
    if policy is None:
        return Deadlines(None, None)
    hours = hours_of(policy.calendar) if policy.calendar else None
    return Deadlines(due(at, policy.first_reply_within, hours), due(at, policy.solve_within, hours))


@remembered
def _sla_policies() -> Mapping[int, SlaPolicy]:
    return {policy.priority: policy for policy in SlaPolicy.objects.select_related("calendar")}


def answer_due_at(is_urgent: bool, at: datetime) -> datetime | None:
    """Return when a message that arrives at ``at`` must be answered, for intake to show; None without a policy."""
    return deadlines(Priority.URGENT if is_urgent else Priority.NORMAL, at=at).first_reply_due_at


def hours_of(calendar: BusinessCalendar) -> Hours:
    """Return the open hours of ``calendar`` for the pure clock."""
    return parse_hours(calendar.time_zone, calendar.hours, calendar.holidays)


def crisis_queue() -> Queue:
    """Return the crisis queue (created by a migration, protected from deletion)."""
    return next(queue for queue in _queues().values() if queue.is_crisis)


def review_queue() -> Queue:
    """Return the queue for tickets that may be urgent: an agent looks before anyone is paged."""
    return next(queue for queue in _queues().values() if queue.slug == REVIEW_QUEUE)


def default_queue() -> Queue:
    """Return the queue for tickets that no rule sends elsewhere."""
    return next(queue for queue in _queues().values() if queue.slug == DEFAULT_QUEUE)


def queue_of(queue_id: int) -> Queue:
    """Return the queue with this key, even if it was created a moment ago."""
    return _queues().get(queue_id) or Queue.objects.get(pk=queue_id)


@remembered
def _queues() -> Mapping[int, Queue]:
    return Queue.objects.in_bulk()


def escalation_policy(category: str) -> EscalationPolicy:
    """Return the policy of ``category``, or the one for all others (created by a migration)."""
    policies = _escalation_policies()
    return policies.get(category) or policies[""]


@remembered
def _escalation_policies() -> Mapping[str, EscalationPolicy]:
    return {policy.category: policy for policy in EscalationPolicy.objects.all()}


def recall() -> None:
    """Read and cache the queues and policies that opening a ticket needs.

    Call it before a transaction that opens tickets: what is read inside one is not cached and would be read again
    for each ticket. Three queries, cached for ``config.kit.remembered.SECONDS``.
    """
    _queues()
    _sla_policies()
    _escalation_policies()


def frozen(policy: EscalationPolicy) -> dict[str, object]:
    """Return a JSON copy of ``policy`` to store with the place, so that later edits do not change open ones."""
    return {
        "acknowledge_within_seconds": policy.acknowledge_within.total_seconds(),
        "steps": policy.steps,
        "repeat_every_seconds": max(policy.repeat_every, timedelta(minutes=1)).total_seconds(),
    }


def chain_of(frozen_policy: Mapping[str, Any]) -> Chain:
    """Return the chain of a frozen policy, or LAST_RESORT when it cannot be read: paging must not stop."""
    try:
        return read_chain(frozen_policy)
    except ValueError as error:
        log.error("escalation_policy_unreadable", error=str(error))
        return LAST_RESORT
