"""The periodic jobs and their schedules, all in one place.

A job runs once per slot: its JobRun row decides, so any number of beats may run. When a slot was missed
because nothing ran at the time, the next beat catches up; only the last slot, never a backlog. Needs
PostgreSQL only: Celery's own beat would send to a Redis that may be gone, and would miss a month that
began while it was down.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from config.kit.forgetting import forget_done_work, forget_old_runs
from config.kit.jobs import run_job
from config.kit.loops import repeat
from feedback.intake.habits import learn_latest_habits
from feedback.intake.lost_links import forget_old_requests
from feedback.knowledge.services import index_unindexed
from tickets.hooks.services import prune
from tickets.replies.suggesting import index_canned_replies
from tickets.replies.waiting import forget_settled
from tickets.subscriptions.services import owe_mails
from tickets.summaries.runs import draft_last_month, draft_last_week
from tickets.summaries.services import publish_due
from tickets.warnings.services import LOOK
from tickets.warnings.watching import owe_look

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0
PAUSE_AFTER_FAILURE = timedelta(seconds=30)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Job:
    """A periodic job; ``slot_at`` returns the start of the slot of a moment, with which ``run`` is called."""

    name: str
    slot_at: Callable[[datetime], datetime]
    run: Callable[[datetime], object]


def every(period: timedelta) -> Callable[[datetime], datetime]:
    """Return a ``slot_at`` with slots of length ``period``, counted from a fixed moment in UTC."""
    return lambda moment: EPOCH + (moment - EPOCH) // period * period


def monthly(day: int, at: time) -> Callable[[datetime], datetime]:
    """Return a ``slot_at`` with slots from ``day`` (1..28) of each month at ``at`` in SUMMARY_TIME_ZONE."""

    def slot_at(moment: datetime) -> datetime:
        zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
        local = moment.astimezone(zone)
        start = datetime.combine(local.date().replace(day=day), at, tzinfo=zone)
        if start > local:
            last_month = start.replace(day=1) - timedelta(days=1)
            start = datetime.combine(last_month.date().replace(day=day), at, tzinfo=zone)
        return start.astimezone(UTC)

    return slot_at


def weekly(weekday: int, at: time) -> Callable[[datetime], datetime]:
    """Return a ``slot_at`` with slots from each ``weekday`` (0 is Monday) at ``at`` in SUMMARY_TIME_ZONE."""

    def slot_at(moment: datetime) -> datetime:
        zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
        local = moment.astimezone(zone)
        day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
        start = datetime.combine(day, at, tzinfo=zone)
        if start > local:
            start = datetime.combine(day - timedelta(days=7), at, tzinfo=zone)
        return start.astimezone(UTC)

    return slot_at


JOBS: tuple[Job, ...] = (
    Job("summaries.draft", monthly(1, time(6)), draft_last_month),
    Job("knowledge.index", every(timedelta(minutes=5)), index_unindexed),
    Job("replies.index", every(timedelta(minutes=5)), index_canned_replies),
    Job("replies.forget", every(timedelta(days=1)), forget_settled),
    Job("habits.learn", every(timedelta(days=1)), learn_latest_habits),
    Job("links.forget", every(timedelta(hours=6)), forget_old_requests),
    Job("summaries.draft_week", weekly(0, time(6, 30)), draft_last_week),
    Job("summaries.publish", every(timedelta(hours=1)), publish_due),
    Job("summaries.mail", every(timedelta(minutes=10)), owe_mails),
    Job(LOOK, every(timedelta(minutes=5)), owe_look),
    Job("hooks.prune", every(timedelta(days=1)), prune),
    Job("outbox.forget", every(timedelta(days=1)), forget_done_work),
    Job("jobs.forget", every(timedelta(days=1)), forget_old_runs),
)


def beat_until(stop: threading.Event) -> None:
    """Run each job of JOBS once per slot until ``stop``."""
    done: dict[str, datetime] = {}
    not_before: dict[str, datetime] = {}

    def turn(now: datetime) -> None:
        for job in JOBS:
            slot = job.slot_at(now)
            if done.get(job.name) != slot and now >= not_before.get(job.name, now):
                try:
                    run_job(job.name, slot, job.run)
                    done[job.name] = slot
                except Exception:
                    # The row is rolled back with the job, so the slot is retried.
                    log.exception("job_failed", job=job.name, slot=slot.isoformat())
                    not_before[job.name] = now + PAUSE_AFTER_FAILURE

    repeat(turn, name="beat", pause_seconds=TICK_SECONDS, stop=stop)
