"""Replay the past through the watch: what would it have reported, and when? Everything it writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from config.kit.origins import Origin
from tickets.warnings.looking import look
from tickets.warnings.models import EarlyWarning
from tickets.warnings.services import record


@dataclass(frozen=True)
class Look:
    """One look of a replay: when, and the warnings as they stood after it."""

    at: datetime
    warnings: tuple[EarlyWarning, ...]


def replayed(start: datetime, end: datetime, *, step: timedelta, origin: str = Origin.LIVE) -> Iterator[Look]:
    """Look after each ``step`` of (start, end] with only what was known then; yield every look.

    The warnings are stored as those of a drill, in a transaction that is rolled back: nobody is notified. Decisions
    that people made at the time are not replayed.
    """
    with transaction.atomic():
        before = list(EarlyWarning.objects.filter(origin=Origin.DRILL).values_list("pk", flat=True))
        at = start + step
        while at <= end:
            record(look(at, origin=origin, kept_as=Origin.DRILL), at=at, origin=Origin.DRILL)
            warnings = EarlyWarning.objects.filter(origin=Origin.DRILL).exclude(pk__in=before)
            yield Look(at, tuple(warnings.named().order_by("opened_at", "pk")))
            at += step
        transaction.set_rollback(True)
