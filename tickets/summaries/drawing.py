"""Coordinates of the lines, bars and circles in a summary's plots. Pure geometry: templates draw it as SVG.

Inline SVG needs no script, follows the page's light and dark colours, prints sharply and can use every font.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The most lines that can be told apart by colour.
MOST_LINES = 6
# Room for a shortened name, in the units of the map.
_NAME_WIDTH, _NAME_HEIGHT = 170, 14
_NAME_BELOW = 11
# The gap between two bars, as a share of the width of a bar with its gap.
_GAP = 0.2


@dataclass(frozen=True)
class Line:
    """A line: ``points`` of one polyline per unbroken piece, and the position and value of the last point."""

    pieces: tuple[str, ...]
    last_x: float
    last_y: float
    last: float | None


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    value: float


@dataclass(frozen=True)
class Tick:
    at: float
    value: float


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    is_labelled: bool


def line(
    values: Sequence[float | None], *, width: float, height: float, top: float | None = None, pad: float = 3
) -> Line:
    """Return a line through ``values``, left to right, 0 at the bottom and ``top`` (or the largest) at the top."""
    highest = top or max((value for value in values if value is not None), default=0) or 1
    step = (width - 2 * pad) / max(len(values) - 1, 1)
    places = [
        None
        if value is None
        else (round(pad + step * number, 1), round(height - pad - (height - 2 * pad) * value / highest, 1))
        for number, value in enumerate(values)
    ]
    pieces: list[list[str]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{place[0]},{place[1]}")
    drawn = [place for place in places if place]
    x, y = drawn[-1] if drawn else (pad, height - pad)
    return Line(tuple(" ".join(piece) for piece in pieces if piece), x, y, values[-1] if values else None)


def bars(values: Sequence[float], *, width: float, height: float, top: float | None = None) -> list[Bar]:
    """Return a bar for each value, side by side; ``top`` (or the largest value) has the full height."""
    highest = top or max(values, default=0) or 1
    step = width / max(len(values), 1)
    return [
        Bar(
            round(step * (number + _GAP / 2), 2),
            round(height - height * value / highest, 2),
            round(step * (1 - _GAP), 2),
            round(height * value / highest, 2),
            value,
        )
        for number, value in enumerate(values)
    ]


def ticks(highest: float, *, height: float, most: int = 4) -> list[Tick]:
    """Return round values from 0 up to ``highest`` with their y positions; at most ``most`` of them are above 0."""
    if highest <= 0:
        return [Tick(height, 0.0)]
    rough = highest / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    count = int(highest / step + 1e-9)
    return [
        Tick(round(height - height * step * n / highest, 1), round(step * n, 10)) for n in range(count + 1)
    ]


def circles(
    places: Sequence[tuple[float, float]],
    sizes: Sequence[float],
    *,
    width: float,
    height: float,
    largest: float = 42,
    labelled: int = 14,
) -> list[Circle]:
    """Return a circle for each theme, placed by ``places`` (-1..1), its area by ``sizes``, pushed apart a little.

    The ``labelled`` largest show their name where there is room. When given largest first, small ones lie on top.
    """
    highest = max(sizes, default=0) or 1
    radii = [max(4.0, largest * math.sqrt(size / highest)) for size in sizes]
    points = [
        [largest + (x + 1) / 2 * (width - 2 * largest), largest + (y + 1) / 2 * (height - 2 * largest)]
        for x, y in places
    ]
    _push_apart(points, radii, width=width, height=height)
    by_size = sorted(range(len(sizes)), key=lambda number: -sizes[number])
    named = _with_room_for_a_name(by_size[:labelled], points, radii)
    return [
        Circle(
            round(x, 1),
            round(y, 1),
            round(radius, 1),
            round(min(max(x, _NAME_WIDTH / 2), width - _NAME_WIDTH / 2), 1),
            round(y + radius + _NAME_BELOW, 1),
            number in named,
        )
        for number, ((x, y), radius) in enumerate(zip(points, radii, strict=True))
    ]


def _push_apart(points: list[list[float]], radii: Sequence[float], *, width: float, height: float) -> None:
    """Move ``points`` until their circles hardly overlap and lie, with their names, inside the picture."""
    for _ in range(60):
        for one in range(len(points)):
            for two in range(one):
                _push(points[one], points[two], radii[one] + radii[two] + 2)
        for point, radius in zip(points, radii, strict=True):
            point[0] = min(max(point[0], radius), width - radius)
            point[1] = min(max(point[1], radius), height - radius - _NAME_HEIGHT - 4)


def _with_room_for_a_name(
    order: Sequence[int], points: Sequence[Sequence[float]], radii: Sequence[float]
) -> set[int]:
    """Return the circles whose names fit without overlapping, giving room to those earlier in ``order`` first."""
    named: dict[int, tuple[float, float]] = {}
    for number in order:
        x, y = points[number][0], points[number][1] + radii[number]
        # A name that would overlap another is left out; the circle shows it on hover.
        if all(abs(x - a) > _NAME_WIDTH or abs(y - b) > _NAME_HEIGHT for a, b in named.values()):
            named[number] = (x, y)
    return set(named)


def _push(one: list[float], two: list[float], distance: float) -> None:
    """Move two points nearer than ``distance`` apart, each by a quarter of the missing distance."""
    dx, dy = one[0] - two[0], one[1] - two[1]
    apart = math.hypot(dx, dy)
    if apart >= distance:
        return
    # Two points at the same place are moved apart sideways.
    dx, dy, apart = (dx, dy, apart) if apart > 1e-6 else (1.0, 0.0, 1.0)
    shift = (distance - apart) / 2 / apart * 0.5
    one[0], one[1], two[0], two[1] = (
        one[0] + dx * shift,
        one[1] + dy * shift,
        two[0] - dx * shift,
        two[1] - dy * shift,
    )
