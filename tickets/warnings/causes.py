"""The possible causes of a surge, the messages about each, and which of them surge now.

Pure: numpy only. A cause is a known theme; a crowd, which is several people saying the same that no theme covers yet;
a topic; or all feedback together. Specific causes come first: a topic, or all feedback, is a finding only if it still
surges without the messages that a theme or a crowd already explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import OTHER, nearest_theme
from tickets.warnings.surge import (
    DAY,
    DAYS_LEARNED,
    HOUR,
    LEAST_DAYS,
    LEAST_PEOPLE,
    WINDOWS,
    Rhythm,
    Surge,
    Usual,
    rhythm_of,
    spread_of,
    surge_of,
    usual_of,
)

THEME, CROWD, TOPIC, ALL = "theme", "crowd", "topic", "all"
#: Two messages with at least this cosine report the same matter; several of them form a crowd.
SAME = 0.65
#: A message with at least this cosine to the centre of a crowd belongs to it; crowds with centres this near are one.
NEAR = 0.5
# A new cause with less than this share of the largest one's people is an echo of it, not a cause of its own.
_ECHO = 1 / 3
#: The most messages without a theme that are searched for crowds, the newest ones: new matters show up lately.
MOST_LOOSE = 3_000
#: The number of crowds that could have formed by chance: each counts as a cause examined, whether or not it formed.
_CROWDS_LOOKED_AT = 30
# The row of a theme that is no longer known: no message belongs to it.
_NO_THEME = -2


@dataclass(frozen=True)
class Heard:
    """Messages as columns of equal length n, oldest first.

    ``vectors`` (n, 512) float32 of unit length, zeros for messages without words; ``said_at`` seconds since 1970;
    ``people`` customer ids, merged customers as one; ``topics`` codes.
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    said_at: NDArray[np.float64]
    people: NDArray[np.int64]
    topics: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Cause:
    """What messages are about: ``key`` is a theme's id or a topic's code, ``centre`` (512,) of a theme or crowd."""

    kind: str
    key: str = ""
    centre: NDArray[np.float32] | None = field(default=None, compare=False)

    @property
    def width(self) -> int:
        """How broad it is: 0 a theme or a crowd, 1 a topic, 2 all feedback."""
        return {TOPIC: 1, ALL: 2}.get(self.kind, 0)

    def is_same(self, other: Cause) -> bool:
        """Whether both are the same: by kind and key or, when either is a crowd, by how near their centres are."""
        if self.centre is not None and other.centre is not None and CROWD in (self.kind, other.kind):
            return float(self.centre @ other.centre) >= NEAR
        return self.kind != CROWD and (self.kind, self.key) == (other.kind, other.key)


@dataclass(frozen=True)
class Themes:
    """The known themes: ids (k,), unit centres (k, 512), and the least cosine of messages that belong to them (k,)."""

    ids: NDArray[np.int64]
    centres: NDArray[np.float32]
    reach: NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """One cause now: ``people`` and ``expected`` in each of WINDOWS, its ``surge`` if any, its recent ``rows``.

    ``is_tracked`` if it was asked for, or is the same as one that was.
    ``hours`` are the hours of the last day: (begin in seconds since 1970, people, expected).
    """

    cause: Cause
    people: tuple[int, ...]
    expected: tuple[float, ...]
    surge: Surge | None
    rows: NDArray[np.int64]
    hours: tuple[tuple[int, int, float], ...]
    is_tracked: bool


@dataclass(frozen=True)
class Past:
    """The weeks before: the messages, the weight of each day, and the share of messages that was sampled."""

    heard: Heard
    sampled: float
    rhythm: Rhythm
    edges: NDArray[np.float64]
    day_weights: NDArray[np.float64]

    @property
    def is_known(self) -> bool:
        """Whether there is enough history to call anything unusual."""
        return int((self.day_weights > 0).sum()) >= LEAST_DAYS

    def people_by_day(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return (DAYS_LEARNED,) the number of distinct people behind the masked messages of each day."""
        day = np.searchsorted(self.edges, self.heard.said_at[mask], side="right") - 1
        pairs = np.unique(np.stack([day, self.heard.people[mask]]), axis=1)
        return np.bincount(pairs[0].astype(np.int64), minlength=DAYS_LEARNED)[:DAYS_LEARNED]


def past_of(heard: Heard, *, until: float, since: float, sampled: float = 1.0, offset: float = 0.0) -> Past:
    """Return the DAYS_LEARNED days before ``until`` from what was ``heard``; the service has run since ``since``."""
    edges = until - DAY * np.arange(DAYS_LEARNED, -1, -1, dtype=np.float64)
    rhythm = rhythm_of(heard.said_at, offset=offset)
    weights = np.array(
        [rhythm.days_in(start, end) if start >= since else 0.0 for start, end in pairwise(edges.tolist())]
    )
    return Past(heard, sampled, rhythm, edges, weights)


class Watch:
    """One comparison of the last day with the weeks before, at ``now`` (seconds since 1970)."""

    def __init__(self, recent: Heard, past: Past, themes: Themes, *, now: float) -> None:
        self.recent, self.past, self.themes, self.now = recent, past, themes, now
        self._recent_theme = nearest_theme(recent.vectors, themes.centres, themes.reach)
        self._past_theme = nearest_theme(past.heard.vectors, themes.centres, themes.reach)
        self._days = [past.rhythm.days_in(now - window, now) for window in WINDOWS]
        self._explained = np.zeros(len(recent), bool)
        self._rows_of_theme = {int(theme): row for row, theme in enumerate(themes.ids)}
        known = [self._usual_rows(cause) for cause in self._named()]
        self._spread = spread_of([past.people_by_day(rows) for rows in known], past.day_weights)
        self._of_all = self._times_of_all()

    def readings(
        self, tracked: Sequence[Cause] = (), *, dismissed: Callable[[Cause], int] = lambda cause: 0
    ) -> list[Reading]:
        """Return the ``tracked`` causes as they stand, then the new ones that surge, specific ones first.

        New causes broader than the most specific one that surges, and echoes, are left out. ``dismissed`` returns how
        many times a cause was dismissed. Empty while too little history is known.
        """
        if not self.past.is_known:
            return []
        watched = len(self.themes.ids) + len(np.unique(self.recent.topics)) + 1 + _CROWDS_LOOKED_AT
        kept: list[Reading] = []
        new: list[Reading] = []
        for cause in [*self._particular(tracked), *self._general()]:
            is_tracked = any(cause.is_same(one) for one in tracked)
            reading = self._read(cause, causes=watched, is_tracked=is_tracked)
            explains = reading.surge is not None or is_tracked
            if reading.surge and (times := dismissed(cause)):
                reading = self._read(cause, causes=watched, is_tracked=is_tracked, dismissed=times)
            if explains:
                # Dismissed causes too: their messages must not come back as those of a broader cause.
                self._explained[reading.rows] = True
            if is_tracked:
                kept.append(reading)
            elif reading.surge:
                new.append(reading)
        surging = [one for one in [*kept, *new] if one.surge]
        finest = min((one.cause.width for one in surging), default=0)
        loudest = max((one.people[-1] for one in surging if one.cause.width == finest), default=0)
        # When something specific surges, a topic or all feedback that surges with it is hardly anything else.
        return [
            *kept,
            *(one for one in new if one.cause.width == finest and one.people[-1] >= _ECHO * loudest),
        ]

    def _named(self) -> Iterator[Cause]:
        for theme, centre in zip(self.themes.ids.tolist(), self.themes.centres, strict=True):
            yield Cause(THEME, str(theme), centre)
        yield from self._general()

    def _general(self) -> Iterator[Cause]:
        for topic in np.unique(self.recent.topics).tolist():
            yield Cause(TOPIC, topic)
        yield Cause(ALL)

    def _particular(self, tracked: Sequence[Cause]) -> list[Cause]:
        """Return the themes, the tracked crowds, and the new crowds that are none of these."""
        themes = [cause for cause in self._named() if cause.kind == THEME]
        found = [*themes, *(cause for cause in tracked if cause.kind == CROWD)]
        for crowd in self._crowds(tracked):
            if not any(crowd.is_same(other) for other in found if other.kind == CROWD):
                found.append(crowd)
        return found

    def _crowds(self, tracked: Sequence[Cause]) -> list[Cause]:
        """Return the crowds: what several people say and no theme or tracked crowd covers, the largest first."""
        loose = np.flatnonzero((self._recent_theme == OTHER) & self.recent.vectors.any(axis=1))[-MOST_LOOSE:]
        followed = [cause.centre for cause in tracked if cause.kind == CROWD and cause.centre is not None]
        vectors = self.recent.vectors[loose]
        if followed:
            loose = loose[(vectors @ np.array(followed).T).max(axis=1) < NEAR]
            vectors = self.recent.vectors[loose]
        near = vectors @ vectors.T >= SAME
        found = []
        while near.any():
            densest = int(near.sum(axis=1).argmax())
            members = np.flatnonzero(near[densest])
            if len(members) < LEAST_PEOPLE[0]:
                break
            if len(np.unique(self.recent.people[loose[members]])) >= LEAST_PEOPLE[0]:
                middle = vectors[members].mean(axis=0)
                centre = middle / np.linalg.norm(middle)
                found.append(Cause(CROWD, centre=centre))
                members = np.flatnonzero((vectors @ centre >= NEAR) | near[densest])
            near[members, :] = False
            near[:, members] = False
        return found

    def _read(self, cause: Cause, *, causes: int, is_tracked: bool, dismissed: int = 0) -> Reading:
        rows = np.flatnonzero(self._rows(cause))
        usual = self._usual(cause)
        people = tuple(
            len(np.unique(self.recent.people[rows[self.recent.said_at[rows] > self.now - window]]))
            for window in WINDOWS
        )
        surge = surge_of(
            people,
            usual,
            self._days,
            of_all=None if cause.kind == ALL else self._of_all,
            causes=causes,
            dismissed=dismissed,
        )
        expected = tuple(usual.a_day * days for days in self._days)
        hours = tuple(self._hours(rows, usual))
        return Reading(cause, people, expected, surge, rows, hours, is_tracked)

    def _hours(self, rows: NDArray[np.int64], usual: Usual) -> Iterator[tuple[int, int, float]]:
        last = int(self.now // HOUR * HOUR)
        said_at, people = self.recent.said_at[rows], self.recent.people[rows]
        for begin in range(last - int(DAY) + int(HOUR), last + 1, int(HOUR)):
            here = (said_at >= begin) & (said_at < begin + HOUR)
            expected = usual.a_day * self.past.rhythm.days_in(begin, begin + HOUR)
            yield begin, len(np.unique(people[here])), round(expected, 3)

    def _rows(self, cause: Cause) -> NDArray[np.bool_]:
        """Return which recent messages are about ``cause``; for broad causes, those that nothing else explains."""
        spoken = self._speaks(cause, self.recent, self._recent_theme)
        return spoken & ~self._explained if cause.width else spoken

    def _usual_rows(self, cause: Cause) -> NDArray[np.bool_]:
        return self._speaks(cause, self.past.heard, self._past_theme)

    def _speaks(self, cause: Cause, heard: Heard, theme_of: NDArray[np.int64]) -> NDArray[np.bool_]:
        if cause.kind == THEME:
            return np.asarray(theme_of == self._rows_of_theme.get(int(cause.key), _NO_THEME))
        if cause.centre is not None:
            return np.asarray(heard.vectors @ cause.centre >= NEAR)
        return heard.topics == cause.key if cause.kind == TOPIC else np.ones(len(heard), bool)

    def _usual(self, cause: Cause) -> Usual:
        counts = self.past.people_by_day(self._usual_rows(cause))
        return usual_of(counts, self.past.day_weights, sampled=self.past.sampled, spread=self._spread)

    def _times_of_all(self) -> list[float]:
        """Return how many times the usual all feedback together is in each of WINDOWS, at least 1."""
        usual = self._usual(Cause(ALL))
        return [
            max(
                1.0,
                len(np.unique(self.recent.people[self.recent.said_at > self.now - window]))
                / max(usual.a_day * days, 0.1),
            )
            for window, days in zip(WINDOWS, self._days, strict=True)
        ]
