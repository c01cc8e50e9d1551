from __future__ import annotations

import os
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

Loop = Callable[[threading.Event], None]

# A loop that has not ended by then is abandoned: its claims are leases and expire.
SECONDS_TO_END = 4.0


class Command(BaseCommand):
    help = (
        "Run loops (settings.LOOPS: beat, sweeper, auditor ...) until SIGTERM, each in a thread. "
        "Any number of these processes may run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[*settings.LOOPS, []], metavar="name")
        parser.add_argument("--all", action="store_true", help="every loop, as on one small machine")

    def handle(self, *args: Any, **options: Any) -> None:
        names = list(settings.LOOPS) if options["all"] else options["names"]
        if not names:
            raise CommandError(f"Name loops ({', '.join(settings.LOOPS)}) or say --all.")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        died: list[str] = []
        threads = [
            threading.Thread(target=run, args=(name, stop, died), name=name, daemon=True) for name in names
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        deadline = time.monotonic() + SECONDS_TO_END
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if died:
            # Not SystemExit, which would wait for a thread that hangs.
            os._exit(1)


def run(name: str, stop: threading.Event, died: list[str]) -> None:
    """Run one loop; if it ends by itself, end the process so that the supervisor restarts it as a whole."""
    try:
        loop: Loop = import_string(settings.LOOPS[name])
        loop(stop)
    except Exception:
        log.exception("loop_failed", loop=name)
    finally:
        connections.close_all()
        if not stop.is_set():
            died.append(name)
            stop.set()
