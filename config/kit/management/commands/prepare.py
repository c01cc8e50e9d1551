from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.kit import requirements


class Command(BaseCommand):
    help = "Bring database and static files to what this version needs. Run before each start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--database-only", action="store_true", help="an image has its static files already"
        )
        parser.add_argument("--demo", action="store_true", help="load the demo, unless it is loaded")

    def handle(self, *args: Any, **options: Any) -> None:
        if sentences := requirements.missing():
            raise CommandError(" ".join(sentences))
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"Database: migrations to apply: {len(plan)}")
            call_command("migrate", interactive=False, verbosity=0)
        if not options["database_only"]:
            self.collect_static_files()
        if options["demo"] and "load_demo" in get_commands():
            # It writes the logins to HOME / "run" / "logins", one per line; up.py prints them at the end,
            # when they work.
            call_command("load_demo", verbosity=0)

    def collect_static_files(self) -> None:
        """Collect and compress the static files, unless they are unchanged since last time."""
        wanted = fingerprint_of_static_files()
        stamp = Path(settings.STATIC_ROOT) / "collected"
        if not stamp.exists() or stamp.read_text() != wanted:
            self.stdout.write("Static files")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(wanted)


def fingerprint_of_static_files() -> str:
    """Return a digest of the path, size and modification time of every static file of every app."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
