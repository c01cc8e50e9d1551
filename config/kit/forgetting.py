"""Forget what was done long ago: every message leaves a few rows that only say so, and the clock thousands a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from config.kit.models import JobRun, OutboxRow

KEPT_FOR = timedelta(days=30)
#: Deleted in one go, so that the first night after a long time does not take an hour; the next nights go on.
MOST = 200_000


def forget_done_work(at: datetime) -> int:
    """Delete background tasks that were done KEPT_FOR ago, the oldest first; return how many.

    Their subjects are rows that bring such a task about once, when they are made. What is owed, or was given up and
    waits for a person, stays.
    """
    done = OutboxRow.objects.filter(done_at__lt=at - KEPT_FOR).order_by("pk")
    deleted, _by_model = OutboxRow.objects.filter(pk__in=done.values("pk")[:MOST]).delete()
    return deleted


def forget_old_runs(at: datetime) -> int:
    """Delete runs of scheduled jobs older than KEPT_FOR, save the last of each job; return how many."""
    later = JobRun.objects.filter(job=OuterRef("job"), slot__gt=OuterRef("slot"))
    old = JobRun.objects.filter(Exists(later), slot__lt=at - KEPT_FOR)
    deleted, _by_model = JobRun.objects.filter(pk__in=old.values("pk")[:MOST]).delete()
    return deleted
