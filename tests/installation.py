"""All of Earshot's processes on a durable cluster of their own: for chaos tests and benchmarks.

The cluster keeps fsync on, unlike that of the other tests. Ports and sockets are its own, so any
number of installations may run side by side.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from config.embedded import Servers
from config.env import ROOT
from config.processes import Child, stop_all

SECONDS_TO_START = 60
ISSUE_TOKEN = """
from django.utils import timezone
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token
user = User.objects.create_user("visitor", role=Role.INTEGRATION)
print(issue_token(user, name="visitor", scopes=[Scope.WRITE_FEEDBACK], at=timezone.now())[1])
"""


class Installation:
    """Servers and processes of one installation, started by ``open()``, gone after ``close()``."""

    PROCESSES = ("web", "worker-crisis", "worker", "sweeper", "beat")

    def __init__(self, *names: str, web_processes: int = 1) -> None:
        end_tidily()
        self.names = names or self.PROCESSES
        self.web_processes = web_processes
        self.home = Path(tempfile.mkdtemp(prefix="earshot-installation-", dir="/var/tmp"))
        self.home.chmod(0o711)
        self.servers = Servers.of(self.home)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.children: dict[str, Child] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.servers.database_url,
            "REDIS_URL": self.servers.redis_url,
            "SECRET_KEY": "chaos-" + "x" * 50,
            "PUBLIC_BASE_URL": self.address,
            "EARSHOT_HOME": str(self.home),
            "DATABASE_MAX_AGE": "600",
            "LOG_LEVEL": "WARNING",
            # The limits are tested elsewhere; here all clients are one machine.
            "LIMIT_TOKEN": "",
            "LIMIT_ANONYMOUS_WRITES": "",
            "LIMIT_ANONYMOUS_NETWORK_WRITES": "",
        }

    def open(self) -> Installation:
        """Start servers and processes, migrated, and wait until the web answers."""
        self.servers.join()
        self.manage("prepare")
        for name in self.names:
            child = Child(
                name, self._commands()[name], self.home / f"{name}.log", environment=self.environment
            )
            child.start()
            self.children[name] = child
        if "web" in self.names:
            self.wait_for_web()
        return self

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py`` on this installation and return what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def issue_token(self) -> str:
        """Return the secret of a new integration that may submit feedback."""
        return self.manage("shell", "--no-imports", "-c", ISSUE_TOKEN).split()[-1]

    def close(self) -> None:
        """End everything and remove the data."""
        stop_all(list(self.children.values()))
        self.servers.stop()
        # Nothing is left to leave when this process ends.
        atexit.unregister(self.servers.leave)
        shutil.rmtree(self.home, ignore_errors=True)

    def wait_for_web(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2),
            ):
                return
            time.sleep(0.2)
        raise AssertionError(f"the web does not start: {self.children['web'].last_words()}")

    def revive(self) -> None:
        """Start again whatever is not running, as a supervisor would."""
        self.servers.revive()
        for child in self.children.values():
            if child.process is None or child.process.poll() is not None:
                child.start()

    def _commands(self) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        worker = [*python, "celery", "-A", "config.celery", "worker", "--loglevel", "WARNING"]
        worker += ["--without-gossip", "--without-mingle"]
        granian = [*python, "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        granian += ["--no-ws", "--log-level", "warning", "--blocking-threads", "2"]
        granian += ["--workers", str(self.web_processes)]
        loop = [sys.executable, "manage.py", "loop"]
        return {
            "web": [*granian, "config.wsgi:application"],
            "worker-crisis": [*worker, "-Q", "crisis", "-n", "crisis@%h", "-c", "1"],
            "worker": [*worker, "-Q", "default,text,bulk", "-n", "default@%h", "-c", "1"],
            "sweeper": [*loop, "sweeper", "deadlines"],
            "beat": [*loop, "beat"],
        }


def end_tidily() -> None:
    """Let SIGTERM end this process as Ctrl-C does: whatever closes an installation is run, once."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    # A second one must not break off the closing.
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
