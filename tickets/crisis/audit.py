"""The auditor's checks. It trusts no other process: it reads the rows and compares them with the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from config.kit.mails import mail_goes_nowhere
from config.kit.models import Heartbeat, OutboxRow
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane, Priority
from feedback.intake.models import RawMessage
from tickets.crisis.models import FindingCode, Level, OnCallShift, PageDelivery, PageDeliveryState
from tickets.desk.models import CrisisPlace
from tickets.replies.models import Delivery, DeliveryState

URGENT_WORK_MAY_WAIT = timedelta(seconds=10)
STEP_MAY_WAIT = timedelta(seconds=60)
RAW_MAY_WAIT = timedelta(seconds=60)
SENDING_MAY_TAKE = timedelta(seconds=120)
PAGE_MAY_WAIT = timedelta(seconds=120)
SILENCE_MAY_LAST = timedelta(seconds=60)
#: The loops that must send heartbeats, wherever they run.
ALIVE = ("beat", *(f"sweeper-{lane.value}" for lane in Lane), "escalation", "overdue", "snoozed", "quiet")


@dataclass(frozen=True, order=True)
class Found:
    """One thing that is wrong; ``key`` says which of several, ``count`` how many rows are affected."""

    code: FindingCode
    key: str = ""
    count: int = 1


def look(at: datetime) -> list[Found]:
    """Return everything that is wrong at ``at``, in the order of FindingCode. Writes nothing; nine queries."""
    counted: Mapping[FindingCode, int] = {
        FindingCode.URGENT_WORK_WAITS: _urgent_work_that_waits(at),
        FindingCode.STEP_MISSING: CrisisPlace.objects.waiting()
        .filter(next_step_at=None, may_page=True)
        .count(),
        FindingCode.STEP_OVERDUE: CrisisPlace.objects.due(at - STEP_MAY_WAIT).count(),
        FindingCode.RAW_UNHANDLED: RawMessage.objects.filter(
            handled_at=None, origin=Origin.LIVE, received_at__lt=at - RAW_MAY_WAIT
        ).count(),
        FindingCode.DELIVERY_HANGS: Delivery.objects.filter(
            state=DeliveryState.SENDING, sending_at__lt=at - SENDING_MAY_TAKE
        ).count(),
        FindingCode.PAGE_HANGS: _pages_that_reached_nobody(at),
    }
    found = [Found(code, count=count) for code, count in counted.items() if count]
    return [*found, *_silent(at), *_dead(), *_unprepared(at)]


def _urgent_work_that_waits(at: datetime) -> int:
    """Count urgent rows not done in time: due and created too long ago, or waiting for a retry."""
    owed = OutboxRow.objects.open().filter(priority=Priority.URGENT, created_at__lt=at - URGENT_WORK_MAY_WAIT)
    return owed.filter(Q(due_at__lte=at) | Q(attempts__gt=0)).count()


def _pages_that_reached_nobody(at: datetime) -> int:
    unsent = (PageDeliveryState.PENDING, PageDeliveryState.SENDING, PageDeliveryState.FAILED)
    late = PageDelivery.objects.filter(state__in=unsent, created_at__lt=at - PAGE_MAY_WAIT)
    # A delivery that failed for good counts while its tickets still wait; one skipped for a newer one does not.
    return late.filter(page__places__in=CrisisPlace.objects.waiting()).values("page").distinct().count()


def _silent(at: datetime) -> Iterator[Found]:
    last = dict(Heartbeat.objects.values_list("name").annotate(Max("at")))
    for name in ALIVE:
        if name not in last or last[name] < at - SILENCE_MAY_LAST:
            yield Found(FindingCode.SILENT_PROCESS, key=name)


def _dead() -> Iterator[Found]:
    kinds = OutboxRow.objects.dead().values_list("kind").annotate(Count("pk")).order_by("kind")
    for kind, count in kinds:
        yield Found(FindingCode.DEAD_LETTERS, key=kind, count=count)


def _unprepared(at: datetime) -> Iterator[Found]:
    if not OnCallShift.objects.covering(at).filter(level=Level.PRIMARY).exists():
        yield Found(FindingCode.NOBODY_ON_CALL)
    if mail_goes_nowhere():
        yield Found(FindingCode.NO_MAIL)
