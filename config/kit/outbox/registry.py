"""Which function does which kind of outbox row. Apps register theirs in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.kit.outbox.lanes import Lane


@dataclass(frozen=True)
class Handler:
    """How rows of one kind are done.

    ``work(subject_id, at)`` runs outside any transaction (text analysis, network) and returns what
    ``effect(subject_id, result, at)`` then writes, in the transaction that marks the row done.
    ``work_many(subject_ids, at)`` does a batch at once, in the same order, where that is cheaper, and so
    writes ``effect_many(subject_ids, results, at)``, all in one transaction; should that fail, each row's
    ``effect`` is tried alone, so that one bad row holds up no other.
    """

    kind: str
    lane: Lane
    effect: Callable[[int, Any, datetime], None]
    work: Callable[[int, datetime], Any] | None = None
    work_many: Callable[[Sequence[int], datetime], Sequence[Any]] | None = None
    effect_many: Callable[[Sequence[int], Sequence[Any], datetime], None] | None = None


class UnknownKind(LookupError):
    """No app registered a handler for this kind of row."""


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Make ``handler`` the one for its kind. Raises ValueError when the kind is taken."""
    if handler.kind in _handlers and _handlers[handler.kind] != handler:
        raise ValueError(f"two handlers for outbox kind {handler.kind!r}")
    _handlers[handler.kind] = handler


def handler_for(kind: str) -> Handler:
    """Return the handler registered for ``kind``. Raises UnknownKind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"no handler registered for outbox kind {kind!r}") from None


def kinds() -> list[str]:
    """Return every registered kind, sorted."""
    return sorted(_handlers)
