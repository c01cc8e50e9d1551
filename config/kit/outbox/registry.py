"""The handlers of outbox rows by kind. Apps register theirs in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.kit.outbox.lanes import Lane


@dataclass(frozen=True)
class Handler:
    """How rows of one kind are done: one by one or, where that is cheaper, in a batch.

    ``work(subject_id, at)`` runs outside any transaction (text analysis, network); its result is written by
    ``effect(subject_id, result, at)`` in the transaction that marks the row done. ``work_many(subject_ids, at)``
    and ``effect_many(subject_ids, results, at)`` are the batch forms, in the same order and in one transaction;
    they also handle single rows. When a batch fails, each of its rows is tried alone, so that one bad row does not
    block the others. Each of the four may raise NotNow.
    """

    kind: str
    lane: Lane
    effect: Callable[[int, Any, datetime], None] | None = None
    work: Callable[[int, datetime], Any] | None = None
    work_many: Callable[[Sequence[int], datetime], Sequence[Any]] | None = None
    effect_many: Callable[[Sequence[int], Sequence[Any], datetime], None] | None = None

    def __post_init__(self) -> None:
        if (self.effect is None) == (self.effect_many is None):
            raise ValueError(f"outbox kind {self.kind!r} needs one of effect and effect_many")

    def prepare(self, subject_ids: Sequence[int], at: datetime) -> Sequence[Any]:
        """Do the work of ``subject_ids`` and return the results in the same order."""
        if self.work_many is not None:
            return self.work_many(subject_ids, at)
        return [self.work(subject_id, at) if self.work else None for subject_id in subject_ids]

    def write(self, subject_ids: Sequence[int], results: Sequence[Any], at: datetime) -> None:
        """Write the effects of ``subject_ids``, in the caller's transaction."""
        if self.effect_many is not None:
            self.effect_many(subject_ids, results, at)
        elif self.effect is not None:
            for subject_id, result in zip(subject_ids, results, strict=True):
                self.effect(subject_id, result, at)


class NotNow(Exception):
    """A resource that the handler needs is busy; not a failure, the row is run again soon or at ``until``."""

    def __init__(self, because: str = "", *, until: datetime | None = None) -> None:
        super().__init__(because)
        self.until = until


class UnknownKind(LookupError):
    """No app registered a handler for this kind of row."""


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Register ``handler`` for its kind. Raises ValueError when the kind has another handler."""
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
