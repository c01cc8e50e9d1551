"""How the crisis queue stands, for the pages that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Min, Q

from tickets.crisis.models import Level, OnCallShift
from tickets.desk.models import CrisisPlace
from users.accounts.models import User


@dataclass(frozen=True)
class CrisisFigures:
    """Counts of places that a person may see; ``mean_time_to_take`` is of those taken in the last 7 days."""

    waiting: int
    late: int
    taken: int
    oldest_waiting_since: datetime | None
    false_alarms: int
    mean_time_to_take: timedelta | None


@dataclass(frozen=True)
class OnCallNow:
    primary: tuple[User, ...]
    backup: tuple[User, ...]

    @property
    def is_empty(self) -> bool:
        return not self.primary


def crisis_figures(user: User, *, at: datetime) -> CrisisFigures:
    """Return how the crisis queue stands for ``user``. Two queries."""
    visible = CrisisPlace.objects.visible_to(user)
    waiting = Q(acknowledged_at=None)
    now = visible.open().aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(ack_due_at__lt=at)),
        taken=Count("pk", filter=~waiting),
        oldest=Min("entered_at", filter=waiting),
    )
    week = visible.filter(entered_at__gte=at - timedelta(days=7), may_page=True).aggregate(
        false_alarms=Count("pk", filter=~Q(false_alarm_reason="")),
        mean=Avg(F("acknowledged_at") - F("entered_at"), filter=~waiting),
    )
    return CrisisFigures(
        waiting=now["waiting"],
        late=now["late"],
        taken=now["taken"],
        oldest_waiting_since=now["oldest"],
        false_alarms=week["false_alarms"],
        mean_time_to_take=week["mean"],
    )


def on_call_now(at: datetime) -> OnCallNow:
    """Return who is on call at ``at``. One query."""
    people: dict[str, list[User]] = {level: [] for level in Level.values}
    for shift in OnCallShift.objects.covering(at).select_related("user").order_by("starts_at", "pk"):
        people[shift.level].append(shift.user)
    return OnCallNow(tuple(people[Level.PRIMARY]), tuple(people[Level.BACKUP]))
