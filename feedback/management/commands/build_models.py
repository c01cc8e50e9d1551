"""Build the models of the analysis from the texts in the repository."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.analysis.artifacts import (
    TRAINED,
    Arrays,
    checksum,
    checksums,
    difference,
    load,
    model_version,
    save,
)
from feedback.analysis.training.build import BUILDERS, build

#: What another processor's way of adding may change; a text or a setting that differs changes far more.
_ROUNDING = 1e-4


class Command(BaseCommand):
    help = "Build the language models from feedback/analysis/data and store them with their checksums."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", help=f"which of {', '.join(BUILDERS)}; all when left out")
        parser.add_argument(
            "--check",
            action="store_true",
            help="store nothing, and fail when a built model differs from the stored one by more than rounding",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = list(options["models"] or BUILDERS)
        if unknown := sorted(set(names) - set(BUILDERS)):
            raise CommandError(f"no such model: {', '.join(unknown)}")
        for name in names:
            arrays = build(name, self.stderr.write)
            found = self._compared(name, arrays) if options["check"] else save(name, arrays)
            self.stdout.write(f"{name} {found}")
        model_version.cache_clear()
        self.stdout.write(f"version {model_version()}")

    def _compared(self, name: str, arrays: Arrays) -> str:
        found = checksum(arrays)
        if found == checksums().get(name):
            return found
        largest = difference(arrays, load(name))
        if largest > _ROUNDING:
            raise CommandError(f"{name} was built anew with other contents than {TRAINED} holds")
        return f"is the stored one but for rounding on this processor (at most {largest:.0e})"
