"""Build the models of the analysis from the texts in the repository."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.analysis.artifacts import TRAINED, checksum, checksums, model_version, save
from feedback.analysis.training.build import BUILDERS, build


class Command(BaseCommand):
    help = "Build the language models from feedback/analysis/data and store them with their checksums."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", help=f"which of {', '.join(BUILDERS)}; all when left out")
        parser.add_argument(
            "--check",
            action="store_true",
            help="store nothing, and fail when a built model differs from the stored one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = list(options["models"] or BUILDERS)
        if unknown := sorted(set(names) - set(BUILDERS)):
            raise CommandError(f"no such model: {', '.join(unknown)}")
        for name in names:
            arrays = build(name, self.stderr.write)
            if options["check"]:
                found = checksum(arrays)
                if found != checksums().get(name):
                    raise CommandError(f"{name} was built anew with other contents than {TRAINED} holds")
            else:
                found = save(name, arrays)
            self.stdout.write(f"{name} {found}")
        model_version.cache_clear()
        self.stdout.write(f"version {model_version()}")
