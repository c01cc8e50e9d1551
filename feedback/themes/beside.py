"""Do every other piece of a work in a second process of ours, where there is a second core. Pure.

For what holds Python's lock all the time: threads would take turns. Not by ``multiprocessing``: a Celery worker's
process may have no children of its making.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

_ROOT = Path(__file__).resolve().parents[2]
_CHILD = (
    "import pickle, sys; sys.path.insert(0, sys.argv[1]);"
    "function, items = pickle.load(sys.stdin.buffer);"
    "pickle.dump([function(item) for item in items], sys.stdout.buffer)"
)

Item = TypeVar("Item")
Result = TypeVar("Result")


def shared(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return what ``function``, of a module of ours, returns for each of ``items``: the same on any number of cores.

    Starting the second process takes a second. Raises what ``function`` does, for a piece of the other process
    subprocess.CalledProcessError, whose words are on its standard error.
    """
    if len(items) < 2 or cores() < 2:
        return [function(item) for item in items]
    command = [sys.executable, "-c", _CHILD, str(_ROOT)]
    results: list[Result] = [None] * len(items)  # type: ignore[list-item]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            with ThreadPoolExecutor(1) as thread:
                answer = thread.submit(child.communicate, pickle.dumps((function, items[1::2])))
                results[::2] = [function(item) for item in items[::2]]
                written, _nothing = answer.result()
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    results[1::2] = pickle.loads(written)  # noqa: S301 - our own child wrote it
    return results


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
