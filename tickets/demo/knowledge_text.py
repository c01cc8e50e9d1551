"""Parse tickets/demo/texts/knowledge.txt. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

_HEAD = re.compile(r"^\[(article|problem): (.*)\]$", re.MULTILINE)
_LANGUAGE = re.compile(r"^([a-z]{2}(?:-[A-Za-z]+)?): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Wording:
    language: str
    title: str
    body: str
    asked: str


@dataclass(frozen=True)
class Entry:
    """One entry: ``kind`` is "article" or "problem", ``head`` the four fields of its first line."""

    kind: str
    head: tuple[str, ...]
    wordings: tuple[Wording, ...]

    def texts(self) -> list[dict[str, str]]:
        return [asdict(wording) for wording in self.wordings]


def entries_in(text: str) -> list[Entry]:
    """Return the entries of ``text`` in order."""
    pieces = _HEAD.split(text)[1:]
    return [
        Entry(kind, tuple(part.strip() for part in head.split("|")), tuple(_wordings(body)))
        for kind, head, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    ]


def _wordings(body: str) -> Iterator[Wording]:
    pieces = _LANGUAGE.split(body)[1:]
    for language, title, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        lines = text.strip().split("\n")
        asked = [line[2:].strip() for line in lines if line.startswith("? ")]
        rest = [line for line in lines if not line.startswith("? ")]
        yield Wording(language, title.strip(), "\n".join(rest).strip(), "\n".join(asked))
