"""Share work with a second process where there is a second core. Pure.

For work that holds the GIL all the time, so that threads would take turns. ``multiprocessing`` is no option: a Celery
worker process may not start children with it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from subprocess import PIPE
from typing import IO, TypeVar, cast

#: From how many messages on a second process pays off: it takes some three seconds to start.
WORTH_SHARING = 20_000

_ROOT = Path(__file__).resolve().parents[2]
# The child imports and prepares what it will be asked for while the first process does something else.
_CHILD = """
import pickle, pkgutil, sys
root, *names = sys.argv[1:]
sys.path.insert(0, root)
for name in names:
    named = pkgutil.resolve_name(name)
    if callable(named):
        named()
while True:
    try:
        function, items = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    pickle.dump([function(item) for item in items], sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""

Item = TypeVar("Item")
Result = TypeVar("Result")

_kept: ContextVar[subprocess.Popen[bytes] | None] = ContextVar("second_process", default=None)


@contextmanager
def second_process(*names: str) -> Iterator[subprocess.Popen[bytes]]:
    """Keep one second process for every ``shared`` and ``elsewhere`` call inside; nested uses share the outermost.

    ``names`` are modules it imports, or functions, ``module:function``, it calls at once.
    """
    outer = _kept.get()
    if outer is not None:
        yield outer
        return
    command = [sys.executable, "-c", _CHILD, str(_ROOT), *names]
    child = subprocess.Popen(command, stdin=PIPE, stdout=PIPE)
    token = _kept.set(child)
    try:
        yield child
    except BaseException:
        child.kill()
        raise
    finally:
        _kept.reset(token)
        # The child ends when its input is closed, however we end. If it is gone already, unsent input is no new error.
        with suppress(BrokenPipeError):
            cast(IO[bytes], child.stdin).close()
        cast(IO[bytes], child.stdout).close()
        child.wait()


def shared(
    function: Callable[[Item], Result], items: Sequence[Item], *, of: int = WORTH_SHARING
) -> list[Result]:
    """Return ``function`` of each of ``items``, every other one computed in a second process.

    ``function`` belongs to a module of ours; the result is the same on any number of cores. ``of`` is the number of
    messages behind the items: below ``WORTH_SHARING`` no second process is used. Outside ``second_process`` one is
    started for this call alone. Raises what ``function`` raises, or subprocess.CalledProcessError if it fails in the
    second process, which prints the error on its standard error.
    """
    if len(items) < 2 or of < WORTH_SHARING or cores() < 2:
        return [function(item) for item in items]
    results: list[Result] = [None] * len(items)  # type: ignore[list-item]
    with second_process(function.__module__) as child, ThreadPoolExecutor(1) as thread:
        theirs = thread.submit(_ask, child, function, items[1::2])
        try:
            results[::2] = [function(item) for item in items[::2]]
        except BaseException:
            # Its answer, if it came, would be taken for that of the next call.
            child.kill()
            raise
        results[1::2] = theirs.result()
    return results


def elsewhere(function: Callable[[Item], Result], item: Item) -> Result:
    """Return ``function`` of ``item``, computed in the second process if one is kept, which has it loaded."""
    child = _kept.get()
    return function(item) if child is None else _ask(child, function, [item])[0]


def _ask(
    child: subprocess.Popen[bytes], function: Callable[[Item], Result], items: Sequence[Item]
) -> list[Result]:
    try:
        pickle.dump((function, items), cast(IO[bytes], child.stdin))
        cast(IO[bytes], child.stdin).flush()
        answer: list[Result] = pickle.load(cast(IO[bytes], child.stdout))  # noqa: S301 - our own child wrote it
    except (EOFError, BrokenPipeError) as error:
        raise subprocess.CalledProcessError(child.wait(), child.args) from error
    return answer


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
