"""Keep the lease on a row when its work takes longer than the lease."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connections
from django.db.models.functions import Now

from config.kit.heartbeats import Pulse, current_pulse
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import LEASES, database_now

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 20.0


@contextmanager
def kept_lease(kind: str, subject_id: int) -> Iterator[None]:
    """Renew the lease on the row of ``kind`` and ``subject_id`` every 20 s, in a thread with its own connection.

    For ``Handler.work``, which runs outside any transaction. Within a loop it also beats the loop's pulse. A process
    that dies stops renewing, and its row is free one lease later. A failed renewal is logged and retried after 20 s.
    """
    stop = threading.Event()
    arguments = (kind, subject_id, current_pulse(), stop)
    thread = threading.Thread(target=_renew_until, args=arguments, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _renew_until(kind: str, subject_id: int, pulse: Pulse | None, stop: threading.Event) -> None:
    while not stop.wait(SECONDS_BETWEEN):
        try:
            renew(kind, subject_id)
            if pulse is not None:
                pulse.beat(at=database_now())
        except Exception:
            log.exception("lease_not_renewed", kind=kind, subject_id=subject_id)
        finally:
            connections.close_all()


def renew(kind: str, subject_id: int) -> bool:
    """Extend the lease on a claimed, unfinished row to one full lease from now; return whether there was one."""
    held = OutboxRow.objects.open().filter(kind=kind, subject_id=subject_id, lease_until__isnull=False)
    lane = held.values_list("lane", flat=True).first()
    return bool(lane and held.update(lease_until=Now() + LEASES[Lane(lane)]))
