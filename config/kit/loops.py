"""Turn after turn until told to stop: how every loop of ``manage.py loop`` goes round."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import close_old_connections
from prometheus_client import Counter

from config.kit.heartbeats import YOUNG, beat
from config.kit.outbox.services import database_now

log = structlog.get_logger(__name__)

turns_failed = Counter("earshot_turns_failed_total", "Turns of a loop that ended in an error.", ["loop"])

SECONDS_AFTER_FAILURE = 1.0


def repeat(
    turn: Callable[[datetime], object], *, name: str, pause_seconds: float, stop: threading.Event
) -> None:
    """Call ``turn(at)`` every ``pause_seconds`` until ``stop``, with the database's clock as ``at``.

    A turn starts with a sign of life under ``name`` unless the last is young, so that one which hangs falls silent. A
    turn that fails is logged and counted, and the next one comes.
    """
    next_beat = 0.0
    while not stop.wait(pause_seconds):
        try:
            at = database_now()
            if time.monotonic() >= next_beat:
                beat(name, at=at)
                next_beat = time.monotonic() + YOUNG.total_seconds() / 2
            turn(at)
        except Exception:
            turns_failed.labels(loop=name).inc()
            log.exception("turn_failed", loop=name)
            stop.wait(SECONDS_AFTER_FAILURE)
        finally:
            close_old_connections()
