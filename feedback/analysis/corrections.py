"""Turn people's corrections into the lessons that the next message is judged with."""

from __future__ import annotations

from django.db.models import Count, Max, QuerySet

from config.kit.origins import Origin
from feedback.analysis.lessons import NO_LESSONS, Lessons, Taught, learn
from feedback.analysis.models import Correction, CrisisCategory, UrgencyLane
from feedback.analysis.texts import full_text
from feedback.analysis.urgency import NONE
from feedback.intake.models import Direction, Message

#: How many of the newest corrections teach; more would cost time and date back to an older product.
MOST = 400
_TEACHING = ("lane", "category")

# The cache of this process: the state of the table when last read, and the lessons made from it.
_read: tuple[object, Lessons] = (None, NO_LESSONS)


def current_lessons() -> Lessons:
    """Return the lessons from all corrections so far. One small query while nothing has changed.

    Live messages only: demos, drills and imports teach nothing. An erased message stops teaching with the next call.
    Concurrent threads may each load the same lessons.
    """
    global _read
    state = _teaching().aggregate(newest=Max("pk"), held=Count("pk"))
    before, lessons = _read
    if state != before:
        lessons = learn(taught(), known=lessons)
        _read = (state, lessons)
    return lessons


def taught() -> list[Taught]:
    """Return what the newest corrections say, oldest first. One query.

    For each message and field the newest correction wins.
    """
    said: dict[int, dict[str, Correction]] = {}
    newest = _teaching().select_related("message__feedback", "message__assessment").order_by("-pk")[:MOST]
    for correction in newest:
        said.setdefault(correction.message_id, {}).setdefault(correction.field, correction)
    found = [_taught(by_field) for by_field in reversed(said.values())]
    return [one for one in found if one is not None]


def _taught(by_field: dict[str, Correction]) -> Taught | None:
    message = next(iter(by_field.values())).message
    lane = by_field.get("lane")
    if lane is not None and lane.new == UrgencyLane.NONE:
        return Taught(full_text(message), NONE)
    category = by_field["category"].new if "category" in by_field else _category(message)
    if category not in CrisisCategory.values:
        return None
    return Taught(full_text(message), category, overrules_lane=lane is not None)


def _category(message: Message) -> str:
    """Return the likeliest crisis category according to the analysis, whatever the lane."""
    categories = message.assessment.categories
    return str(categories[0][0]) if categories else ""


def _teaching() -> QuerySet[Correction]:
    return Correction.objects.filter(
        field__in=_TEACHING,
        message__origin=Origin.LIVE,
        message__direction=Direction.IN,
        message__erased_at=None,
    )
