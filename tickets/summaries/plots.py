"""The plots of a summary: shares over time, messages per day, the map of themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tickets.summaries.cards import Card
from tickets.summaries.drawing import Bar, Circle, Line, Tick, bars, circles, line, ticks
from tickets.summaries.models import Summary

# The plot begins with the first period that had at least this share of this period's writers.
_DRAWN_FROM = 0.1
_PLOT_WIDTH, _PLOT_HEIGHT = 640, 180
_TREND_WIDTH = 400
_MAP_WIDTH, _MAP_HEIGHT = 860, 400
_LABEL_TOP, _LABEL_LINE, _LABEL_GAP, _LABEL_CHARACTER = 6, 13, 8, 7


@dataclass(frozen=True)
class Series:
    name: str
    line: Line
    number: int
    label_y: float


@dataclass(frozen=True)
class Trend:
    """Shares of the largest themes over the past periods and this one."""

    series: list[Series]
    ticks: list[Tick]
    labels: list[tuple[float, str]]


@dataclass(frozen=True)
class Release:
    """A line where a version came out, and the height of its label."""

    x: float
    version: str
    label_y: int


@dataclass(frozen=True)
class Days:
    """Messages per day as bars, and the mood, -1..1, as a line with zero in the middle."""

    bars: list[tuple[Bar, str]]
    mood: Line
    ticks: list[Tick]
    labels: list[tuple[float, str]]
    releases: list[Release]


@dataclass(frozen=True)
class Bubble:
    circle: Circle
    card: Card


def trend_of(cards: Sequence[Card], past: Sequence[dict[str, Any]], summary: Summary) -> Trend | None:
    """Return the plot of shares over time, None when there is no past or no card."""
    # With hardly any writers in a period, two people would be a tenth of all.
    least = max(1.0, _DRAWN_FROM * summary.people_count)
    known = [number for number, before in enumerate(past) if before["people"] >= least]
    if not known or not cards:
        return None
    first = known[0]
    shares = [[*card.past[first:], card.share] for card in cards]
    top = max(share for row in shares for share in row if share is not None) * 1.05 or 1
    lines = [line(row, width=_TREND_WIDTH, height=_PLOT_HEIGHT, top=top, pad=4) for row in shares]
    heights = spread([one.last_y for one in lines], least=15)
    starts = [before["start"] for before in past[first:]] + [summary.local_start.date().isoformat()]
    step = (_TREND_WIDTH - 8) / max(len(starts) - 1, 1)
    return Trend(
        [
            Series(card.name, one, number, height)
            for number, (card, one, height) in enumerate(zip(cards, lines, heights, strict=True), start=1)
        ],
        ticks(top, height=_PLOT_HEIGHT),
        [(round(4 + step * number, 1), start_name(start, summary)) for number, start in enumerate(starts)],
    )


def start_name(start: str, summary: Summary) -> str:
    """Return the start of a period as plots and captions show it: ``2026-11`` for months, else ``11-23``."""
    return start[:7] if summary.kind == "month" else start[5:]


def spread(heights: Sequence[float], *, least: float) -> list[float]:
    """Return ``heights`` moved as little as needed to keep labels at least ``least`` apart."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    moved = list(heights)
    for before, number in pairwise(order):
        moved[number] = max(moved[number], moved[before] + least)
    lowest: float = _PLOT_HEIGHT
    for number in reversed(order):
        moved[number] = min(moved[number], lowest)
        lowest = moved[number] - least
    return [round(height, 1) for height in moved]


def days_of(overview: dict[str, Any], first: date, *, counts: list[int] | None = None) -> Days:
    """Return the plot of messages and mood per day; of ``counts``, without mood, if given."""
    values = counts or overview["days"]
    moods = [None] * len(values) if counts else overview["day_sentiment"]
    names = [(first + timedelta(days=number)).isoformat() for number in range(len(values))]
    step = _PLOT_WIDTH / max(len(values), 1)
    every = max(1, len(values) // 6)
    return Days(
        list(zip(bars(values, width=_PLOT_WIDTH, height=_PLOT_HEIGHT), names, strict=True)),
        line(
            [None if mood is None else mood + 1 for mood in moods], width=_PLOT_WIDTH, height=60, top=2, pad=2
        ),
        ticks(max(values, default=0), height=_PLOT_HEIGHT, most=3),
        [
            (round(step * (number + 0.5), 1), name[5:])
            for number, name in enumerate(names)
            if number % every == 0
        ],
        releases_at([(step * (one["day"] + 0.5), one["version"]) for one in overview.get("releases", [])]),
    )


def releases_at(places: Sequence[tuple[float, str]]) -> list[Release]:
    """Return the releases at ``places`` (x, version); a label that would touch an earlier one moves down a row."""
    ends: list[float] = []
    found = []
    for x, version in sorted(places):
        row = next((number for number, end in enumerate(ends) if end < x), len(ends))
        end = x + _LABEL_GAP + _LABEL_CHARACTER * len(version)
        ends[row : row + 1] = [end]
        found.append(Release(round(x, 1), version, _LABEL_TOP + _LABEL_LINE * row))
    return found


def bubbles_of(cards: Sequence[Card]) -> list[Bubble]:
    """Return the map of themes, the largest first."""
    shown = list(cards[:40])
    across = stretched([card.point.map_x for card in shown])
    down = stretched([card.point.map_y for card in shown])
    drawn = circles(
        list(zip(across, down, strict=True)),
        [card.point.people_count for card in shown],
        width=_MAP_WIDTH,
        height=_MAP_HEIGHT,
    )
    return [Bubble(circle, card) for circle, card in zip(drawn, shown, strict=True)]


def stretched(places: Sequence[float]) -> list[float]:
    """Return ``places`` stretched to -1..1, so that a map has no empty half; a single place is in the middle."""
    low, high = min(places, default=0.0), max(places, default=0.0)
    return [2 * (place - low) / (high - low) - 1 if high > low else 0.0 for place in places]
