"""Notify open pages that something changed: ids only, after commit, never the only way to learn of it.

Notes go to one bounded Redis stream, which ``tickets.live`` reads. A lost note costs a page a few
seconds: it also polls from time to time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.db import transaction

#: The name of the stream among the keys of the cache.
STREAM = "live"
#: How many notes are kept for pages that come back after a short absence.
MOST_KEPT = 5_000


@dataclass(frozen=True)
class Note:
    """Something happened to a ticket: ``kind`` is the kind of its history event, or says that someone views it.

    ``event`` is 0 when there is no history event, ``actor`` is 0 for the system.
    """

    kind: str
    ticket: int
    event: int = 0
    actor: int = 0


def tell(*notes: Note) -> None:
    """Send ``notes`` to open pages after the caller's transaction commits. Never raises, never blocks for long."""
    # Not functools.partial: Django's robust hooks fail on a callable without __qualname__.
    transaction.on_commit(lambda: _tell_now(notes), robust=True)


def _tell_now(notes: Sequence[Note]) -> None:
    cache.append(STREAM, [asdict(note) for note in notes], most=MOST_KEPT)  # type: ignore[attr-defined]
