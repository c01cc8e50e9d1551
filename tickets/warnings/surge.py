"""Detect whether more people speak of something than usual, how many more, and how sure that is.

Pure: numpy and scipy only. The usual number comes from the weeks before, at the same hour and weekday. The surprise of
a number of people comes from a negative binomial distribution, which allows for the ordinary variation of feedback and
for how little is known about rare causes. The bar follows from the number of false warnings that is acceptable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

HOUR, DAY = 3_600.0, 86_400.0
#: Windows, in seconds, that end now: a burst shows in the short ones, a slow rise in the long ones.
WINDOWS = (0.5 * HOUR, 2 * HOUR, 8 * HOUR, 24 * HOUR)
#: The number of days the usual is learned from; the more recent a day, the more it counts.
DAYS_LEARNED = 28
#: The least days of history: with less, everything would be a surprise.
LEAST_DAYS = 3
_HALF_LIFE = 14.0
#: The least people in each window, however unusual: five in the shortest, twelve in a whole day.
LEAST_PEOPLE = (5, 6, 8, 12)
#: The least multiple of the usual that is a warning, however sure.
LEAST_TIMES = 2.0
# A cause must exceed all feedback's own rise by this factor, or it only rises with everything else.
_LEAST_TIMES_OF_ALL = 1.5
#: How many warnings per month may be raised by chance, over all causes and windows together.
FALSE_A_MONTH = 1.0
# Looks at overlapping windows are correlated: per window length, this many count as independent.
_LOOKS_A_WINDOW = 4.0
# A day of an earlier surge counts as at most this many ordinary days.
_MOST_OF_A_DAY = 3.0
# The prior for a cause that was never heard: half a person per day, with the weight of one day.
_PRIOR_PEOPLE, _PRIOR_DAYS = 0.5, 1.0
# The bounds of the spread by which the usual varies on its own: the variance is mean + spread * mean².
_SPREAD = (0.05, 1.0)
_SMOOTHING = 5.0
# How much each dismissal of a cause raises its bar.
_DISMISSED_ADDS = 3.0


@dataclass(frozen=True)
class Rhythm:
    """How feedback spreads over the day and the week: (24,) and (7,), each with a mean of 1, Monday first.

    Hours and weekdays use a fixed ``offset`` in seconds east of UTC: in the weeks after a DST change, the earlier
    hours are off by one.
    """

    by_hour: NDArray[np.float64]
    by_weekday: NDArray[np.float64]
    offset: float = 0.0

    def days_in(self, start: float, end: float) -> float:
        """Return how many ordinary days of feedback are usual in [start, end), in seconds since 1970."""
        edges = np.unique(np.clip(np.arange(start // HOUR, end // HOUR + 2) * HOUR, start, end))
        hours = np.floor((edges[:-1] + self.offset) / HOUR).astype(np.int64)
        weight = self.by_hour[hours % 24] * self.by_weekday[_weekday(hours // 24)]
        return float((np.diff(edges) * weight).sum() / DAY)


def _weekday(days: NDArray[np.int64]) -> NDArray[np.int64]:
    # 1970 began on a Thursday.
    return (days + 3) % 7


def rhythm_of(said_at: NDArray[np.float64], *, offset: float = 0.0) -> Rhythm:
    """Return the rhythm of messages said at ``said_at`` (n,), smoothed for when they are few."""
    hours = np.floor((said_at + offset) / HOUR).astype(np.int64)

    def even(places: NDArray[np.int64], count: int) -> NDArray[np.float64]:
        counts = np.bincount(places, minlength=count) + _SMOOTHING
        return np.asarray(counts / counts.mean())

    return Rhythm(even(hours % 24, 24), even(_weekday(hours // 24), 7), offset)


@dataclass(frozen=True)
class Usual:
    """What is usual for one cause: people per ordinary day, from how many that is known, and its spread."""

    a_day: float
    known_from: float
    spread: float

    def surprise(self, people: int, days: float) -> float:
        """Return -log10 of the chance of ``people`` or more in a window usually worth ``days`` of feedback."""
        expected = self.a_day * days
        if people <= expected:
            return 0.0
        evenness = 1.0 / (self.spread + 1.0 / (self.known_from + _PRIOR_PEOPLE))
        chance = float(betainc(people, evenness, expected / (expected + evenness)))
        return -float(np.log10(max(chance, 1e-300)))


def usual_of(
    people_by_day: NDArray[np.int64], day_weights: NDArray[np.float64], *, sampled: float = 1.0, spread: float
) -> Usual:
    """Return what is usual given ``people_by_day`` (d,), the people of each past day, newest last.

    ``day_weights`` (d,) is what each day is usually worth in ordinary days (its weekday), 0 for unknown days; only the
    share ``sampled`` of all messages was counted.
    """
    ages = np.arange(len(people_by_day), 0, -1) - 0.5
    memory = 0.5 ** (ages / _HALF_LIFE)
    counts = people_by_day.astype(np.float64)
    known = day_weights > 0
    ordinary = np.median(counts[known] / day_weights[known]) if known.any() else 0.0
    counts = np.minimum(counts, _MOST_OF_A_DAY * (ordinary + 1.0) * np.maximum(day_weights, 0.0))
    exposure = float((memory * day_weights).sum()) * sampled
    seen = float((memory * counts * known).sum())
    return Usual((seen + _PRIOR_PEOPLE) / (exposure + _PRIOR_DAYS * sampled), seen, spread)


def spread_of(counts: Sequence[NDArray[np.int64]], day_weights: NDArray[np.float64]) -> float:
    """Return how much the days of these causes vary beyond chance: the median of (variance - mean) / mean²."""
    known = day_weights > 0
    found = []
    for days in counts:
        even = days[known] / day_weights[known]
        if len(even) > 2 and even.mean() >= 1:
            even = np.minimum(even, _MOST_OF_A_DAY * (np.median(even) + 1))
            found.append((even.var(ddof=1) - even.mean()) / even.mean() ** 2)
    return float(np.clip(np.median(found) if found else 2 * _SPREAD[0], *_SPREAD))


def bar(window: float, causes: int) -> float:
    """Return the least surprise that is worth a warning in ``window`` seconds, with this many ``causes`` watched."""
    looks = max(causes, 1) * _LOOKS_A_WINDOW * 30 * DAY / window
    return float(np.log10(looks * len(WINDOWS) / FALSE_A_MONTH))


@dataclass(frozen=True)
class Surge:
    """More people than usual: in the last ``window`` seconds ``people`` instead of ``expected``.

    ``surprise`` is -log10 of the chance of it, ``bar`` what it had to reach.
    """

    window: float
    people: int
    expected: float
    surprise: float
    bar: float

    @property
    def times(self) -> float:
        """How many times the usual it is; the usual counts as at least a tenth of a person."""
        return self.people / max(self.expected, 0.1)

    @property
    def excess(self) -> float:
        """How far the surprise exceeds the bar."""
        return self.surprise - self.bar


def surge_of(
    people: Sequence[int],
    usual: Usual,
    days: Sequence[float],
    *,
    of_all: Sequence[float] | None = None,
    causes: int,
    dismissed: int = 0,
) -> Surge | None:
    """Return the clearest surge of a cause, None when there is none.

    ``people`` is the number in each of WINDOWS, ``days`` what each window is usually worth in ordinary days.
    ``of_all`` is how many times the usual all feedback together is in each: a cause that only rises with
    everything is no finding. Each time it was ``dismissed``, a cause needs twice the people and a thousand times
    smaller a chance.
    """
    found = []
    for number, window in enumerate(WINDOWS):
        surge = Surge(
            window,
            people[number],
            usual.a_day * days[number],
            usual.surprise(people[number], days[number]),
            bar(window, causes) + _DISMISSED_ADDS * dismissed,
        )
        least = LEAST_TIMES if of_all is None else max(LEAST_TIMES, _LEAST_TIMES_OF_ALL * of_all[number])
        enough = LEAST_PEOPLE[number] * 2**dismissed
        if surge.people >= enough and surge.times >= least and surge.excess >= 0:
            found.append(surge)
    return max(found, key=lambda surge: surge.excess, default=None)
