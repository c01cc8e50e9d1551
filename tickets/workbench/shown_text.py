"""Split a message's text into pieces for display: own and quoted text, danger words, links. Pure.

Pieces are plain text; the template escapes each, so that nothing a customer wrote becomes markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LINK = re.compile(r"https?://[^\s<>\"'，。；！？、（）《》]+[^\s<>\"'，。；！？、（）《》.,;:!?)\]]")
_QUOTED = re.compile(r"^\s*[>＞]")
# The line that mail programs put above quoted text.
_ATTRIBUTION = re.compile(
    r"^\s*(?:On .{5,200} wrote:|.{5,200}(?:写道|寫道)[:：]|-{2,}\s*(?:Original Message|原始邮件|原始郵件)\s*-{2,}"
    r"|_{10,}|(?:From|发件人|寄件者)\s*[:：].{0,200})\s*$"
)


@dataclass(frozen=True)
class Piece:
    """A run of text: ``mark`` is the crisis category or signal it matched, ``link`` an http(s) URL."""

    text: str
    mark: str = ""
    link: str = ""


def fold_quote(text: str) -> tuple[str, str]:
    """Return what the sender wrote and what they quoted below it; the first is empty only if ``text`` is.

    Reads each line at most twice: an inbox folds fifty messages, and any of them may be all line breaks.
    """
    lines = text.split("\n")
    said = [number for number, line in enumerate(lines) if line.strip()]
    others = [number for number in said if not _QUOTED.match(lines[number])]
    # The run of quoted lines at the end.
    only_quotes = range(others[-1] + 1 if others else 0, said[-1] + 1 if said else 0)
    for number, line in enumerate(lines):
        if said and said[0] < number and (number in only_quotes or _ATTRIBUTION.match(line)):
            return "\n".join(lines[:number]).rstrip(), "\n".join(lines[number:])
    return text, ""


def spans_of(hits: Iterable[Mapping[str, Any]], text: str, *, key: str) -> list[tuple[int, int, str]]:
    """Return (start, end, mark) of each of ``hits`` that matches ``text`` at its position; ``key`` names the mark."""
    spans = []
    for hit in hits:
        start, end = hit.get("start"), hit.get("end")
        if isinstance(start, int) and isinstance(end, int) and text[start:end] == hit.get("text") != "":
            spans.append((start, end, str(hit.get(key, ""))))
    return spans


def pieces_of(text: str, spans: Sequence[tuple[int, int, str]] = ()) -> list[Piece]:
    """Split ``text`` into pieces, in order; of overlapping spans the first wins, at the same start marks over links."""
    pieces: list[Piece] = []
    at = 0
    links = [(match.start(), match.end(), "") for match in _LINK.finditer(text)]
    for start, end, mark in sorted([*spans, *links], key=lambda span: (span[0], not span[2])):
        if start < at or end > len(text):
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        shown = text[start:end]
        pieces.append(Piece(shown, mark=mark) if mark else Piece(shown, link=shown))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
