"""The platform customers usually write from, learned from their latest feedback and kept with the evidence.

A habit decides between two help articles that fit equally well, and tells an agent what to ask about first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from config.kit.origins import Origin
from feedback.intake.models import Feedback
from users.profiles.models import Habit, HabitKind
from users.profiles.services import hold_unerased, person_by

#: Each nightly run looks back two days, so that it catches up when beat missed a night.
LOOKED_BACK = timedelta(days=2)
#: A habit is a value in at least LEAST, and at least SHARE, of the LATEST feedback that name a platform.
LATEST, LEAST, SHARE = 20, 3, 0.6
_AT_ONCE = 500


def learn_latest_habits(at: datetime) -> int:
    """Learn from customers who wrote in the two days before ``at``; return how many were examined."""
    return learn_habits(at - LOOKED_BACK, at=at)


def learn_habits(since: datetime | None, *, at: datetime) -> int:
    """Learn habits of customers who wrote since ``since`` (None: ever); return how many customers were examined.

    Nothing is learned about anonymous senders: each is a customer with a single feedback. Safe to repeat.
    """
    said = Feedback.objects.exclude(origin=Origin.IMPORT).exclude(platform="")
    said = said.annotate(person=person_by("customer"))
    recent = said.filter(received_at__gt=since) if since else said
    frequent = (
        said.filter(person__in=recent.values("person"))
        .values("person")
        .annotate(times=Count("pk"))
        .filter(times__gte=LEAST)
    )
    people = sorted(frequent.values_list("person", flat=True))
    for start in range(0, len(people), _AT_ONCE):
        some = people[start : start + _AT_ONCE]
        place = Window(RowNumber(), partition_by="person", order_by=F("received_at").desc())
        latest = said.filter(person__in=some).annotate(place=place).filter(place__lte=LATEST)
        used: dict[int, list[str]] = defaultdict(list)
        for person, platform in latest.values_list("person", "platform"):
            used[person].append(platform)
        _store(used, at=at)
    return len(people)


@transaction.atomic
def _store(used: dict[int, list[str]], *, at: datetime) -> None:
    """Store each customer's most frequent platform in ``used``; delete a habit that no longer holds."""
    for customer in sorted(hold_unerased(used.keys())):
        value, seen = Counter(used[customer]).most_common(1)[0]
        mine = Habit.objects.filter(customer_id=customer, kind=HabitKind.PLATFORM)
        if seen < LEAST or seen < SHARE * len(used[customer]):
            mine.delete()
            continue
        evidence = {"value": value, "seen_count": seen, "of_count": len(used[customer]), "updated_at": at}
        Habit.objects.update_or_create(customer_id=customer, kind=HabitKind.PLATFORM, defaults=evidence)
