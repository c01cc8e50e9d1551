"""Urgent tickets, and the people who are told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from feedback.analysis.models import UrgencyLane
from tests.people import NOON, agent, opened
from tickets.crisis.models import Level, NotificationRoad, OnCallShift, RoadKind
from tickets.desk.models import CrisisPlace
from users.accounts.models import Role, User


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def urgent(
    category: str = "tech", *, at: datetime = NOON, lane: str = UrgencyLane.RED, **fields: Any
) -> CrisisPlace:
    """Return the place in the crisis queue of a new urgent ticket."""
    text = fields.pop("text", "the app shows me other people's messages")
    ticket = opened(text, lane=lane, category=category, urgency=0.95, at=at, **fields)
    return ticket.crisis_places.get()


def watcher(name: str, **fields: Any) -> User:
    """Return an agent of the crisis team."""
    return agent(name, is_crisis_team=True, **fields)


def on_call(name: str, *, level: str = Level.PRIMARY, at: datetime = NOON, **fields: Any) -> User:
    """Return a member of the crisis team who is on call all day around ``at``."""
    user = watcher(name, **fields)
    day = timedelta(hours=12)
    OnCallShift.objects.create(user=user, level=level, starts_at=at - day, ends_at=at + day)
    return user


def administrator(name: str = "ada") -> User:
    return User.objects.create_user(
        name, email=f"{name}@earshot.example", role=Role.ADMINISTRATOR, is_staff=True
    )


def webhook(user: User, url: str, *, position: int = 10) -> NotificationRoad:
    return NotificationRoad.objects.create(user=user, kind=RoadKind.WEBHOOK, target=url, position=position)


def send_pages(at: datetime = NOON) -> int:
    """Send what is owed, as the sweeper does; return how many rows were taken."""
    taken = 0
    while run_one(Lane.PAGE, at=at, by="test"):
        taken += 1
    return taken
