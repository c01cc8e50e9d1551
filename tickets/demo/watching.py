"""Run the warning detector over the night of the outbreak, so that the demo shows a real warning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from config.kit.origins import Origin
from tickets.demo.releases import calendar
from tickets.warnings.looking import look
from tickets.warnings.models import EarlyWarning
from tickets.warnings.services import confirm, record
from users.accounts.models import User

#: Who confirms the warning, and how long after it.
TAKEN_BY, TAKEN_AFTER = "lin.jing", timedelta(minutes=10)
NOTE = "8.4.0 signs people out (1042). No longer offered for download; 8.4.1 follows tonight."


@transaction.atomic
def watch_the_outbreak(until: datetime) -> None:
    """Record the warnings that would have been raised then, unless that was done before. About three seconds."""
    if EarlyWarning.objects.filter(origin=Origin.DEMO).exists():
        return
    for at in _looks(until):
        for warning in record(look(at, origin=Origin.DEMO), at=at, origin=Origin.DEMO):
            actor = User.objects.get(username=TAKEN_BY)
            confirm(warning, actor=actor, at=at + TAKEN_AFTER, note=NOTE)


def _looks(until: datetime) -> Iterator[datetime]:
    """Yield the times to look at: every quarter of an hour at first, then every hour, until long after the end."""
    times = calendar(until)
    at = times.outbreak_from
    while at < times.outbreak_until + timedelta(hours=14):
        at += timedelta(minutes=15) if at < times.outbreak_from + timedelta(hours=2) else timedelta(hours=1)
        yield at
