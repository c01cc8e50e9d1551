"""Find the themes that are one event told in several ways: they came in the same hours. Pure: numpy only.

A failure is told in many ways: cannot log in, paid and got nothing, thrown out of my live.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: So much of a theme came within the hours of an outbreak, or it is no part of it.
SUDDEN_SHARE = 0.6
#: It begins with a theme of so many messages that came within two days, a seventh of the period at most.
_BEGUN_BY = 5
_LONGEST_SECONDS = 48 * 3600.0
_LONGEST_SHARE = 1 / 7
_LEAST_AROUND_SECONDS = 3600.0
# What falls into the hours of an outbreak as often as this by chance is no part of it: of two messages one soon does.
_CHANCE = 0.001


def outbreaks(
    moments: Sequence[NDArray[np.float64]], may_begin: Sequence[bool], *, start: float, end: float
) -> list[list[int]]:
    """Return the places of themes that broke out together, each time the one with most messages first.

    ``moments`` are when each theme's messages came, ascending seconds, within the period from ``start`` to ``end``;
    ``may_begin`` says of which themes there is more than usual. What came as evenly as ever joins no outbreak, and a
    theme is in one at most. Outbreaks of one theme are left out.
    """
    longest = min(_LONGEST_SECONDS, _LONGEST_SHARE * (end - start))
    left = set(range(len(moments)))
    found = []
    for first in sorted(left, key=lambda place: (-len(moments[place]), place)):
        if first not in left or not may_begin[first] or len(moments[first]) < _BEGUN_BY:
            continue
        begin, last = shortest_span(moments[first], SUDDEN_SHARE)
        if last - begin > longest:
            continue
        # Others took longer to notice, or to find the words.
        around = max(last - begin, _LEAST_AROUND_SECONDS)
        begin, last = begin - around, last + around
        share = min(1.0, (last - begin) / (end - start))
        together = [
            place for place in sorted(left - {first}) if _came_within(moments[place], begin, last, share)
        ]
        if together:
            found.append([first, *together])
            left -= {first, *together}
    return found


def shortest_span(moments: NDArray[np.float64], share: float) -> tuple[float, float]:
    """Return the first and the last second of the shortest span that holds ``share`` of ``moments`` (n, ascending)."""
    count = math.ceil(share * len(moments))
    lengths = moments[count - 1 :] - moments[: len(moments) - count + 1]
    first = int(lengths.argmin())
    return float(moments[first]), float(moments[first + count - 1])


def _came_within(moments: NDArray[np.float64], begin: float, last: float, share: float) -> bool:
    """Tell whether most ``moments`` are between ``begin`` and ``last``, which are ``share`` of the period."""
    inside = int(((moments >= begin) & (moments <= last)).sum())
    count = len(moments)
    if inside < SUDDEN_SHARE * count:
        return False
    return _chance_at_most(inside / count, share, count) < _CHANCE


def _chance_at_most(part: float, expected: float, count: int) -> float:
    """Return what the chance that ``part`` of ``count`` or more falls where ``expected`` should never exceeds.

    Chernoff's bound of the binomial tail, exact for all or nothing, and of any count.
    """
    if part <= expected:
        return 1.0
    distance = part * math.log(part / expected)
    if part < 1:
        distance += (1 - part) * math.log((1 - part) / (1 - expected))
    return math.exp(-count * distance)
