"""Pass new rows to listeners in the same transaction: how news travels up, against the import direction.

A part announces the rows that record what happened and does not know its listeners. A listener only writes rows of
its own; an exception in it rolls back the announced rows too, so that neither exists without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model

Listener = Callable[[Sequence[Any]], None]

_listeners: dict[type[Model], list[Listener]] = {}


def listen(model: type[Model], listener: Listener) -> None:
    """Call ``listener`` with all announced rows of ``model``. For ``AppConfig.ready``; repeating it has no effect."""
    known = _listeners.setdefault(model, [])
    if listener not in known:
        known.append(listener)


def happened(model: type[Model], rows: Sequence[Model]) -> None:
    """Announce ``rows`` of ``model`` in the transaction that wrote them."""
    for listener in _listeners.get(model, ()):
        listener(rows)
