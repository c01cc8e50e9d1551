"""The process that reads mailboxes: one thread each, so that a slow server delays no other."""

from __future__ import annotations

import threading

import structlog
from django.db import close_old_connections, connections

from config.kit.heartbeats import beat
from config.kit.outbox.services import database_now
from feedback.channels.email.polling import due_mailboxes, poll
from feedback.intake.models import Channel

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0


def read_mail_until(stop: threading.Event) -> None:
    """Read each mailbox when it is due, until ``stop``. Any number of processes may: a lease decides."""
    readers: dict[int, threading.Thread] = {}
    while not stop.wait(TICK_SECONDS):
        try:
            close_old_connections()
            now = database_now()
            beat("mail", at=now)
            due = due_mailboxes(now)
        except Exception:
            log.exception("mail_loop_failed")
            continue
        for channel in due:
            reader = readers.get(channel.pk)
            if reader is None or not reader.is_alive():
                readers[channel.pk] = threading.Thread(
                    target=_read, args=(channel, stop), name=f"mail-{channel.slug}", daemon=True
                )
                readers[channel.pk].start()
    for reader in readers.values():
        reader.join(timeout=5)


def _read(channel: Channel, stop: threading.Event) -> None:
    try:
        poll(channel, at=database_now(), should_stop=stop.is_set)
    except Exception:
        log.exception("mailbox_reader_failed", channel=channel.slug)
    finally:
        connections.close_all()
