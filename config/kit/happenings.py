"""Hand what was just written to whoever listens, in the same transaction: how news goes up against the imports.

A part announces the rows that say what happened and knows nobody who listens. A listener only writes rows of its own:
what it raises undoes what happened, so that neither is there without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model

Listener = Callable[[Sequence[Any]], None]

_listeners: dict[type[Model], list[Listener]] = {}


def listen(model: type[Model], listener: Listener) -> None:
    """Call ``listener`` with the rows of ``model`` that are announced. For ``AppConfig.ready``; twice is once."""
    known = _listeners.setdefault(model, [])
    if listener not in known:
        known.append(listener)


def happened(model: type[Model], rows: Sequence[Model]) -> None:
    """Announce ``rows`` of ``model``, in the transaction that wrote them."""
    for listener in _listeners.get(model, ()):
        listener(rows)
