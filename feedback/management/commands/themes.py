"""Group messages given as JSON lines, for people who want to look at the engine without running the service."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from feedback.analysis.json_lines import as_line, print_groups, read_line
from feedback.themes.group import group

_TEACHING = """
example:
  python3 manage.py themes --language en < messages.jsonl > themes.jsonl

each line of the answer:
  theme   0 is the largest theme; -1 a message that belongs to none
  label   what people of the theme say, in their words; "" without a theme. With --language a phrase in that language
          stands before the words of another, or instead of a poor label, where a known one says the same
  error   only where the line held no text: not JSON, no text, not a string

Themes are of all lines together: nothing is written before the input ends. The same lines and seed give the same
themes. The exit code is 0, whatever the lines hold.
"""


class Command(BaseCommand):
    help = (
        'Read JSON lines {"text": ...} on standard input and write {"theme": number, "label": name} for each, '
        "in order, blank lines included. 0 is the largest theme, -1 none. Starts no server."
    )
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = _TEACHING
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument(
            "--language",
            default="",
            help="the reader's language, zh or en: glosses themes of another; without it no theme is glossed",
        )
        parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same themes")

    def handle(self, *args: Any, language: str, seed: int, **options: Any) -> None:
        print_groups([grouped_lines(sys.stdin.buffer, language=language, seed=seed)], self.stdout)


def grouped_lines(lines: Iterable[bytes], *, language: str = "", seed: int = 0) -> Iterator[str]:
    """Yield the JSON line for each input line, in order. A line that holds no text gets theme -1 and ``error``."""
    read = [read_line(line) for line in lines]
    found = group([line.text for line in read], seed=seed, is_glossed=bool(language))
    for theme, line in zip(found.themes.tolist(), read, strict=True):
        yield as_line({"theme": theme, "label": found.label_of(theme, language)}, line.problem)
