from __future__ import annotations

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.kit.outbox.services import database_now
from tickets.crisis.findings import audit
from tickets.crisis.loops import audit_until


class Command(BaseCommand):
    help = (
        "Look for what must never be: urgent work that waits, an urgent ticket without a next step, a silent "
        "process ... Prints what it finds and exits with 1 when there is anything; new findings page the on-call."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="look every 30 s until SIGTERM")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"]:
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            audit_until(stop)
            return
        findings = audit(database_now())
        for finding in findings:
            self.stdout.write(f"{finding.code}: {finding}, since {finding.opened_at:%Y-%m-%d %H:%M} UTC")
        if findings:
            sys.exit(1)
        self.stdout.write("Nothing is wrong.")
