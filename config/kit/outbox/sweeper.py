"""Find what Celery was not told of or did not do. PostgreSQL only: it works while Redis is away."""

from __future__ import annotations

import threading

import structlog
from django.db import close_old_connections

from config.kit.heartbeats import beat
from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import database_now, run_batch, run_one, sweepable

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.5


def sweep_lane(lane: Lane, *, most: int = 200) -> int:
    """Do up to ``most`` overdue rows of ``lane``; return how many were taken."""
    taken = 0
    while taken < most:
        if lane == Lane.BULK:
            batch = run_batch(lane, at=database_now(), by="sweeper", only=sweepable(lane))
        else:
            batch = int(run_one(lane, at=database_now(), by="sweeper", only=sweepable(lane)))
        if not batch:
            break
        taken += batch
    return taken


def sweep_until(stop: threading.Event) -> None:
    """Sweep every lane, each in a thread of its own (a slow mail server delays no page), until ``stop``."""
    threads = [
        threading.Thread(target=_sweep_one_lane, args=(lane, stop), name=f"sweep-{lane}", daemon=True)
        for lane in Lane
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sweep_one_lane(lane: Lane, stop: threading.Event) -> None:
    while not stop.wait(PAUSE_SECONDS):
        try:
            close_old_connections()
            beat(f"sweeper-{lane}", at=database_now())
            sweep_lane(lane)
        except Exception:
            log.exception("sweep_failed", lane=lane)
            stop.wait(1)
