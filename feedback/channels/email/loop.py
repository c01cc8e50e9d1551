"""The process that reads mailboxes: one thread each, so that a slow server delays no other."""

from __future__ import annotations

import threading
from datetime import datetime

import structlog
from django.db import connections

from config.kit.loops import repeat
from config.kit.outbox.services import database_now
from feedback.channels.email.polling import due_mailboxes, poll
from feedback.intake.models import Channel

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0


def read_mail_until(stop: threading.Event) -> None:
    """Read each mailbox when it is due, until ``stop``. Any number of processes may run: a lease decides."""
    readers: dict[int, threading.Thread] = {}

    def turn(at: datetime) -> None:
        for channel in due_mailboxes(at):
            reader = readers.get(channel.pk)
            if reader is None or not reader.is_alive():
                readers[channel.pk] = threading.Thread(
                    target=_read, args=(channel, stop), name=f"mail-{channel.slug}", daemon=True
                )
                readers[channel.pk].start()

    repeat(turn, name="mail", pause_seconds=TICK_SECONDS, stop=stop)
    for reader in readers.values():
        reader.join(timeout=5)


def _read(channel: Channel, stop: threading.Event) -> None:
    try:
        poll(channel, at=database_now(), should_stop=stop.is_set)
    except Exception:
        log.exception("mailbox_reader_failed", channel=channel.slug)
    finally:
        connections.close_all()
