"""Tell Celery that lanes have work, beside the request: a visitor waits for PostgreSQL, never for Redis.

A thread of each process rings. What is announced while it rings, and in the breath after, is rung together, so
that a crowd costs few messages; a row announced alone is rung at once, and one of the crisis lane before thousands
of others. What is lost with the process the sweeper finds.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog
from celery import current_app
from django.db import connection
from prometheus_client import Counter

from config.kit.outbox.lanes import BATCHES, Lane
from config.kit.outbox.models import OutboxRow

log = structlog.get_logger(__name__)

#: The Celery task's name; sent by name because the task imports what imports this module.
TASK = "kit.run_lane"
#: What Celery allows a task of a lane, where the default of a minute is too little: a month of a hundred thousand
#: messages takes a minute or two to count. Such work keeps its lease by ``kept_lease``.
TIME_LIMITS: dict[str, dict[str, Any]] = {Lane.TEXT: {"soft_time_limit": 1_740, "time_limit": 1_800}}
#: How long a process stops ringing after the broker failed it.
SILENCE_SECONDS = 2.0
SECONDS_TO_SAY_GOODBYE = 2.0
#: How long the thread rests after a ring that may stand for many rows. A ring costs Celery some two milliseconds of
#: CPU, as much as taking a feedback: under load one for each row would take a third of the process.
BREATH_SECONDS = 0.04
#: So that what a crowd says within a breath is one bell. More would keep one worker at it while others idle.
BATCHES_PER_BELL = 4

bells_rung = Counter("earshot_bells_rung_total", "Outbox rows announced to Celery.", ["lane"])
bells_failed = Counter("earshot_bells_failed_total", "Outbox rows Celery could not be told of.", ["lane"])


class Ringer:
    """The rows of this process that Celery is still to be told of, and the thread that tells it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: dict[str, deque[int]] = {}
        self.is_ringing = False
        self.thread: threading.Thread | None = None
        self.silent_until = 0.0

    def announce(self, row_id: int, lane: str) -> None:
        """Have ``lane`` rung for row ``row_id``; returns at once."""
        with self.changed:
            self.waiting.setdefault(lane, deque()).append(row_id)
            if self.thread is None:
                self.thread = threading.Thread(target=self._ring_for_ever, name="bells", daemon=True)
                self.thread.start()
            self.changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until all that was announced is rung or has failed; say whether it was in time."""
        with self.changed:
            return self.changed.wait_for(lambda: not self.waiting and not self.is_ringing, seconds)

    def _ring_for_ever(self) -> None:
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.waiting)
                lane, together = self._next()
                self.is_ringing = True
            try:
                self._ring(lane, together)
            except Exception:
                # The loop's edge; the sweeper finds the rows, marked or not.
                log.exception("bells_broke")
            finally:
                with self.changed:
                    self.is_ringing = False
                    self.changed.notify_all()
            if len(together) < _most_rows(lane):
                time.sleep(BREATH_SECONDS)

    def _next(self) -> tuple[str, list[int]]:
        """Take what the next bell stands for: rows of the first lane that waits, for Lane begins with the urgent."""
        lane = next(lane for lane in Lane.values if lane in self.waiting)
        row_ids = self.waiting[lane]
        together = [row_ids.popleft() for _ in range(min(len(row_ids), _most_rows(lane)))]
        if not row_ids:
            del self.waiting[lane]
        return lane, together

    def _ring(self, lane: str, row_ids: Sequence[int]) -> None:
        if time.monotonic() < self.silent_until or not self._send(lane, row_ids):
            bells_failed.labels(lane=lane).inc(len(row_ids))
            _note_failure(row_ids)

    def _send(self, lane: str, row_ids: Sequence[int]) -> bool:
        try:
            options = TIME_LIMITS.get(lane, {})
            current_app.send_task(TASK, args=[row_ids[0], len(row_ids)], queue=lane, **options)
        except Exception as error:  # noqa: BLE001 - the message is stored: whatever ails the broker, go on
            self.silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("bell_failed", lane=lane, error=type(error).__name__)
            return False
        bells_rung.labels(lane=lane).inc(len(row_ids))
        return True


def _note_failure(row_ids: Sequence[int]) -> None:
    """Let the sweeper take the rows after a second instead of half a minute."""
    try:
        OutboxRow.objects.filter(pk__in=row_ids).update(bell_failed=True)
    finally:
        # This thread lives on, and may not need it again for days.
        connection.close()


def _most_rows(lane: str) -> int:
    """Return how many rows one bell of ``lane`` stands for at most."""
    batch = BATCHES.get(Lane(lane))
    return BATCHES_PER_BELL * batch if batch else 1


ringer = Ringer()


def _forget_the_parents_bells() -> None:
    # A forked child has the parent's rows, but neither its thread nor a lock it could trust.
    ringer.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_forget_the_parents_bells)
atexit.register(lambda: ringer.wait(SECONDS_TO_SAY_GOODBYE))
