"""Heartbeats of long-running processes, read by the auditor and /readyz."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from config.kit.models import Heartbeat

#: A heartbeat younger than this is not renewed: a dozen loops turn twice a second, too often to write each time.
YOUNG = timedelta(seconds=5)


class Pulse:
    """The heartbeats of one loop; it knows when the next one is due without querying the database."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._next = 0.0

    def beat(self, *, at: datetime) -> None:
        """Record that the loop was alive at ``at``, unless the last record is recent."""
        if time.monotonic() >= self._next:
            beat(self.name, at=at)
            self._next = time.monotonic() + YOUNG.total_seconds() / 2


_pulse: ContextVar[Pulse | None] = ContextVar("pulse", default=None)


@contextmanager
def pulse_of(name: str) -> Iterator[Pulse]:
    """Run this thread as the loop ``name``; code within reports progress through ``current_pulse``."""
    pulse = Pulse(name)
    token = _pulse.set(pulse)
    try:
        yield pulse
    finally:
        _pulse.reset(token)


def current_pulse() -> Pulse | None:
    """Return the pulse of the loop that this thread runs, None outside a loop.

    A long turn beats it as it progresses: the loop is slow, not dead, and the on-call need not be paged.
    """
    return _pulse.get()


def beat(name: str, *, at: datetime) -> None:
    """Record that process ``name`` on this host was alive at ``at``, unless its last record is recent."""
    mine = {"name": name, "host": socket.gethostname()[:100]}
    if not Heartbeat.objects.filter(**mine, at__gt=at - YOUNG).exists():
        Heartbeat.objects.update_or_create(**mine, defaults={"at": at}, create_defaults={"at": at})
