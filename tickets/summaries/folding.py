"""Count the themes of one outbreak as one, and rank all themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.themes.corpus import Corpus
from feedback.themes.figures import count_together
from feedback.themes.rank import Score, score
from tickets.summaries.counting import Measured, count_days, severity_of_all
from tickets.summaries.models import Verdict
from tickets.summaries.outbreaks import outbreaks
from tickets.summaries.periods import Period


@dataclass(frozen=True)
class Outbreak:
    """Themes that broke out together, counted as one: distinct people, and one score for all of them.

    ``themes`` are their ids, largest first; ``day`` is the one with most messages, 0 being the first of the period.
    """

    themes: tuple[int, ...]
    day: int
    people: int
    messages: int
    urgent: int
    severity: float
    score: Score


def outbreaks_of(measured: Sequence[Measured], corpus: Corpus, *, period: Period) -> list[Outbreak]:
    """Return the outbreaks among the themes that hurt. Pinned and hidden themes stay apart."""
    foldable = [
        one
        for one in measured
        if not (one.is_praise or one.found.theme.is_pinned or one.found.theme.is_hidden)
    ]
    groups = outbreaks(
        [np.sort(corpus.said_at[one.found.rows]) for one in foldable],
        [one.verdict in (Verdict.NEW, Verdict.WORSE) for one in foldable],
        start=period.start.timestamp(),
        end=period.end.timestamp(),
    )
    total = len(np.unique(corpus.people))
    return [_together([foldable[place] for place in group], corpus, total, period) for group in groups]


def _together(parts: Sequence[Measured], corpus: Corpus, total: int, period: Period) -> Outbreak:
    own = corpus.take(np.concatenate([one.found.rows for one in parts]))
    people, severity, first = len(np.unique(own.people)), severity_of_all(own), parts[0]
    days = np.array(count_days(own, period))
    return Outbreak(
        themes=tuple(one.found.theme.pk for one in parts),
        day=int(days.argmax()),
        people=people,
        messages=len(own),
        urgent=sum(one.urgent for one in parts),
        severity=severity,
        score=score(
            people=people,
            of=total,
            severity=severity,
            ratio=first.change.ratio,
            is_significant=first.change.is_significant,
        ),
    )


def in_order(measured: Sequence[Measured], found: Sequence[Outbreak]) -> list[Measured]:
    """Sort themes by what hurts most; the first theme of an outbreak is ranked by the score of the whole outbreak.

    The other themes of an outbreak come after all those that stand for themselves, and praise comes last.
    """
    weight = {one.themes[0]: one.score.score for one in found}
    folded = {theme for one in found for theme in one.themes[1:]}

    def order(one: Measured) -> tuple[bool, bool, float, int, int]:
        theme = one.found.theme.pk
        return one.is_praise, theme in folded, -weight.get(theme, one.score.score), -one.people, theme

    return sorted(measured, key=order)


def as_stored(
    found: Sequence[Outbreak], ordered: Sequence[Measured], past: Sequence[Period], origins: Sequence[str]
) -> list[dict[str, object]]:
    """Return the outbreaks as a snapshot stores them: ``ranks`` of their themes, and people in each ``past`` period.

    One query per outbreak and past period.
    """
    rank = {one.found.theme.pk: number for number, one in enumerate(ordered, start=1)}
    return [
        {
            "day": one.day,
            "ranks": [rank[theme] for theme in one.themes],
            "people": one.people,
            "messages": one.messages,
            "urgent": one.urgent,
            "severity": round(one.severity, 6),
            "score": round(one.score.score, 6),
            "past": [count_together(one.themes, before.start, before.end, origins) for before in past],
        }
        for one in found
    ]
