"""Processes by their id, which the system may have given to another process since."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path


def pid_in(path: Path, *, mention: str) -> int | None:
    """Return the id in the pid file ``path``, None unless it is alive and its command line contains ``mention``."""
    try:
        pid = int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if mention in command_line(pid) else None


def command_line(pid: int) -> str:
    """Return the command line of ``pid``, empty when it is gone or a zombie."""
    proc = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "" if "<defunct>" in found.stdout else found.stdout


def end(pid: int, number: signal.Signals) -> None:
    """Signal ``pid`` and wait until it is gone, at most 30 s; then kill it."""
    for each in (number, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, each)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not command_line(pid):
                return
            time.sleep(0.02)
