"""Say that something is about to leave, before it leaves; of two who would send it, let one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from config.kit.outbox.registry import NotNow


def claim(seen: QuerySet[Any], **changes: object) -> None:
    """Write ``changes`` (`sending`) to the one row in ``seen``, which names the state that it was read in.

    Committed at once by ``Handler.work``. Raises NotNow when the row is in another state by now: its person was
    erased, or of two workers, one of whom was slow and lost its lease, the other has it.
    """
    # The WHERE clause is the lock.
    if not seen.update(**changes):
        raise NotNow("it changed meanwhile")
