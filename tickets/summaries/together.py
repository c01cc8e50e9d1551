"""Read from a snapshot which of its themes are one outbreak, to be shown as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from feedback.themes.trend import wilson
from tickets.summaries.models import PainPoint, Summary


@dataclass(frozen=True)
class Together:
    """Themes that broke out together, mostly on ``day``; ``ranks`` are theirs, the first stands for all of them.

    ``people`` are distinct, their ``share`` of all who wrote between ``low`` and ``high``; ``past`` are those of the
    same themes before, oldest first. None where the snapshot was made before it was counted.
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
    """Return the outbreaks of ``summary`` by the rank of the theme that stands for each."""
    found = (_read(one, summary) for one in summary.overview.get("outbreaks", []))
    return {one.ranks[0]: one for one in found}


def folded_in(summary: Summary) -> dict[int, int]:
    """Return by the rank of each theme that is shown with another the rank of that one."""
    return {
        rank: first
        for first, together in together_in(summary).items()
        for rank in together.ranks
        if rank != first
    }


def same_outbreak(point: PainPoint, summary: Summary) -> list[PainPoint]:
    """Return the themes that broke out together with ``point``, itself included, as ranked; none if it did not.

    One query, where there is an outbreak.
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
