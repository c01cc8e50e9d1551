from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.people import NOON, answers_leave_at_once, opened
from tickets.desk.models import Ticket
from tickets.figures.asking import Asked, Days, Span, choices_for
from tickets.figures.services import Report, report_for, tickets_behind
from users.accounts.models import User

#: The week of NOON, Monday to Sunday, in Shanghai.
WEEK = Days(date(2026, 11, 2), date(2026, 11, 8))


@pytest.fixture(autouse=True)
def at_once(db: None) -> None:
    answers_leave_at_once()


@pytest.fixture
def report() -> Callable[..., Report]:
    """Count a week, or other days, for somebody."""

    def count(user: User, days: Days = WEEK, **filters: Any) -> Report:
        return report_for(user, Asked(Span.CUSTOM, days, **filters), choices_for(user))

    return count


@pytest.fixture
def behind() -> Callable[..., set[int]]:
    """Return the tickets behind a number of a week, or of other days."""

    def find(user: User, what: str, days: Days = WEEK, **fields: Any) -> set[int]:
        narrower = {name: fields.pop(name) for name in ("day", "agent") if name in fields}
        asked = Asked(Span.CUSTOM, days, **fields)
        return tickets_behind(user, asked, choices_for(user), what=what, **narrower)

    return find


def hours(count: float) -> datetime:
    """Return the time so many hours after NOON."""
    return NOON + timedelta(hours=count)


def one(name: str, *, at: datetime = NOON, **fields: Any) -> Ticket:
    """Return a new ticket of somebody who has no other."""
    return opened(name, by=fields.pop("by", f"{name}@example.org"), at=at, **fields)
