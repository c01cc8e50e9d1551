"""Several things at once, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from config.kit.errors import Refused


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Start ``jobs`` at one moment and return what each returned, or the Refused that it raised."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(20)
            results[number] = job()
        except Refused as refused:
            results[number] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@contextmanager
def meanwhile(job: Callable[[], Any]) -> Iterator[None]:
    """Do ``job`` in another connection, whose transaction is open for as long as the block runs."""
    is_done, may_end = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                job()
                is_done.set()
                assert may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert is_done.wait(20)
        yield
    finally:
        may_end.set()
        thread.join(60)
