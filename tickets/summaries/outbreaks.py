"""Find themes that report one event in different words, because they came in the same hours. Pure: numpy only.

People describe one failure in many ways: cannot log in, paid and got nothing, thrown out of my live.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: At least this share of a theme's messages must fall within the hours of an outbreak for the theme to be part of it.
SUDDEN_SHARE = 0.6
#: An outbreak starts from a theme of at least this many messages, ``SUDDEN_SHARE`` of which came within two days and
#: within a seventh of the period.
_BEGUN_BY = 5
_LONGEST_SECONDS = 48 * 3600.0
_LONGEST_SHARE = 1 / 7
_LEAST_AROUND_SECONDS = 3600.0
# A theme that falls into the hours of an outbreak by chance at least this often is not part of it: one of two messages
# easily does.
_CHANCE = 0.001


def outbreaks(
    moments: Sequence[NDArray[np.float64]], may_begin: Sequence[bool], *, start: float, end: float
) -> list[list[int]]:
    """Return the indexes of themes that broke out together, in each outbreak the one with most messages first.

    ``moments`` holds the times of each theme's messages, ascending seconds, in the period from ``start`` to ``end``;
    ``may_begin`` says for each theme whether there is more of it than usual. A theme whose messages are spread evenly
    joins no outbreak, and a theme is in at most one. Outbreaks of a single theme are left out.
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
        # Other people notice earlier or later, or take longer to write.
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
    """Return the first and last second of the shortest span that holds ``share`` of ``moments`` (n, ascending)."""
    count = math.ceil(share * len(moments))
    lengths = moments[count - 1 :] - moments[: len(moments) - count + 1]
    first = int(lengths.argmin())
    return float(moments[first]), float(moments[first + count - 1])


def _came_within(moments: NDArray[np.float64], begin: float, last: float, share: float) -> bool:
    """Return whether most ``moments`` lie in [``begin``, ``last``], ``share`` of the period, and not by chance."""
    inside = int(((moments >= begin) & (moments <= last)).sum())
    count = len(moments)
    if inside < SUDDEN_SHARE * count:
        return False
    return _chance_at_most(inside / count, share, count) < _CHANCE


def _chance_at_most(part: float, expected: float, count: int) -> float:
    """Return an upper bound of the chance that a share ``part`` or more of ``count`` falls where ``expected`` should.

    Chernoff's bound of the binomial tail; exact when ``part`` is 0 or 1, and valid for any ``count``.
    """
    if part <= expected:
        return 1.0
    distance = part * math.log(part / expected)
    if part < 1:
        distance += (1 - part) * math.log((1 - part) / (1 - expected))
    return math.exp(-count * distance)
