"""Compare two summaries: what is new, gone, worse or better. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.themes.trend import Change, compare
from tickets.summaries.exports import points_of
from tickets.summaries.models import PainPoint, Summary
from tickets.summaries.together import folded_in


class Difference(models.TextChoices):
    """How a theme differs between two summaries; unlike ``Verdict``, which takes more periods into account."""

    NEW = "new", pgettext_lazy("theme", "Only in the second")
    WORSE = "worse", _("Worse")
    BETTER = "better", _("Better")
    UNSURE = "unsure", _("Could be chance")
    SAME = "same", _("As before")
    GONE = "gone", pgettext_lazy("theme", "Only in the first")


@dataclass(frozen=True)
class Side:
    """A theme in one summary; ``rank`` is that of the outbreak it is shown with, if any.

    If themes were merged since, their people are added up: a person in both counts twice.
    """

    rank: int
    people: int
    share: float
    severity: float
    point: PainPoint


@dataclass(frozen=True)
class Row:
    """A theme in two summaries; a side is None if the theme is not in it, and ``change`` is None if either is."""

    theme: str
    before: Side | None
    after: Side | None
    difference: Difference
    change: Change | None

    @property
    def point(self) -> PainPoint:
        """The newer of its pain points, which gives the row its name."""
        side = self.after or self.before
        assert side is not None  # a row has at least one side
        return side.point

    @property
    def steps(self) -> int | None:
        """How many ranks the theme rose (negative if it fell); None unless it has both ranks."""
        return self.before.rank - self.after.rank if self.before and self.after else None


def compare_summaries(before: Summary, after: Summary) -> list[Row]:
    """Return a row for each theme of either summary, by rank in ``after``, then the ones that are gone. Two queries.

    Themes are matched as they are now: those merged since count as one. Worse and better mean that the shares of
    people differ by more than chance, corrected for the number of themes compared. The spread by chance is the one
    ``after`` measured from its past, so that this page and the summary's agree on what is chance.
    """
    sides = {"before": _sides(before), "after": _sides(after)}
    both = [key for key in sides["after"] if key in sides["before"]]
    changes = _changes([(sides["before"][key], sides["after"][key]) for key in both], before, after)
    known = dict(zip(both, changes, strict=True))
    rows = [_row(key, sides["before"].get(key), side, known.get(key)) for key, side in sides["after"].items()]
    gone = [_row(key, side, None, None) for key, side in sides["before"].items() if key not in sides["after"]]
    return rows + gone


def _changes(pairs: Sequence[tuple[Side, Side]], before: Summary, after: Summary) -> list[Change]:
    if not pairs:
        return []
    return compare(
        [there.people for _here, there in pairs],
        np.array([[here.people] for here, _there in pairs], np.int64),
        exposure=float(max(after.people_count, 1)),
        past_exposure=[float(max(before.people_count, 1))],
        spread=after.overview.get("spread"),
    )


def _sides(summary: Summary) -> dict[str, Side]:
    found: dict[str, Side] = {}
    folded = folded_in(summary)
    for point in points_of(summary):
        key = str(point.theme.current().public_id)
        first = found.get(key)
        people = point.people_count + (first.people if first else 0)
        found[key] = Side(
            first.rank if first else folded.get(point.rank, point.rank),
            people,
            min(1.0, people / max(summary.people_count, 1)),
            first.severity if first else point.severity,
            first.point if first else point,
        )
    return found


def _row(key: str, before: Side | None, after: Side | None, change: Change | None) -> Row:
    if before is None:
        difference = Difference.NEW
    elif after is None:
        difference = Difference.GONE
    elif change is None or change.low <= 1 <= change.high:
        difference = Difference.SAME
    elif not change.is_significant:
        # Significant on its own, but among so many themes one such difference is to be expected.
        difference = Difference.UNSURE
    else:
        difference = Difference.WORSE if change.ratio > 1 else Difference.BETTER
    return Row(key, before, after, difference, change)


def as_json(before: Summary, after: Summary, rows: Sequence[Row]) -> dict[str, Any]:
    """Return a comparison as a JSON-serialisable dict of numbers and codes."""
    return {
        "before": {"id": str(before.public_id), "title": before.title, "people": before.people_count},
        "after": {"id": str(after.public_id), "title": after.title, "people": after.people_count},
        "themes": [
            {
                "theme": row.theme,
                "names": {language: row.point.name_for(language) for language in ("en", "zh-hans")},
                "is_praise": row.point.is_praise,
                "difference": row.difference.value,
                "before": _numbers(row.before),
                "after": _numbers(row.after),
                "ratio": round(row.change.ratio, 4) if row.change else None,
                "ratio_low": round(row.change.low, 4) if row.change else None,
                "ratio_high": round(row.change.high, 4) if row.change else None,
            }
            for row in rows
        ],
    }


def _numbers(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "rank": side.rank,
        "people": side.people,
        "share": round(side.share, 6),
        "severity": round(side.severity, 4),
    }
