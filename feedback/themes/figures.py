"""How many people and messages each theme had in a period. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from feedback.themes.corpus import said_between
from feedback.themes.rank import BROKEN, BROKEN_TOPICS, MILDEST
from users.profiles.services import person_by

PERSON = person_by("feedback__customer")
#: ``rank.severity_of`` in SQL.
SEVERITY = Greatest(
    Case(When(assessment__topic__in=[*BROKEN_TOPICS], then=Value(BROKEN)), default=Value(MILDEST)),
    F("assessment__urgency"),
    -F("assessment__sentiment"),
)


@dataclass(frozen=True)
class Counted:
    """Messages and distinct people; their mean sentiment (-1..1) and severity (0.1..1)."""

    messages: int
    people: int
    sentiment: float
    severity: float


def count_period(start: datetime, end: datetime, origins: Sequence[str]) -> Counted:
    """Count all assessed messages of [start, end). One query."""
    found = said_between(start, end, origins).aggregate(
        messages=Count("assessment"),
        people=Count(PERSON, distinct=True),
        sentiment=Avg("assessment__sentiment"),
        severity=Avg(SEVERITY),
    )
    return Counted(found["messages"], found["people"], found["sentiment"] or 0.0, found["severity"] or 0.0)


def count_by_theme(start: datetime, end: datetime, origins: Sequence[str]) -> dict[int | None, Counted]:
    """Count the messages of [start, end) by current theme, None for those in no theme. One query.

    Themes are resolved as they are now: after a merge the past counts together.
    """
    rows = (
        said_between(start, end, origins)
        .filter(theme_place__isnull=False)
        .annotate(theme=Coalesce("theme_place__theme__merged_into_id", "theme_place__theme_id"))
        .values("theme")
        .annotate(
            messages=Count("id"),
            people=Count(PERSON, distinct=True),
            sentiment=Avg("assessment__sentiment"),
            severity=Avg(SEVERITY),
        )
        .values_list("theme", "messages", "people", "sentiment", "severity")
    )
    return {theme: Counted(*counts) for theme, *counts in rows}


def count_together(themes: Sequence[int], start: datetime, end: datetime, origins: Sequence[str]) -> int:
    """Count the distinct people who raised any of ``themes`` (ids of current ones) in [start, end). One query."""
    of_them = Q(theme_place__theme__in=themes) | Q(theme_place__theme__merged_into__in=themes)
    found = said_between(start, end, origins).filter(of_them).aggregate(people=Count(PERSON, distinct=True))
    return int(found["people"])
