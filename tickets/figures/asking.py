"""Which days and which tickets the figures are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kit.errors import Refused
from feedback.intake.models import Channel
from tickets.queues.models import AccessLevel, Queue, QueueAccess
from tickets.summaries.periods import EARLIEST, Period, days_between
from users.accounts.models import Team, User

#: The most days counted at once: every event in them, and in as many days before, is read.
MOST_DAYS = 92
_DAY = timedelta(days=1)

Row = TypeVar("Row", Team, Queue, Channel)


class Span(TextChoices):
    LAST_7 = "7", gettext_lazy("Last 7 days")
    LAST_28 = "28", gettext_lazy("Last 28 days")
    THIS_MONTH = "month", gettext_lazy("This month")
    LAST_MONTH = "last-month", gettext_lazy("Last month")
    CUSTOM = "custom", gettext_lazy("Chosen days")


class CannotCount(Refused):
    code = "invalid"


@dataclass(frozen=True)
class Days:
    """The days from ``first`` to ``last``, inclusive, in the installation's time zone."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(settings.SUMMARY_TIME_ZONE)

    @property
    def period(self) -> Period:
        return days_between(self.first, self.last, settings.SUMMARY_TIME_ZONE)

    @property
    def before(self) -> Days:
        """The same number of days, just before."""
        return Days(self.first - self.count * _DAY, self.first - _DAY)

    def each(self) -> list[date]:
        return [self.first + number * _DAY for number in range(self.count)]


@dataclass(frozen=True)
class Asked:
    """The figures asked for: of ``days``, and where given of one team's queues, one queue or one channel."""

    span: Span
    days: Days
    team: Team | None = None
    queue: Queue | None = None
    channel: Channel | None = None

    @property
    def query(self) -> str:
        """The same question as a URL query string."""
        fields = {
            "span": Span.CUSTOM.value,
            "from": self.days.first.isoformat(),
            "to": self.days.last.isoformat(),
            **{
                name: row.slug
                for name in ("team", "queue", "channel")
                if (row := getattr(self, name)) is not None
            },
        }
        return urlencode(fields)


@dataclass(frozen=True)
class Choices:
    """What a user may ask for. ``worked`` maps each team's id to the ids of the queues it works."""

    teams: list[Team]
    queues: list[Queue]
    channels: list[Channel]
    worked: Mapping[int, frozenset[int]]

    def queues_in(self, asked: Asked) -> frozenset[int] | None:
        """Return the ids of the queues that ``asked`` is about, None for all."""
        chosen = self.worked.get(asked.team.pk, frozenset()) if asked.team else None
        if asked.queue is None:
            return chosen
        own = frozenset({asked.queue.pk})
        return own if chosen is None else own & chosen


def choices_for(user: User) -> Choices:
    """Return what ``user`` may choose from: agents their own teams, leads and administrators all. Four queries."""
    teams = Team.objects.all() if user.is_lead else Team.objects.filter(members=user)
    worked: dict[int, frozenset[int]] = {}
    accesses = QueueAccess.objects.filter(level=AccessLevel.WORK).values_list("team", "queue")
    for team, queue in accesses:
        worked[team] = worked.get(team, frozenset()) | {queue}
    return Choices(
        list(teams.order_by("name")),
        list(Queue.objects.visible_to(user).order_by("position", "name")),
        list(Channel.objects.order_by("name")),
        worked,
    )


def asked_in(query: Mapping[str, str], choices: Choices, *, at: datetime) -> Asked:
    """Return what ``query`` asks for at ``at``; without a period the last 7 days. Raises CannotCount."""
    span = _span_in(query)
    return Asked(
        span,
        _days_in(query, span, today=at.astimezone(ZoneInfo(settings.SUMMARY_TIME_ZONE)).date()),
        team=_one_of(choices.teams, query, "team"),
        queue=_one_of(choices.queues, query, "queue"),
        channel=_one_of(choices.channels, query, "channel"),
    )


def _span_in(query: Mapping[str, str]) -> Span:
    if "span" not in query and ("from" in query or "to" in query):
        return Span.CUSTOM
    try:
        return Span(query.get("span", Span.LAST_7))
    except ValueError:
        raise CannotCount(_("There is no such period."), field="span") from None


def _days_in(query: Mapping[str, str], span: Span, *, today: date) -> Days:
    """Return the days of ``span``: the last 7 or 28 end yesterday, this month and chosen days by today."""
    first_of_month = today.replace(day=1)
    match span:
        case Span.LAST_7 | Span.LAST_28:
            return Days(today - int(span.value) * _DAY, today - _DAY)
        case Span.THIS_MONTH:
            return Days(first_of_month, today)
        case Span.LAST_MONTH:
            last = first_of_month - _DAY
            return Days(last.replace(day=1), last)
    days = Days(_day_in(query, "from"), min(_day_in(query, "to"), today))
    if days.first > days.last:
        raise CannotCount(_("The first day comes after the last one, or is still to come."), field="from")
    if days.count > MOST_DAYS or days.first < EARLIEST + MOST_DAYS * _DAY:
        raise CannotCount(
            _("At most %(count)s days are counted at once.") % {"count": MOST_DAYS}, field="from"
        )
    return days


def _day_in(query: Mapping[str, str], field: str) -> date:
    try:
        return date.fromisoformat(query.get(field, ""))
    except ValueError:
        raise CannotCount(_("Give a day, such as 2026-11-25."), field=field) from None


def _one_of(rows: Sequence[Row], query: Mapping[str, str], field: str) -> Row | None:
    slug = query.get(field)
    if not slug:
        return None
    for row in rows:
        if row.slug == slug:
            return row
    raise CannotCount(_("There is nothing of this name, or nothing that you may see."), field=field)
