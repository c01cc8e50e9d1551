"""Count periods in the background: assess in blocks that any text worker takes, then count the whole once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.leases import kept_lease
from config.kit.outbox.registry import Handler, NotNow
from config.kit.outbox.services import owe
from feedback.analysis.assess import Assessed
from feedback.analysis.services import assess_messages
from feedback.intake.models import Message
from feedback.themes.corpus import said_between
from feedback.themes.services import BeingGrouped
from tickets.summaries.models import Summary, SummaryPart, SummaryRun
from tickets.summaries.periods import Period, month_of, week_of
from tickets.summaries.services import store_unerased, summarise
from users.accounts.models import User

PART, WHOLE = "summary.part", "summary.whole"
MESSAGES_A_PART = 1_000
#: The rough share of a run's time that each step takes, in order.
STEPS = {"assess": 0.5, "read": 0.05, "group": 0.25, "name": 0.1, "write": 0.03, "count": 0.04, "store": 0.03}
_SECONDS_BETWEEN_NOTES = 1.0


class Cancelled(Refused):
    code = "cancelled"


@transaction.atomic
def ask_for(period: Period, *, origins: Sequence[str], actor: User | None, at: datetime) -> SummaryRun:
    """Enqueue a count of ``period`` and return its run; return the open run if the same was already asked for.

    Messages not yet assessed are split into parts, each an outbox row of the text lane; the last part to finish
    enqueues the count itself.
    """
    wanted = sorted(set(origins))
    same = {"start_at": period.start, "end_at": period.end, "origins": wanted}
    run, created = SummaryRun.objects.open().get_or_create(
        **same,
        finished_at=None,
        cancelled_at=None,
        defaults={"kind": period.kind, "time_zone": period.time_zone, "asked_by": actor, "asked_at": at},
    )
    if not created:
        return run
    missing = said_between(period.start, period.end, wanted).filter(assessment=None).order_by("id")
    ids = list(missing.values_list("id", flat=True))
    parts = SummaryPart.objects.bulk_create(
        SummaryPart(run=run, number=number, message_ids=ids[start : start + MESSAGES_A_PART])
        for number, start in enumerate(range(0, len(ids), MESSAGES_A_PART))
    )
    for part in parts:
        owe(PART, part.pk, at=at)
    if not parts:
        owe(WHOLE, run.pk, at=at)
    return run


def cancel_run(run_id: int, *, at: datetime) -> None:
    """Cancel a waiting or running count, which stops at its next progress note; a finished one is left unchanged."""
    SummaryRun.objects.open().filter(pk=run_id).update(cancelled_at=at)


def assess_part(part_id: int, at: datetime) -> list[tuple[Message, Assessed]]:
    """Assess the messages of a part that are still unassessed; returns [] once the run is cancelled."""
    part = SummaryPart.objects.select_related("run").get(pk=part_id)
    if part.run.cancelled_at:
        return []
    waiting = Message.objects.select_related("feedback", "channel")
    batch = list(waiting.filter(pk__in=part.message_ids, assessment=None).order_by("id"))
    with kept_lease(PART, part_id):
        return list(zip(batch, assess_messages(batch), strict=True))


def finish_part(part_id: int, found: Sequence[tuple[Message, Assessed]], at: datetime) -> None:
    """Store the assessments of a part; the last part to finish enqueues the count of the whole."""
    part = SummaryPart.objects.get(pk=part_id)
    # The lock serialises parts that finish concurrently, so exactly one of them is the last.
    run = SummaryRun.objects.select_for_update().get(pk=part.run_id)
    store_unerased(found, at=at)
    SummaryPart.objects.filter(pk=part_id).update(done_at=at)
    total, open_parts = run.parts.count(), run.parts.filter(done_at=None).count()
    SummaryRun.objects.filter(pk=run.pk).update(
        step="assess", share=STEPS["assess"] * (1 - open_parts / total)
    )
    if not open_parts and not run.cancelled_at:
        owe(WHOLE, run.pk, at=at)


def count_whole(run_id: int, at: datetime) -> Summary | str:
    """Make the draft that a run asks for; return it, or the text of a refusal.

    Raises NotNow while another count is grouping themes.
    """
    run = SummaryRun.objects.select_related("asked_by").get(pk=run_id)
    period = Period(run.kind, run.start_at, run.end_at, run.time_zone)
    try:
        with kept_lease(WHOLE, run_id):
            return summarise(
                period, at=at, actor=run.asked_by, origins=run.origins, on_progress=Notes(run).take
            )
    except BeingGrouped as busy:
        raise NotNow(busy.code) from busy
    except Refused as refusal:
        return str(refusal)


def finish_whole(run_id: int, result: Summary | str, at: datetime) -> None:
    """Record the result of a run."""
    done = {"summary": result, "share": 1.0} if isinstance(result, Summary) else {"refusal": result[:300]}
    SummaryRun.objects.filter(pk=run_id).update(finished_at=at, **done)


class Notes:
    """Records the progress of a run, at most once a second, and stops it when it was cancelled."""

    def __init__(self, run: SummaryRun) -> None:
        self.run = run
        self.last = 0.0

    def take(self, step: str, share: float) -> None:
        """Record that ``share`` (0..1) of ``step`` is done. Raises Cancelled."""
        if time.monotonic() - self.last < _SECONDS_BETWEEN_NOTES:
            return
        self.last = time.monotonic()
        done = overall(step, share)
        if not SummaryRun.objects.open().filter(pk=self.run.pk).update(step=step, share=done):
            raise Cancelled("cancelled")


def overall(step: str, share: float) -> float:
    """Return the share of the whole run that is done when ``share`` of ``step`` is."""
    names = [*STEPS]
    return sum(STEPS[name] for name in names[: names.index(step)]) + STEPS[step] * share


def draft_last_month(at: datetime) -> None:
    """Ask for the calendar month before ``at``, live messages only. The beat calls it on the 1st."""
    zone = settings.SUMMARY_TIME_ZONE
    first = at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    ask_for(month_of(first - timedelta(days=1), zone), origins=[Origin.LIVE], actor=None, at=at)


def draft_last_week(at: datetime) -> None:
    """Ask for the week before that of ``at``, live messages only. The beat calls it on Mondays."""
    zone = settings.SUMMARY_TIME_ZONE
    day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=7)
    ask_for(week_of(day, zone), origins=[Origin.LIVE], actor=None, at=at)


PART_HANDLER = Handler(kind=PART, lane=Lane.TEXT, work=assess_part, effect=finish_part)
WHOLE_HANDLER = Handler(kind=WHOLE, lane=Lane.TEXT, work=count_whole, effect=finish_whole)
