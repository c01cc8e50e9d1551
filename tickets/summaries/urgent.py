"""Urgent reports of a period: how many there were, and the crises they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from config.kit.durations import roughly
from feedback.analysis.models import CrisisCategory
from tickets.desk.models import CrisisPlace
from tickets.summaries.periods import Period
from users.profiles.services import person_by

#: How many of the largest crises are kept, and how many tickets of each.
MOST_CRISES, MOST_TICKETS = 50, 12


def crises_between(period: Period, origins: Sequence[str]) -> dict[str, Any]:
    """Count the crisis-queue places entered in ``period`` and list their crises, most people first. Two queries.

    Urgent reports of one category on one local day are one crisis; false alarms are counted, not listed. ``minutes``
    is the median time to acknowledgement, None while none was acknowledged.
    """
    entered = CrisisPlace.objects.filter(
        entered_at__gte=period.start, entered_at__lt=period.end, ticket__origin__in=origins
    )
    counts = entered.aggregate(
        count=Count("id"),
        in_time=Count("id", filter=Q(acknowledged_at__lte=F("ack_due_at"))),
        false_alarms=Count("id", filter=~Q(false_alarm_reason="")),
    )
    real = (
        entered.filter(false_alarm_reason="")
        .select_related("ticket__feedback")
        .annotate(person=person_by("ticket__feedback__customer"))
        .order_by("entered_at", "id")
    )
    days: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for place in real:
        day = place.entered_at.astimezone(ZoneInfo(period.time_zone)).date().isoformat()
        days[day, place.category].append(place)
    listed = [_crisis(day, category, places) for (day, category), places in days.items()]
    listed.sort(key=lambda one: (-one["people"], one["at"], one["category"]))
    return {**counts, "listed": listed[:MOST_CRISES]}


def _crisis(day: str, category: str, places: Sequence[Any]) -> dict[str, Any]:
    taken = [
        (place.acknowledged_at - place.entered_at).total_seconds() / 60
        for place in places
        if place.acknowledged_at
    ]
    tickets = {str(place.ticket.public_id): place.ticket.feedback.number for place in places}
    return {
        "day": day,
        "at": places[0].entered_at.isoformat(),
        "category": category,
        "people": len({place.person for place in places}),
        "reports": len(places),
        "taken": len(taken),
        "minutes": round(median(taken), 1) if taken else None,
        "tickets": [{"id": key, "number": number} for key, number in [*tickets.items()][:MOST_TICKETS]],
    }


def category_name(category: str) -> str:
    """Return the display name of a crisis category."""
    return str(dict(CrisisCategory.choices).get(category) or _("Urgent, no category"))


def waited(minutes: float | None) -> str:
    """Format the time until acknowledgement: ``8 min``, ``2.5 h``; a phrase when nobody acknowledged."""
    return _("nobody took it") if minutes is None else roughly(timedelta(minutes=minutes))
