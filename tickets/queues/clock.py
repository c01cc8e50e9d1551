"""Business time. Pure: no Django, no models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

#: How many days ahead open hours are searched; a calendar with none by then counts as never open.
_MOST_DAYS = 400
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


class BadHours(ValueError):
    """Unusable hours. ``code`` says why, ``weekday`` (0 = Monday) on which day, None for all."""

    def __init__(self, code: str, weekday: int | None = None) -> None:
        super().__init__(code if weekday is None else f"{code} on weekday {weekday}")
        self.code, self.weekday = code, weekday


@dataclass(frozen=True)
class Hours:
    """Open hours: weekday (0 = Monday) to slots in ``zone``'s local time; closed on ``holidays``.

    A slot past midnight belongs to the day on which it begins, so the eve of a holiday is worked to its end.
    """

    zone: ZoneInfo
    slots: Mapping[int, Sequence[tuple[time, time]]]
    holidays: frozenset[date] = frozenset()

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open spans from ``start`` on, in UTC and in order, for at most 400 days."""
        start = start.astimezone(UTC)
        day = start.astimezone(self.zone).date()
        # From the day before: a slot that began in its evening may still be open.
        for offset in range(-1, _MOST_DAYS):
            today = day + timedelta(days=offset)
            if today in self.holidays:
                continue
            for opens, closes in self.slots.get(today.weekday(), ()):
                # The end of the day, "24:00", is stored as 00:00.
                last = today if closes > opens else today + timedelta(days=1)
                # Times in one zone compare and subtract by wall clock; in UTC, DST changes are counted correctly.
                begin = max(datetime.combine(today, opens, self.zone).astimezone(UTC), start)
                end = datetime.combine(last, closes, self.zone).astimezone(UTC)
                # A slot that begins in an hour skipped by a DST change may end before it begins.
                if end > begin:
                    yield begin, end


def parse_hours(zone: str, hours: Mapping[str, Sequence[Sequence[str]]], holidays: Sequence[date]) -> Hours:
    """Parse a calendar as it is stored. Raises ValueError or KeyError for an invalid one."""
    slots = {
        int(weekday): sorted(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans
        )
        for weekday, spans in hours.items()
    }
    return Hours(ZoneInfo(zone), slots, frozenset(holidays))


def check_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Raise BadHours for hours, as they are stored, that are ``never_open``, ``no_time`` or ``overlap``.

    Overlapping slots would count the same minute twice; a slot past midnight may overlap the next day's.
    """
    slots = sorted(_slot(int(weekday), *span) for weekday, spans in hours.items() for span in spans)
    if not slots:
        raise BadHours("never_open")
    first = slots[0]
    for (_begin, end, weekday), (begin, _end, _weekday) in pairwise([*slots, (first[0] + _WEEK, *first[1:])]):
        if end > begin:
            raise BadHours("overlap", weekday)


def _slot(weekday: int, opens: str, closes: str) -> tuple[timedelta, timedelta, int]:
    """Return the begin and end of a slot, counted from Monday 00:00, and its weekday."""
    try:
        begin, end = (datetime.combine(date.min, time.fromisoformat(clock)) for clock in (opens, closes))
    except ValueError as error:
        raise BadHours("no_time", weekday) from error
    start = weekday * _DAY + (begin - datetime.combine(date.min, time.min))
    return start, start + ((end - begin) % _DAY or _DAY), weekday


def due(start: datetime, within: timedelta, hours: Hours | None) -> datetime:
    """Return, in UTC, when ``within`` of open time has passed after ``start``; plain time when ``hours`` is None.

    Raises ValueError for a calendar that is never open, or not open long enough in the next 400 days.
    """
    if hours is None:
        return start.astimezone(UTC) + within
    left = within
    for begin, end in hours.spans(start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise ValueError("the calendar has no open hours")
