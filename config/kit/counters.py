"""Counters kept in Redis for a limited time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counter:
    """A count that expires ``seconds`` after its last change and is exceeded above ``most``."""

    key: str
    seconds: int
    most: int
