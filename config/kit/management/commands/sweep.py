from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from config.kit.outbox.sweeper import sweep_until


class Command(BaseCommand):
    help = (
        "Do the outbox rows that Celery missed, for ever. Needs PostgreSQL only. "
        "Run one or more of these; they share the work."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        sweep_until(stop)
