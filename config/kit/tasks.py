"""The one Celery task: it is told that a lane has work, and does the most urgent piece of it."""

from __future__ import annotations

from celery import shared_task

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import TASK, database_now, run_batch, run_one


@shared_task(name=TASK, soft_time_limit=45, time_limit=60)
def run_lane(row_id: int) -> None:
    """Do the most urgent row of the lane of row ``row_id``.

    Twice is harmless: rows are claimed, so a second message finds other work or none. One message
    is sent for each row, so as many are done; a lost message costs delay, the sweeper finds its row.
    """
    lane = OutboxRow.objects.filter(pk=row_id).values_list("lane", flat=True).first()
    if lane is None:
        return
    if lane == Lane.BULK:
        run_batch(Lane.BULK, at=database_now(), by="celery")
    else:
        run_one(Lane(lane), at=database_now(), by="celery")
