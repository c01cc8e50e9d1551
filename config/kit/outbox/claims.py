"""Mark something as being sent before it is sent, so that only one of two concurrent workers sends it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from config.kit.outbox.registry import NotNow


def claim(seen: QuerySet[Any], **changes: object) -> None:
    """Write ``changes`` (`sending`) to the single row in ``seen``, a queryset that filters on the state it was read in.

    Called from ``Handler.work``, hence committed at once. Raises NotNow when the row has changed since: its person
    was erased, or another worker has it because this one was slow and lost its lease.
    """
    # The WHERE clause is the lock.
    if not seen.update(**changes):
        raise NotNow("it changed meanwhile")
