"""Read from a snapshot which of its themes form one outbreak and are shown as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from feedback.themes.trend import wilson
from tickets.summaries.models import PainPoint, Summary


@dataclass(frozen=True)
class Together:
    """Themes that broke out together, mostly on ``day``; the first of their ``ranks`` stands for all of them.

    ``people`` are distinct; ``low`` and ``high`` are the interval of their ``share`` of all writers. ``past`` holds the
    people of the same themes in the periods before, oldest first. None where the snapshot predates that number.
    """

    day: date
    ranks: tuple[int, ...]
    people: int
    share: float
    low: float
    high: float
    urgent: int | None
    severity: float | None
    score: float | None
    past: list[int] | None


def together_in(summary: Summary) -> dict[int, Together]:
    """Return the outbreaks of ``summary``, keyed by the rank of the theme that stands for each."""
    found = (_read(one, summary) for one in summary.overview.get("outbreaks", []))
    return {one.ranks[0]: one for one in found}


def folded_in(summary: Summary) -> dict[int, int]:
    """Map the rank of each theme that is shown with another to the rank of that other."""
    return {
        rank: first
        for first, together in together_in(summary).items()
        for rank in together.ranks
        if rank != first
    }


def same_outbreak(point: PainPoint, summary: Summary) -> list[PainPoint]:
    """Return the pain points that broke out together with ``point``, including itself, by rank; [] if none did.

    One query if there is an outbreak, otherwise none.
    """
    for together in together_in(summary).values():
        if point.rank in together.ranks:
            return list(summary.pain_points.filter(rank__in=together.ranks, is_hidden=False).order_by("rank"))
    return []


def _read(stored: dict[str, Any], summary: Summary) -> Together:
    low, high = wilson(stored["people"], summary.people_count)
    return Together(
        day=date.fromisoformat(summary.overview["first_day"]) + timedelta(days=stored["day"]),
        ranks=tuple(stored["ranks"]),
        people=stored["people"],
        share=stored["people"] / summary.people_count,
        low=low,
        high=high,
        urgent=stored.get("urgent"),
        severity=stored.get("severity"),
        score=stored.get("score"),
        past=stored.get("past"),
    )
