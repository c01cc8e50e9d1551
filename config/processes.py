"""Child processes of the one-command mode: starting, watching, restarting and stopping them."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.pids import command_line

# A child that dies this young counts as a failure to start ...
YOUNG_SECONDS = 30
# ... and after so many in a row it is not restarted any more.
MOST_FAILURES = 3
LONGEST_PAUSE_SECONDS = 20
# How long children have to exit by themselves.
PATIENCE_SECONDS = 5.0
PR_SET_PDEATHSIG = 1


class GaveUp(Exception):
    """A child died repeatedly; the message shows the end of its log."""


@dataclass
class Child:
    """A child process: what it runs and its current state."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> None:
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # Granian's Rust backtrace would hide the message that says what is wrong.
                env={**os.environ, "RUST_BACKTRACE": "0", **self.environment},
                # Ctrl-C goes to the terminal's whole process group. Children must not receive it: they are
                # stopped in order, and Celery loses tasks when its whole group is signalled.
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )
        self.started = time.monotonic()

    def watch(self) -> str | None:
        """Restart the child if it died; return a sentence about what happened, None if nothing did.

        Raises GaveUp when it died young MOST_FAILURES times in a row.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        self.failures = self.failures + 1 if now - self.started < YOUNG_SECONDS else 0
        if self.failures >= MOST_FAILURES:
            raise GaveUp(
                f"{self.name} died {self.failures} times in a row. The end of {self.log}:\n{self.last_words()}"
            )
        pause = min(2**self.failures, LONGEST_PAUSE_SECONDS) if self.failures else 0
        self.not_before = now + pause
        return f"{self.name} ended with {code}; starting it again in {pause} s. Its log: {self.log}"

    def last_words(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        return ""


def start_all(children: list[Child], record: Path) -> None:
    """Start ``children`` and write them to the file ``record``, for a start after kill -9."""
    for child in children:
        child.start()
    write_record(children, record)


def write_record(children: list[Child], record: Path) -> None:
    alive = {str(child.process.pid): child.command for child in children if child.process}
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(alive))
    draft.replace(record)


def stop_all(children: list[Child], *, patience: float = PATIENCE_SECONDS) -> None:
    """Terminate ``children``; after at most ``patience`` seconds kill what is left, with all descendants."""
    alive = [child.process for child in children if child.process and child.process.poll() is None]
    for process in alive:
        # To the main process only: it decides in which order its own children stop.
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    for process in alive:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0.01))
    for process in alive:
        # Every child leads its own process group; its descendants may have outlived it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_leftovers(record: Path) -> int:
    """Stop the children of a supervisor that was killed; return how many were still running."""
    try:
        noted: dict[str, list[str]] = json.loads(record.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return 0
    # A process id may belong to another process by now; compare the whole command line.
    left = [int(pid) for pid, command in noted.items() if command_line(int(pid)).strip() == " ".join(command)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(command_line(pid) for pid in left):
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    record.unlink(missing_ok=True)
    return len(left)


def _die_with_parent() -> None:
    """On Linux, let the kernel terminate this child when the supervisor dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
