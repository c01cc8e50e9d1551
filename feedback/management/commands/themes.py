"""Group messages given as JSON lines, for people who want to look at the engine without running the service."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from feedback.themes.group import group


class Command(BaseCommand):
    help = (
        'Read JSON lines {"text": ...} on standard input and write {"theme": number, "label": name} for each, '
        "in order, blank lines included. 0 is the largest theme, -1 none. Starts no server."
    )
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--language",
            default="",
            help="the reader's language, zh or en; without it a theme written in both is named in both",
        )
        parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same themes")

    def handle(self, *args: Any, language: str, seed: int, **options: Any) -> None:
        for line in grouped_lines(sys.stdin.buffer, language=language, seed=seed):
            self.stdout.write(line)
        self.stdout.flush()


def grouped_lines(lines: Iterable[bytes], *, language: str = "", seed: int = 0) -> Iterator[str]:
    """Yield the JSON line for each input line, in order. A line that holds no text gets theme -1 and ``error``."""
    read = [_text(line) for line in lines]
    found = group([text for text, _problem in read], seed=seed)
    for theme, (_, problem) in zip(found.themes.tolist(), read, strict=True):
        answer = {"theme": theme, "label": found.label_of(theme, language)}
        if problem:
            answer["error"] = problem
        yield json.dumps(answer, ensure_ascii=False)


def _text(line: bytes) -> tuple[str, str | None]:
    """Return the text of one line and what is wrong with the line, if anything."""
    if not line.strip():
        return "", None
    try:
        entry = json.loads(line.decode("utf-8", "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as problem:
        return "", f"not JSON: {str(problem)[:100]}"
    if isinstance(entry, dict):
        entry = entry.get("text")
    if entry is None:
        return "", None
    if not isinstance(entry, str):
        return "", "text is not a string"
    # A lone surrogate is legal JSON and no text: it could not be written out again.
    return entry.encode("utf-8", "replace").decode("utf-8"), None
