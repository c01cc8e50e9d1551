"""Decide which entries are worth showing to a reader, and in which order. Pure.

``Candidate.cosine`` measures similarity of meaning, ``overlap`` shared words; habits only decide between relevant
candidates and never add an irrelevant one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from config.kit.languages import distance, is_foreign

#: From here on a passage is about the same thing as the question (see docs/model-card.md).
NEAR_FROM = 0.45
#: What a complete overlap of words adds to the cosine.
WORDS_WEIGH = 0.25
#: Without a vector: an overlap of words, as a cosine of the two sets, that is not accidental.
SHARED_FROM = 0.2
#: An entry that scores this much below the best is not shown.
FAR_BEHIND = 0.2
_TOPIC, _PLATFORM, _OTHER_PLATFORM, _READ_ALREADY = 0.03, 0.03, -0.05, -0.25


@dataclass(frozen=True)
class Reader:
    """The reader: ``language`` is a tag, ``platform`` and ``topic`` may be empty, ``read`` are entries already read."""

    language: str
    platform: str = ""
    topic: str = ""
    read: Collection[int] = ()


@dataclass(frozen=True)
class Candidate:
    """A wording of entry ``entry``; ``cosine`` is None when the question has no vector."""

    entry: int
    wording: int
    language: str
    overlap: float
    cosine: float | None = None
    topic: str = ""
    platforms: Sequence[str] = ()


@dataclass(frozen=True)
class Ranked:
    """An entry to show in ``wording``; ``is_foreign`` when that is not in the reader's language."""

    entry: int
    wording: int
    score: float
    is_foreign: bool
    was_read: bool


def overlap_of(question: Collection[str], entry: Collection[str]) -> float:
    """Return the share of lexemes that two texts have in common, 0..1: the cosine of the two sets."""
    if not question or not entry:
        return 0.0
    return len(set(question) & set(entry)) / sqrt(len(question) * len(entry))


def relevance(candidate: Candidate) -> float | None:
    """Return how relevant ``candidate`` is to the question, None when it is irrelevant."""
    if candidate.cosine is None:
        return candidate.overlap if candidate.overlap >= SHARED_FROM else None
    score = candidate.cosine + WORDS_WEIGH * candidate.overlap
    return score if score >= NEAR_FROM else None


def rank(candidates: Iterable[Candidate], reader: Reader, *, most: int) -> list[Ranked]:
    """Return the ``most`` best entries for ``reader``, best first, each once.

    An entry scores as its best wording in any language; of its wordings among ``candidates``, the one nearest to
    the reader's language is shown.
    """
    entries: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        entries.setdefault(candidate.entry, []).append(candidate)
    relevant = {entry: score for entry, wordings in entries.items() if (score := _best(wordings)) is not None}
    bar = max(relevant.values(), default=0.0) - FAR_BEHIND
    ranked = []
    for entry, score in relevant.items():
        if score < bar:
            continue
        wordings = entries[entry]
        shown = min(wordings, key=lambda one: (distance(one.language, reader.language), one.wording))
        was_read = entry in reader.read
        ranked.append(
            Ranked(
                entry=entry,
                wording=shown.wording,
                score=score + _liking(shown, reader) + was_read * _READ_ALREADY,
                is_foreign=is_foreign(shown.language, reader.language),
                was_read=was_read,
            )
        )
    return sorted(ranked, key=lambda one: (-one.score, one.entry))[:most]


def _best(wordings: Iterable[Candidate]) -> float | None:
    return max((score for wording in wordings if (score := relevance(wording)) is not None), default=None)


def _liking(candidate: Candidate, reader: Reader) -> float:
    liking = _TOPIC if reader.topic and candidate.topic == reader.topic else 0.0
    if candidate.platforms and reader.platform:
        fits = any(name.lower() in reader.platform.lower() for name in candidate.platforms)
        liking += _PLATFORM if fits else _OTHER_PLATFORM
    return liking
