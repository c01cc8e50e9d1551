"""Assess messages given as JSON lines, for people who want to look at the engine without running the
service.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from feedback.analysis.assess import Assessed, assess_many

_BATCH = 256


class Command(BaseCommand):
    help = (
        'Read JSON lines {"text": ...} on standard input and write one JSON line of assessment for each, '
        "blank lines included. Starts no server."
    )
    requires_system_checks = []
    needs_servers = False

    def handle(self, *args: Any, **options: Any) -> None:
        for line in assessed_lines(sys.stdin.buffer):
            self.stdout.write(line)
        self.stdout.flush()


def assessed_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the JSON line for each input line, in order. A line that holds no text gives ``error`` beside
    an empty assessment.
    """
    batch: list[tuple[str, str | None]] = []
    for line in lines:
        batch.append(_text(line))
        if len(batch) == _BATCH:
            yield from _written(batch)
            batch = []
    yield from _written(batch)


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
    return (entry, None) if isinstance(entry, str) else ("", "text is not a string")


def _written(batch: list[tuple[str, str | None]]) -> Iterator[str]:
    for (_, problem), assessed in zip(batch, assess_many([text for text, _ in batch]), strict=True):
        out = as_json(assessed)
        if problem:
            out["error"] = problem
        yield json.dumps(out, ensure_ascii=False).encode("utf-8", "replace").decode()


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
