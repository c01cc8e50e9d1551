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

DEFAULT_QUEUE = "support"
REVIEW_QUEUE = "review"


@dataclass(frozen=True)
class Deadlines:
    """By when a ticket is to be answered and to be solved; None where no policy says."""

    first_reply_due_at: datetime | None
    solve_due_at: datetime | None


def deadlines(priority: Priority, *, at: datetime) -> Deadlines:
    """Return when a ticket of ``priority`` opened at ``at`` is due; None where no policy says."""
    policy = _sla_policies().get(priority)
    if policy is None:
        return Deadlines(None, None)
    hours = hours_of(policy.calendar) if policy.calendar else None
    return Deadlines(due(at, policy.first_reply_within, hours), due(at, policy.solve_within, hours))


@remembered
def _sla_policies() -> Mapping[int, SlaPolicy]:
    return {policy.priority: policy for policy in SlaPolicy.objects.select_related("calendar")}


def answer_due_at(is_urgent: bool, at: datetime) -> datetime | None:
    """Return the deadline for answering what arrives at ``at``, as intake tells its sender; None without a policy."""
    return deadlines(Priority.URGENT if is_urgent else Priority.NORMAL, at=at).first_reply_due_at


def hours_of(calendar: BusinessCalendar) -> Hours:
    """Return the open hours of ``calendar`` for the pure clock."""
    return parse_hours(calendar.time_zone, calendar.hours, calendar.holidays)


def crisis_queue() -> Queue:
    """Return the one crisis queue (made by migration, protected from deletion)."""
    return next(queue for queue in _queues().values() if queue.is_crisis)


def review_queue() -> Queue:
    """Return the queue for what may be urgent: a person looks before anybody is paged."""
    return next(queue for queue in _queues().values() if queue.slug == REVIEW_QUEUE)


def default_queue() -> Queue:
    """Return the queue for what no rule sends elsewhere."""
    return next(queue for queue in _queues().values() if queue.slug == DEFAULT_QUEUE)


def queue_of(queue_id: int) -> Queue:
    """Return the queue with this key, also when it was made a moment ago."""
    return _queues().get(queue_id) or Queue.objects.get(pk=queue_id)


@remembered
def _queues() -> Mapping[int, Queue]:
    return Queue.objects.in_bulk()


def escalation_policy(category: str) -> EscalationPolicy:
    """Return the policy of ``category``, else the one for all others (made by migration)."""
    policies = _escalation_policies()
    return policies.get(category) or policies[""]


@remembered
def _escalation_policies() -> Mapping[str, EscalationPolicy]:
    return {policy.category: policy for policy in EscalationPolicy.objects.all()}


def recall() -> None:
    """Read the queues and policies that opening a ticket needs, so that they are remembered.

    Call it before a transaction that opens tickets: what is read inside one is not kept and would be read again
    for each of them. Three queries, once in ``config.kit.remembered.SECONDS``.
    """
    _queues()
    _sla_policies()
    _escalation_policies()


def frozen(policy: EscalationPolicy) -> dict[str, object]:
    """Return a JSON copy of ``policy``, to store where it is applied: later edits do not change what is open."""
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
