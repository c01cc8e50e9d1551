"""Figures of the home page: what came in and went out in the last day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from feedback.intake.models import Topic
from tickets.desk.models import EventKind, Ticket, TicketEvent
from users.accounts.models import User

HOURS = 24
#: The median is taken over at most this many of the latest answers.
MOST_ANSWERS = 2000


@dataclass(frozen=True)
class Bar:
    """The count of one hour or topic, and its ``percent`` of the longest bar."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class LastDay:
    """The last 24 hours of the tickets a user may see, of every origin.

    ``hours`` are oldest first. ``first_reply`` is the median time to the first reply, None without replies.
    ``in_time`` is the share 0..1 of first replies with a deadline that met it, None without such replies.
    """

    opened: int
    answered: int
    solved: int
    hours: list[Bar]
    topics: list[Bar]
    first_reply: timedelta | None
    in_time: float | None


@dataclass(frozen=True)
class Load:
    """How many unsolved tickets one agent has."""

    name: str
    username: str
    bar: Bar


def last_day(user: User, *, at: datetime) -> LastDay:
    """Return the figures of the 24 hours before ``at``. Four queries."""
    since = at - timedelta(hours=HOURS)
    visible = Ticket.objects.visible_to(user).order_by()
    opened = visible.filter(opened_at__gte=since, opened_at__lte=at)
    moments = opened.values_list("opened_at", "topic")[:100_000]
    hours: Counter[int] = Counter()
    topics: Counter[str] = Counter()
    for opened_at, topic in moments:
        hours[min(int((at - opened_at) / timedelta(hours=1)), HOURS - 1)] += 1
        topics[topic] += 1
    answers = list(
        visible.filter(first_replied_at__gte=since, first_replied_at__lte=at)
        .order_by("-first_replied_at")
        .values_list(
            F("first_replied_at") - Coalesce("clock_started_at", "opened_at"),
            "first_replied_at",
            "first_reply_due_at",
        )[:MOST_ANSWERS]
    )
    promised = [(replied, due) for _took, replied, due in answers if due is not None]
    return LastDay(
        opened=sum(hours.values()),
        answered=TicketEvent.objects.filter(
            kind=EventKind.REPLIED, at__gte=since, ticket__in=visible
        ).count(),
        solved=visible.filter(solved_at__gte=since).count(),
        hours=_bars([(str(hour), hours[hour]) for hour in range(HOURS - 1, -1, -1)]),
        topics=_bars([(str(Topic(topic).label), count) for topic, count in topics.most_common(6)]),
        first_reply=median(took for took, *_rest in answers) if answers else None,
        in_time=sum(replied <= due for replied, due in promised) / len(promised) if promised else None,
    )


def loads(user: User) -> list[Load]:
    """Return the number of unsolved tickets per agent, the most loaded first; at most twelve. Two queries."""
    counts = dict(
        Ticket.objects.visible_to(user)
        .unsolved()
        .filter(assignee__isnull=False)
        .order_by()
        .values_list("assignee")
        .annotate(tickets=Count("pk"))
        .order_by("-tickets")[:12]
    )
    people = User.objects.in_bulk(counts)
    bars = _bars([(people[who].name, count) for who, count in counts.items()])
    return [Load(bar.label, people[who].username, bar) for who, bar in zip(counts, bars, strict=True)]


def _bars(pairs: list[tuple[str, int]]) -> list[Bar]:
    longest = max((count for _label, count in pairs), default=0) or 1
    return [Bar(label, count, round(count * 100 / longest)) for label, count in pairs]
