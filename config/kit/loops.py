"""The engine of every loop of ``manage.py loop``: turn after turn until stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import close_old_connections
from prometheus_client import Counter

from config.kit.errors import is_database_trouble
from config.kit.heartbeats import pulse_of
from config.kit.outbox.services import database_now

log = structlog.get_logger(__name__)

turns_failed = Counter("earshot_turns_failed_total", "Turns of a loop that ended in an error.", ["loop"])

SECONDS_AFTER_FAILURE = 1.0


def repeat(
    turn: Callable[[datetime], object], *, name: str, pause_seconds: float, stop: threading.Event
) -> None:
    """Call ``turn(at)`` every ``pause_seconds`` until ``stop``, with the database's clock as ``at``.

    Each turn starts with a heartbeat under ``name``, unless the last is recent, so that a loop which hangs goes
    silent. A turn that fails is logged and counted, and the loop continues.
    """
    with pulse_of(name) as pulse:
        while not stop.wait(pause_seconds):
            try:
                at = database_now()
                pulse.beat(at=at)
                turn(at)
            except Exception as error:
                turns_failed.labels(loop=name).inc()
                # When the database is away the traceback says nothing, and a dozen loops would fill the disk with it.
                trace = None if is_database_trouble(error) else error
                log.error("turn_failed", loop=name, error=type(error).__name__, exc_info=trace)
                stop.wait(SECONDS_AFTER_FAILURE)
            finally:
                close_old_connections()
