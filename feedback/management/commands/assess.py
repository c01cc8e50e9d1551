"""Assess messages given as JSON lines, for people who want to look at the engine without running the service."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from feedback.analysis.assess import Assessed, assess_many
from feedback.analysis.json_lines import arriving, as_line, print_groups, read_line

_BATCH = 256
_TEACHING = """
example:
  printf '%s\\n' '{"text": "不想活了"}' '{"text": "Great app"}' | python3 manage.py assess

each line of the answer:
  language, language_confidence    BCP 47: zh-Hans, zh-Hant, en, ja, ...; und without words
  sentiment, sentiment_confidence  -1 discontent .. 1 content, within .25 of 0 neutral; high or low
  tone                             anger, fear, sadness, joy, none
  topic                            what it is about
  urgency, lane, pages             0..1; red from .8, amber from .5, else none; whether somebody is called
  categories                       [[code, probability], ...], the likeliest crisis first; look at two
  flags                            minor, sensitive, repeat, going_public
  reasons                          why: the sentence, words, facts, known cases near it
  model_version                    changes with any of the models
  error                            only where the line held no text: not JSON, no text, not a string

Lines are answered as they arrive, in their order, in constant memory. The exit code is 0, whatever the lines hold.
"""


class Command(BaseCommand):
    help = (
        'Read JSON lines {"text": ...} on standard input and write one JSON line of assessment for each, '
        "blank lines included. Starts no server."
    )
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = _TEACHING
        parser.formatter_class = RawDescriptionHelpFormatter

    def handle(self, *args: Any, **options: Any) -> None:
        groups = arriving(sys.stdin.buffer, most=_BATCH)
        print_groups(map(assessed_lines, groups), self.stdout)


def assessed_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the JSON line for each input line, in order, assessing all at once.

    A line that holds no text gives ``error`` beside an empty assessment.
    """
    read = [read_line(line) for line in lines]
    for line, assessed in zip(read, assess_many([line.text for line in read]), strict=True):
        yield as_line(as_json(assessed), line.problem)


def as_json(assessed: Assessed) -> dict[str, object]:
    """Return what the command prints for one message."""
    return {
        "language": assessed.language,
        "language_confidence": assessed.language_confidence,
        "sentiment": assessed.sentiment,
        "sentiment_confidence": assessed.sentiment_confidence,
        "tone": assessed.tone,
        "topic": assessed.topic,
        "urgency": assessed.urgency,
        "lane": assessed.lane,
        "pages": assessed.pages,
        "categories": [list(pair) for pair in assessed.categories],
        "flags": list(assessed.flags),
        "reasons": list(assessed.reasons),
        "model_version": assessed.model_version,
    }
