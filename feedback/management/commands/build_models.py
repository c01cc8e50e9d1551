"""Build the models of the analysis from the texts in the repository."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.analysis.artifacts import TRAINED, checksums, model_version
from feedback.analysis.training.build import BUILDERS, build


class Command(BaseCommand):
    help = "Build the language models from feedback/analysis/data and store them with their checksums."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", help=f"which of {', '.join(BUILDERS)}; all when left out")
        parser.add_argument(
            "--check", action="store_true", help="fail when a built model differs from the stored one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = list(options["models"] or BUILDERS)
        if unknown := sorted(set(names) - set(BUILDERS)):
            raise CommandError(f"no such model: {', '.join(unknown)}")
        before = checksums()
        for name, checksum in build(names, self.stderr.write).items():
            self.stdout.write(f"{name} {checksum}")
            if options["check"] and before.get(name) != checksum:
                raise CommandError(f"{name} was built anew with other contents than {TRAINED} held")
        model_version.cache_clear()
        self.stdout.write(f"version {model_version()}")
