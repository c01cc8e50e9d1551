"""The panel that explains why a ticket is or is not urgent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.analysis.models import Assessment
from tickets.workbench.reasons import Because, category_name
from tickets.workbench.timeline import Entry


@dataclass(frozen=True)
class Urgency:
    """The assessment of the most urgent message. ``categories`` holds the two likeliest, in percent."""

    assessment: Assessment
    because: tuple[Because, ...]
    categories: tuple[tuple[str, int], ...]

    @property
    def percent(self) -> int:
        return round(self.assessment.urgency * 100)


def urgency_of(entries: Sequence[Entry]) -> Urgency | None:
    """Return the urgency of the most urgent of ``entries``, None when none was assessed. No query."""
    assessed = [entry for entry in entries if entry.kind == "in" and entry.assessment is not None]
    if not assessed:
        return None
    gravest = max(assessed, key=lambda entry: entry.assessment.urgency)  # type: ignore[union-attr]
    assessment = gravest.assessment
    assert assessment is not None
    return Urgency(
        assessment=assessment,
        because=gravest.because,
        categories=tuple(
            (category_name(code), percent)
            for code, share in assessment.categories[:2]
            if (percent := round(share * 100))
        ),
    )
