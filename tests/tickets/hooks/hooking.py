"""A receiver on this machine, and what it was told."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from tests.people import NOON
from tests.webhooks import Server
from tickets.hooks.models import Hook, HookEvent
from tickets.hooks.services import set_up
from users.accounts.models import Role, User


def integration(name: str = "shop") -> User:
    return User.objects.create_user(name, email=f"{name}@example.org", role=Role.INTEGRATION)


def hooked(owner: User, url: str, *events: HookEvent, **fields: Any) -> Hook:
    """Return a webhook of ``owner`` to ``url``."""
    return set_up(owner, url=url, events=[event.value for event in events], at=NOON, **fields)[0]


def send_hooks(at: datetime = NOON, *, most: int = 100) -> int:
    """Send what is owed, as the sweeper does; return how many tries were taken."""
    taken = 0
    while taken < most and run_one(Lane.HOOK, at=at, by="test"):
        taken += 1
    return taken


def told(server: Server) -> list[dict[str, Any]]:
    """Return what ``server`` was told, in the order in which it came."""
    return [json.loads(body) for _method, _path, _headers, body in server.asked]
