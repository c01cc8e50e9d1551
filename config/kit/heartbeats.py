"""Each long-running process says that it lives; the auditor and /readyz read it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from config.kit.models import Heartbeat

#: A sign of life this young will do: a dozen loops turn twice a second, writing each turn down keeps a machine busy.
YOUNG = timedelta(seconds=5)


class Pulse:
    """The signs of life of one loop; when the next is wanted it knows without asking the database."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._next = 0.0

    def beat(self, *, at: datetime) -> None:
        """Record that the loop lived at ``at``, unless the last record is young."""
        if time.monotonic() >= self._next:
            beat(self.name, at=at)
            self._next = time.monotonic() + YOUNG.total_seconds() / 2


_pulse: ContextVar[Pulse | None] = ContextVar("pulse", default=None)


@contextmanager
def pulse_of(name: str) -> Iterator[Pulse]:
    """Run this thread as the loop ``name``: code in it reports that the loop is alive through ``current_pulse``."""
    pulse = Pulse(name)
    token = _pulse.set(pulse)
    try:
        yield pulse
    finally:
        _pulse.reset(token)


def current_pulse() -> Pulse | None:
    """Return the pulse of the loop that this thread turns, None outside of one.

    A long turn that makes progress beats it: it is slow, not dead, and nobody needs to be paged.
    """
    return _pulse.get()


def beat(name: str, *, at: datetime) -> None:
    """Record that process ``name`` on this host lived at ``at``, unless a record of it is still young."""
    mine = {"name": name, "host": socket.gethostname()[:100]}
    if not Heartbeat.objects.filter(**mine, at__gt=at - YOUNG).exists():
        Heartbeat.objects.update_or_create(**mine, defaults={"at": at}, create_defaults={"at": at})
