"""Delete old outbox rows and job runs: each message leaves a few, and the beat thousands a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from config.kit.models import JobRun, OutboxRow

KEPT_FOR = timedelta(days=30)
#: The limit of one run, so that the first night after a long time does not take an hour; later nights continue.
MOST = 200_000


def forget_done_work(at: datetime) -> int:
    """Delete outbox rows that were done more than KEPT_FOR ago, the oldest first; return how many.

    Safe because a subject causes its outbox row only once, when it is created. Open rows stay, and so do dead ones,
    which wait for a person.
    """
    done = OutboxRow.objects.filter(done_at__lt=at - KEPT_FOR).order_by("pk")
    deleted, _by_model = OutboxRow.objects.filter(pk__in=done.values("pk")[:MOST]).delete()
    return deleted


def forget_old_runs(at: datetime) -> int:
    """Delete runs of periodic jobs older than KEPT_FOR, except the last of each job; return how many."""
    later = JobRun.objects.filter(job=OuterRef("job"), slot__gt=OuterRef("slot"))
    old = JobRun.objects.filter(Exists(later), slot__lt=at - KEPT_FOR)
    deleted, _by_model = JobRun.objects.filter(pk__in=old.values("pk")[:MOST]).delete()
    return deleted
