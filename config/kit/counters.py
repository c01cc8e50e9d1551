"""What is counted in Redis for a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counter:
    """A count that is forgotten ``seconds`` after its last change, and is full past ``most``."""

    key: str
    seconds: int
    most: int
