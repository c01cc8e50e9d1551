"""Months, weeks and other half-open periods in a time zone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTH, WEEK, CUSTOM = "month", "week", "custom"
#: The days that may be asked for, within what calendars support: the periods before are counted as well.
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
MOST_DAYS = 3_660


@dataclass(frozen=True)
class Period:
    """The half-open interval [``start``, ``end``), both aware; its days begin at midnight in ``time_zone``."""

    kind: str
    start: datetime
    end: datetime
    time_zone: str

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period must end after it starts: {self.start} .. {self.end}")

    @property
    def title(self) -> str:
        """The period in words: ``2026-10``, or its first and last day, both included."""
        zone = ZoneInfo(self.time_zone)
        first, end = self.start.astimezone(zone), self.end.astimezone(zone)
        if self.kind == MONTH:
            return f"{first:%Y-%m}"
        last = end if (end.hour, end.minute) != (0, 0) else end - timedelta(days=1)
        return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"

    def before(self) -> Period:
        """Return the period of the same kind just before this one; a month by the calendar, whatever its length."""
        if self.kind == MONTH:
            last = self.start.astimezone(ZoneInfo(self.time_zone)).date() - timedelta(days=1)
            return month_of(last, self.time_zone)
        if self.kind == WEEK:
            monday = self.start.astimezone(ZoneInfo(self.time_zone)).date()
            return week_of(monday - timedelta(days=7), self.time_zone)
        return Period(self.kind, self.start - (self.end - self.start), self.start, self.time_zone)

    def past(self, count: int) -> list[Period]:
        """Return the ``count`` periods before this one, oldest first."""
        found: list[Period] = []
        period = self
        for _ in range(count):
            period = period.before()
            found.insert(0, period)
        return found

    def covered(self, at: datetime) -> float:
        """Return the share of the period that has passed at ``at``, 0..1."""
        return min(1.0, max(0.0, (at - self.start) / (self.end - self.start)))


def asked_for(kind: str, first: date, last: date, time_zone: str) -> Period:
    """Return the month or week that contains ``first``, or the period from ``first`` to ``last``.

    Raises ValueError for days outside EARLIEST..LATEST, more than MOST_DAYS of them, or the wrong way round.
    """
    last = last if kind == CUSTOM else first
    if not (first >= EARLIEST and last <= LATEST) or (last - first).days >= MOST_DAYS:
        raise ValueError(f"days from {EARLIEST} to {LATEST} are counted, {MOST_DAYS} at most")
    if kind == CUSTOM:
        return days_between(first, last, time_zone)
    return month_of(first, time_zone) if kind == MONTH else week_of(first, time_zone)


def month_of(day: date, time_zone: str) -> Period:
    """Return the calendar month that contains ``day``."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(MONTH, midnight(first, time_zone), midnight(following, time_zone), time_zone)


def week_of(day: date, time_zone: str) -> Period:
    """Return the week, Monday to Sunday, that contains ``day``."""
    monday = day - timedelta(days=day.weekday())
    return Period(
        WEEK, midnight(monday, time_zone), midnight(monday + timedelta(days=7), time_zone), time_zone
    )


def days_between(first: date, last: date, time_zone: str) -> Period:
    """Return the period from ``first`` to ``last``, both included. Raises ValueError when last is before first."""
    return Period(
        CUSTOM, midnight(first, time_zone), midnight(last + timedelta(days=1), time_zone), time_zone
    )


def midnight(day: date, time_zone: str) -> datetime:
    """Return the first moment of ``day`` in ``time_zone``, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
