"""The only Celery task: it does the most urgent work of a lane."""

from __future__ import annotations

from celery import shared_task
from django.db.models.functions import Now

from config.kit.outbox.bells import TASK
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_batch


@shared_task(name=TASK, soft_time_limit=45, time_limit=60)
def run_lane(row_id: int, rows: int = 1) -> None:
    """Do the ``rows`` most urgent rows of the lane of row ``row_id``, or a few more to fill a batch.

    Safe to run twice: rows are claimed, so a second message finds other work or none. A message stands for all
    rows that were announced together, so that many are done; a lost one only costs delay: the sweeper finds its rows.
    """
    found = OutboxRow.objects.filter(pk=row_id).values_list("lane", Now()).first()
    if found is None:
        return
    lane, at = Lane(found[0]), found[1]
    done = 0
    while done < rows:
        taken = run_batch(lane, at=at, by="celery")
        if not taken:
            return
        done += taken
