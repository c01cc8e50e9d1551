"""Load the demo, or go on loading it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config.kit.outbox.services import database_now
from tickets.demo.cast import welcome
from tickets.demo.loading import is_loaded, load


class Command(BaseCommand):
    help = (
        "Load six months of feedback for an app that does not exist: some 5,000 messages, their tickets and answers, "
        "and the logins agent, lead, administrator and customer. Embedded servers only. Loading it again adds "
        "nothing; an interrupted load is finished."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_EMBEDDED:
            raise CommandError(
                "The demo and its fixed logins belong on the embedded servers of one machine; DATABASE_URL names "
                "others. Nothing was loaded."
            )
        if not is_loaded():
            with tqdm(unit="message", desc="Demo", file=sys.stderr) as bar:
                for progress in load(database_now()):
                    bar.total = progress.of
                    bar.update(progress.messages - bar.n)
        # The supervisor shows these lines when everything is up.
        noted = Path(settings.HOME) / "run" / "logins"
        noted.parent.mkdir(parents=True, exist_ok=True)
        noted.write_text(welcome(), encoding="utf-8")
        if options["verbosity"]:
            self.stdout.write(welcome())
