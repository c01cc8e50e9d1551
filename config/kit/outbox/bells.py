"""Tell Celery that lanes have work, outside the request: a visitor waits for PostgreSQL, never for Redis.

One thread per process rings the bells. Rows announced while it rings, and during the pause after, share a bell, so
that a burst costs few Celery messages; a row announced alone is rung at once, and a row of the crisis lane before
thousands of others. The sweeper finds rows whose bell was lost with the process.
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

#: The Celery task's name; sent by name because the task imports services, which import this module.
TASK = "kit.run_lane"
#: Celery time limits for lanes where the default of a minute is too short: a month of a hundred thousand
#: messages takes a minute or two to count. Such work keeps its lease with ``kept_lease``.
TIME_LIMITS: dict[str, dict[str, Any]] = {Lane.TEXT: {"soft_time_limit": 1_740, "time_limit": 1_800}}
#: How long a process stops ringing after the broker failed.
SILENCE_SECONDS = 2.0
SECONDS_TO_SAY_GOODBYE = 2.0
#: The pause after a bell that could have stood for more rows. A bell costs Celery about two milliseconds of CPU, as
#: much as accepting a feedback: under load one per row would take a third of the process.
BREATH_SECONDS = 0.04
#: Enough for a burst within one pause to share a bell. More would keep one worker busy while others idle.
BATCHES_PER_BELL = 4

bells_rung = Counter("earshot_bells_rung_total", "Outbox rows announced to Celery.", ["lane"])
bells_failed = Counter("earshot_bells_failed_total", "Outbox rows Celery could not be told of.", ["lane"])


class Ringer:
    """The rows of this process that are still to be announced to Celery, and the thread that does so."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: dict[str, deque[int]] = {}
        self.is_ringing = False
        self.thread: threading.Thread | None = None
        self.silent_until = 0.0

    def announce(self, row_id: int, lane: str) -> None:
        """Queue a bell of ``lane`` for row ``row_id`` and return at once."""
        with self.changed:
            self.waiting.setdefault(lane, deque()).append(row_id)
            if self.thread is None:
                self.thread = threading.Thread(target=self._ring_for_ever, name="bells", daemon=True)
                self.thread.start()
            self.changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until every announced row is rung or has failed; return False on timeout."""
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
                # The thread must survive; the sweeper finds the rows, marked or not.
                log.exception("bells_broke")
            finally:
                with self.changed:
                    self.is_ringing = False
                    self.changed.notify_all()
            if len(together) < _most_rows(lane):
                time.sleep(BREATH_SECONDS)

    def _next(self) -> tuple[str, list[int]]:
        """Take the rows of the next bell, from the first waiting lane in the order of Lane: the urgent one first."""
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
        except Exception as error:  # noqa: BLE001 - the message is stored: continue, whatever is wrong with the broker
            self.silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("bell_failed", lane=lane, error=type(error).__name__)
            return False
        bells_rung.labels(lane=lane).inc(len(row_ids))
        return True


def _note_failure(row_ids: Sequence[int]) -> None:
    """Mark the rows so that the sweeper takes them after 1 s instead of 30 s."""
    try:
        OutboxRow.objects.filter(pk__in=row_ids).update(bell_failed=True)
    finally:
        # This thread is long-lived and may not need the connection again for days.
        connection.close()


def _most_rows(lane: str) -> int:
    """Return the maximum number of rows that one bell of ``lane`` stands for."""
    batch = BATCHES.get(Lane(lane))
    return BATCHES_PER_BELL * batch if batch else 1


ringer = Ringer()


def _forget_the_parents_bells() -> None:
    # A forked child inherits the parent's rows, but neither its thread nor a lock in a known state.
    ringer.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_forget_the_parents_bells)
atexit.register(lambda: ringer.wait(SECONDS_TO_SAY_GOODBYE))
