"""Choose the passages that represent an entry when meanings are compared. Pure."""

from __future__ import annotations

import re

from feedback.analysis.sentences import split, width

#: The beginning says what an article is about; step 7 of its instructions resembles many others.
MOST_SENTENCES = 4
MOST_PASSAGES = 24
_LEAST_WIDTH = 12
_LONGEST = 400
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|[-*]\s+|\d+[.)]\s+)|\*+|`|\]\([^)\s]*\)|\[", re.MULTILINE)


def plain_text(markdown: str) -> str:
    """Return ``markdown`` without its markup."""
    return _MARKS.sub("", markdown).strip()


def passages_of(title: str, *, asked: str = "", body: str = "") -> list[str]:
    """Return the distinct passages of an entry: its title, how people say it, and the beginning of its text."""
    sentences = [sentence.text for sentence in split(plain_text(body)[:2_000])]
    beginning = [text for text in sentences if width(text) >= _LEAST_WIDTH][:MOST_SENTENCES]
    found = [title, *asked.splitlines(), *beginning]
    return list(dict.fromkeys(text.strip()[:_LONGEST] for text in found if text.strip()))[:MOST_PASSAGES]
