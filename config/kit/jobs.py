"""Periodic jobs that run once per slot, however many beat processes there are."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from config.kit.models import JobRun


@transaction.atomic
def run_job(job: str, slot: datetime, run: Callable[[datetime], object]) -> bool:
    """Run ``run(slot)`` unless ``job`` already ran for ``slot``; return whether this call ran it.

    The unique row decides, not a lock: with a lock alone two beats would run the job one after the other.
    The row and the job's writes share one transaction, so a failed job is retried at the next beat; long
    work belongs in an outbox row that the job writes.
    """
    token = uuid.uuid4()
    JobRun.objects.bulk_create([JobRun(job=job, slot=slot, token=token)], ignore_conflicts=True)
    mine = JobRun.objects.filter(job=job, slot=slot, token=token)
    if not mine.exists():
        return False
    run(slot)
    return True
