"""Keep an answer for a few seconds: configuration that each request asks for and nobody changes often."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connection

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

#: How old an answer may be; a change in the admin holds everywhere after this.
SECONDS = 5.0
MOST_KEPT = 10_000

_all: list[Remembered[Any, Any]] = []


class Remembered(Generic[Asked, Answer]):
    """A function of hashable positional arguments whose answers this process keeps for SECONDS.

    None is not kept: what is missing now may be made in a moment. Nor is anything read inside a
    transaction, which may see what is rolled back later, unless ``also_in_transactions``: where such an answer
    does no harm. What is kept is shared by threads: read it only.
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
        """Ask again next time."""
        self.kept.clear()


def remembered_everywhere(ask: Callable[Asked, Answer]) -> Remembered[Asked, Answer]:
    """Keep the answers of ``ask``, also those read inside a transaction: one that is rolled back must do no harm."""
    return Remembered(ask, also_in_transactions=True)


def remembered(ask: Callable[Asked, Answer]) -> Remembered[Asked, Answer]:
    """Keep the answers of ``ask`` for SECONDS in this process."""
    return Remembered(ask)


def forget_all() -> None:
    """Ask everything again next time: between tests, and after a change that must hold here at once."""
    for one in _all:
        one.forget()
