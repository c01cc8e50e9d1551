"""Read what happened to the tickets a user may read from events, the only history there is.

The queue of a ticket at a past time is found backwards, from its present queue through each move since then. So what
was counted for a team stays counted for it when the ticket moves on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, FloatField, Func, Max, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from config.kit.origins import Origin
from feedback.intake.models import Rating
from tickets.desk.models import COUNTED, UNSOLVED, EventKind, Ticket, TicketEvent, TicketQuerySet
from tickets.figures.asking import Asked
from tickets.queues.models import Queue
from users.accounts.models import User

#: The origins that are counted. Nobody works on imports, and drills are scored elsewhere.
ORIGINS = (Origin.LIVE, Origin.DEMO)
#: A merge writes an event on both tickets. The one on the kept ticket names the other and has no new state.
_OF_THE_OTHER = Q(kind__in=(EventKind.MERGED, EventKind.UNMERGED), new="")
#: Moves between unsolved states, which neither solve nor reopen; most moves are like this.
_WITHIN_WORK = Q(kind=EventKind.MOVED, old__in=UNSOLVED, new__in=UNSOLVED)
#: The events that change whether a ticket is unsolved.
STATE_KINDS = (EventKind.MOVED, EventKind.MERGED, EventKind.UNMERGED)


def seconds(moment: Any) -> Func:
    """Return ``moment`` in seconds since 1970: reading a number costs a tenth of reading a datetime."""
    return Func(Value("epoch"), moment, function="date_part", output_field=FloatField())


class Row(NamedTuple):
    """One event with facts about its ticket; ``age`` is the seconds since the ticket was opened.

    ``in_time`` is "true", "false", or None when no deadline ended.
    """

    pk: int
    at: float
    kind: str
    ticket: int
    agent: int | None
    old: str
    new: str
    in_time: str | None
    age: float
    channel: int
    present_queue: int


class RatingRow(NamedTuple):
    """One rating; ``agent`` gave the last answer before it, None if there was none."""

    at: float
    score: int
    ticket: int
    agent: int | None
    channel: int
    present_queue: int


@dataclass(frozen=True)
class Standing:
    """Which queues tickets were in: their moves between queues since the start of the period counted."""

    moves: Mapping[int, list[tuple[float, int, int]]]

    def queue_at(self, ticket: int, at: float, *, event: int, present: int) -> int:
        """Return the queue of ``ticket`` just after ``event`` at ``at``, given its ``present`` queue."""
        moves = self.moves.get(ticket)
        if not moves:
            return present
        place = bisect_right(moves, (at, event), key=lambda move: move[:2])
        return moves[place][2] if place < len(moves) else present


def readable(user: User, asked: Asked) -> TicketQuerySet:
    """Return the tickets that ``user`` may read and that count for ``asked``, in any queue."""
    tickets = Ticket.objects.visible_to(user).filter(origin__in=ORIGINS).order_by()
    return tickets.filter(feedback__channel=asked.channel) if asked.channel else tickets


def events_between(start: datetime, end: datetime, tickets: TicketQuerySet) -> list[Row]:
    """Return the events of ``tickets`` in [``start``, ``end``), oldest first. One query, using event_counted.

    Mass messages that announce a fix do not count as answers.
    """
    events = (
        TicketEvent.objects.filter(kind__in=COUNTED, at__gte=start, at__lt=end, ticket__in=tickets)
        .exclude(kind=EventKind.MESSAGE_IN)
        .exclude(_OF_THE_OTHER)
        .exclude(_WITHIN_WORK)
        .exclude(kind=EventKind.REPLIED, details__has_key="fix")
        .order_by("at", "pk")
        .values_list(
            "pk", seconds(F("at")), "kind", "ticket", "actor", "old", "new", KT("details__in_time"),
            seconds(F("at")) - seconds(F("ticket__opened_at")), "ticket__feedback__channel", "ticket__queue",
        )
    )  # fmt: skip
    return [Row(*event) for event in events.iterator(chunk_size=5000)]


def standing_since(start: datetime, tickets: TicketQuerySet) -> Standing:
    """Return the queues of ``tickets`` from ``start`` on. Two queries: the moves since then, and the queues' slugs."""
    keys = dict(Queue.objects.values_list("slug", "pk"))
    moves: defaultdict[int, list[tuple[float, int, int]]] = defaultdict(list)
    events = TicketEvent.objects.filter(kind=EventKind.QUEUED, at__gte=start, ticket__in=tickets)
    for ticket, at, event, old in events.order_by("at", "pk").values_list(
        "ticket", seconds(F("at")), "pk", "old"
    ):
        # A deleted queue counts for no team.
        moves[ticket].append((at, event, keys.get(old, 0)))
    return Standing(moves)


def backlog_at(start: datetime, tickets: TicketQuerySet) -> dict[int, int]:
    """Return those of ``tickets`` that waited for a solution at ``start``, with the queue they are in now.

    Two queries, over tickets that are unsolved now or changed since; never over all tickets.
    """
    older = tickets.filter(opened_at__lt=start)
    since = (
        TicketEvent.objects.filter(kind__in=STATE_KINDS, at__gte=start, ticket__in=older)
        .exclude(_OF_THE_OTHER)
        .exclude(_WITHIN_WORK)
        .order_by("ticket", "at", "pk")
        .distinct("ticket")
        .values_list("ticket", "kind", "old", "ticket__queue")
    )
    changed: set[int] = set()
    waited: dict[int, int] = {}
    for ticket, kind, old, queue in since:
        changed.add(ticket)
        # A ticket that was merged at ``start`` waited as part of another.
        if kind != EventKind.UNMERGED and old in UNSOLVED:
            waited[ticket] = queue
    unsolved = older.filter(status__in=UNSOLVED, merged_into=None).values_list("pk", "queue")
    return waited | {ticket: queue for ticket, queue in unsolved if ticket not in changed}


def latest_before(start: datetime, tickets: Iterable[int]) -> dict[tuple[int, str], float]:
    """Return when each of ``tickets`` was last answered, and when its last alarm began, before ``start``. One query.

    Keyed by ticket and REPLIED or CRISIS_ENTERED.
    """
    kinds = (EventKind.REPLIED, EventKind.CRISIS_ENTERED, EventKind.CRISIS_AGAIN)
    events = (
        TicketEvent.objects.filter(ticket__in=list(tickets), kind__in=kinds, at__lt=start)
        .exclude(kind=EventKind.REPLIED, details__has_key="fix")
        .order_by()
        .values_list("ticket", "kind")
        .annotate(latest=seconds(Max("at")))
    )
    found: dict[tuple[int, str], float] = {}
    for ticket, kind, at in events:
        key = (ticket, EventKind.CRISIS_ENTERED if kind == EventKind.CRISIS_AGAIN else kind)
        found[key] = max(at, found.get(key, at))
    return found


def ratings_between(start: datetime, end: datetime, tickets: TicketQuerySet) -> list[RatingRow]:
    """Return the ratings of ``tickets`` in [``start``, ``end``), oldest first. One query, using rating_by_time."""
    rated = Ticket.objects.filter(feedback=OuterRef("feedback")).order_by()
    answers = (
        TicketEvent.objects.filter(
            Q(ticket__feedback=OuterRef("feedback")), kind=EventKind.REPLIED, at__lte=OuterRef("at")
        )
        .exclude(details__has_key="fix")
        .order_by("-at", "-pk")
    )
    ratings = (
        Rating.objects.filter(at__gte=start, at__lt=end, feedback__in=tickets.values("feedback"))
        .annotate(
            ticket=Subquery(rated.values("pk")[:1]),
            queue=Subquery(rated.values("queue")[:1]),
            agent=Subquery(answers.values("actor")[:1]),
        )
        .order_by("at", "pk")
    )
    columns = (seconds(F("at")), "score", "ticket", "agent", "feedback__channel", "queue")
    return [RatingRow(*rating) for rating in ratings.values_list(*columns)]


def messages_by_hour(
    start: datetime, end: datetime, tickets: TicketQuerySet, queues: frozenset[int] | None
) -> list[list[int]]:
    """Return how many customer messages arrived in each hour of each weekday, from Monday. One query.

    Of ``tickets`` now in one of ``queues``, None for all: the database counts them, without regard to earlier moves.
    """
    zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
    here = tickets if queues is None else tickets.filter(queue__in=queues)
    kinds = (EventKind.OPENED, EventKind.MESSAGE_IN)
    counts = (
        TicketEvent.objects.filter(kind__in=kinds, at__gte=start, at__lt=end, ticket__in=here)
        .order_by()
        .values_list(ExtractIsoWeekDay("at", tzinfo=zone), ExtractHour("at", tzinfo=zone))
        .annotate(count=Count("pk"))
    )
    found = [[0] * 24 for _weekday in range(7)]
    for weekday, hour, count in counts:
        found[weekday - 1][hour] = count
    return found
