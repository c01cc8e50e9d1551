"""What customers usually write from, learned from what they sent last and kept with the evidence.

A habit decides between two help articles that fit alike, and tells an agent what to ask about first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber

from config.kit.origins import Origin
from feedback.intake.models import Feedback
from users.profiles.models import Customer, Habit, HabitKind

#: Each nightly run looks back two days: what a night without beat left out, the next one learns.
LOOKED_BACK = timedelta(days=2)
#: A habit is what stands in at least this many of the latest that say anything, and in this share of them.
LATEST, LEAST, SHARE = 20, 3, 0.6
_AT_ONCE = 500


def learn_latest_habits(at: datetime) -> int:
    """Learn from whoever wrote in the two days before ``at``; return how many customers were looked at."""
    return learn_habits(at - LOOKED_BACK, at=at)


def learn_habits(since: datetime | None, *, at: datetime) -> int:
    """Learn the habits of whoever wrote since ``since`` (None: ever); return how many customers were looked at.

    Of anonymous senders nothing is learned, for each is a customer of one feedback. Twice is harmless.
    """
    said = Feedback.objects.exclude(origin=Origin.IMPORT).exclude(platform="")
    said = said.annotate(person=Coalesce("customer__merged_into", "customer"))
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
    """Write the platform that most of ``used`` names of each customer; forget the one that no longer is a habit."""
    # Whoever is erased meanwhile keeps nothing.
    held = Customer.objects.select_for_update(no_key=True).filter(pk__in=used, erased_at=None).order_by("pk")
    for customer in held:
        value, seen = _most_common(used[customer.pk])
        mine = Habit.objects.filter(customer=customer, kind=HabitKind.PLATFORM)
        if seen < LEAST or seen < SHARE * len(used[customer.pk]):
            mine.delete()
            continue
        evidence = {"value": value, "seen_count": seen, "of_count": len(used[customer.pk]), "updated_at": at}
        Habit.objects.update_or_create(customer=customer, kind=HabitKind.PLATFORM, defaults=evidence)


def _most_common(values: Sequence[str]) -> tuple[str, int]:
    return Counter(values).most_common(1)[0]
