"""Cache results in the process for a few seconds: configuration that every request reads and that rarely changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connection

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

#: How old a result may be; a change in the admin applies everywhere after this.
SECONDS = 5.0
MOST_KEPT = 10_000

_all: list[Remembered[Any, Any]] = []


class Remembered(Generic[Asked, Answer]):
    """A function of hashable positional arguments whose results this process caches for SECONDS.

    None is not cached: what is missing now may be created in a moment. Nor is anything read inside a transaction,
    which may be rolled back later, unless ``also_in_transactions``, for results that do no harm then. Cached
    results are shared between threads and must not be modified.
    """

    def __init__(self, ask: Callable[Asked, Answer], *, also_in_transactions: bool = False) -> None:
        self.ask = ask
        self.also_in_transactions = also_in_transactions
        self.kept: dict[tuple[Hashable, ...], tuple[float, Answer]] = {}
        update_wrapper(self, ask)
        _all.append(self)

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        now = time.monotonic()
        found = self.kept.get(args)
        if found is not None and found[0] > now:
            return found[1]
        answer = self.ask(*args, **kwargs)
        if answer is not None and (self.also_in_transactions or not connection.in_atomic_block):
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[args] = (now + SECONDS, answer)
        return answer

    def forget(self) -> None:
        """Drop all cached results."""
        self.kept.clear()


def remembered_everywhere(ask: Callable[Asked, Answer]) -> Remembered[Asked, Answer]:
    """Cache results of ``ask``, even those read inside a transaction, whose rollback must then do no harm."""
    return Remembered(ask, also_in_transactions=True)


def remembered(ask: Callable[Asked, Answer]) -> Remembered[Asked, Answer]:
    """Cache results of ``ask`` for SECONDS in this process."""
    return Remembered(ask)


def forget_all() -> None:
    """Drop every cached result: between tests, and after a change that must apply in this process at once."""
    for one in _all:
        one.forget()
