"""The release dates of the demo's app, and the outbreak that one release caused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
DAYS = 182
THURSDAY = 3
_DAYS_TO_UPDATE = 6.0


@dataclass(frozen=True)
class Calendar:
    """The demo's six months: releases by version, oldest first, and the start and end of the outbreak."""

    since: datetime
    until: datetime
    releases: Mapping[str, datetime]
    outbreak_from: datetime
    outbreak_until: datetime

    def released(self, at: datetime) -> frozenset[str]:
        """Return the versions that are out at ``at``."""
        return frozenset(version for version, day in self.releases.items() if day <= at)

    def version(self, random: Random, at: datetime) -> str:
        """Return the version of a user who updates after a random delay."""
        noticed = at - timedelta(days=random.expovariate(1 / _DAYS_TO_UPDATE))
        out = [version for version, day in self.releases.items() if day <= noticed]
        return out[-1] if out else next(iter(self.releases))


def calendar(until: datetime) -> Calendar:
    """Place the releases so that the outbreak falls into the last whole month before ``until`` (aware).

    That is the month whose summary a visitor opens first.
    """
    today = until.astimezone(LOCAL).date()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    outbreak = next(
        day
        for day in (last_month + timedelta(days=offset) for offset in range(9, 16))
        if day.weekday() == THURSDAY
    )

    def local(day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), LOCAL).astimezone(until.tzinfo)

    def before(days: int) -> datetime:
        return local(last_month - timedelta(days=days), "10:00")

    releases = {
        "8.0.3": before(220),
        "8.1.0": before(135),
        "8.2.0": before(100),
        "8.3.0": before(58),
        "8.3.1": before(33),
        "8.3.2": before(3),
        "8.4.0": local(outbreak, "14:00"),
        "8.4.1": local(outbreak, "20:00"),
        "8.5.0": local(outbreak + timedelta(days=24), "10:00"),
    }
    return Calendar(
        since=until - timedelta(days=DAYS),
        until=until,
        releases={version: at for version, at in releases.items() if at <= until},
        outbreak_from=local(outbreak, "14:35"),
        outbreak_until=local(outbreak, "20:30"),
    )
