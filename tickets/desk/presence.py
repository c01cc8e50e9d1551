"""Who is looking at a ticket right now. In Redis only: without it nobody is shown, and work goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from config.kit.live import Note, tell
from users.accounts.models import User

#: Pages report every 15 s; an agent who misses two reports is gone.
GONE_AFTER = timedelta(seconds=40)

#: The kind of note that makes open pages of a ticket ask who is there.
PRESENCE = "presence"


@dataclass(frozen=True)
class Present:
    """A colleague on the same page; ``is_writing`` when their last report said that they were typing an answer."""

    user_id: int
    name: str
    is_writing: bool


def note_presence(ticket_id: int, user: User, *, is_writing: bool, at: datetime) -> list[Present]:
    """Record that ``user`` is looking at the ticket at ``at``; return the others who are, ordered by name.

    Concurrent reports may overwrite each other: the next ones, seconds later, repair it.
    """
    key = f"presence:{ticket_id}"
    seen: dict[int, tuple[str, bool, datetime]] = cache.get(key) or {}
    seen = {who: report for who, report in seen.items() if report[2] > at - GONE_AFTER}
    is_news = user.pk not in seen or seen[user.pk][1] != is_writing
    seen[user.pk] = (user.name, is_writing, at)
    cache.set(key, seen, timeout=GONE_AFTER.total_seconds())
    if is_news:
        tell(Note(PRESENCE, ticket_id, actor=user.pk))
    others = [Present(who, name, writing) for who, (name, writing, _at) in seen.items() if who != user.pk]
    return sorted(others, key=lambda present: present.name)


def forget_presence(ticket_id: int, user: User) -> None:
    """Record that ``user`` left the page."""
    key = f"presence:{ticket_id}"
    seen: dict[int, tuple[str, bool, datetime]] = cache.get(key) or {}
    if seen.pop(user.pk, None):
        cache.set(key, seen, timeout=GONE_AFTER.total_seconds())
        tell(Note(PRESENCE, ticket_id, actor=user.pk))
