"""All of Earshot's processes on a cluster of their own, to be killed one by one.

The cluster keeps fsync on. What is claimed is about crashes of processes, not about power cuts.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import redis

from config.embedded import Servers
from config.env import ROOT
from config.processes import Child, stop_all

SECONDS_TO_START = 60


class House:
    """The processes of one installation and how to kill and revive them."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="earshot-chaos-", dir="/var/tmp"))
        self.home.chmod(0o711)
        self.servers = Servers.of(self.home)
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.kills: Counter[str] = Counter()
        self.children: dict[str, Child] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.servers.database_url,
            "REDIS_URL": self.servers.redis_url,
            "SECRET_KEY": "chaos-" + "x" * 50,
            "PUBLIC_BASE_URL": self.address,
            "EARSHOT_HOME": str(self.home),
            "DATABASE_POOL_SIZE": "4",
            "LOG_LEVEL": "WARNING",
            # The limits per network are tested elsewhere; here all clients are one machine.
            "INTAKE_LIMITS": "off",
        }

    def open(self) -> None:
        """Start servers and processes, migrated, and wait until the web answers."""
        self.servers.join()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            check=True,
        )
        for name, command in self._commands().items():
            child = Child(name, command, self.home / f"{name}.log", environment=self.environment)
            child.start()
            self.children[name] = child
        self.wait_for_web()

    def close(self) -> None:
        """End everything and remove the data."""
        stop_all(list(self.children.values()))
        self.servers.stop()
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

    def kill_one(self, dice: random.Random) -> str:
        """Kill -9 one process or server, or wipe Redis; return what was done. ``revive()`` follows."""
        victim = dice.choice([*self.children, "postgresql", "valkey", "wipe"])
        if victim == "wipe":
            with contextlib.suppress(redis.RedisError):
                redis.Redis(unix_socket_path=str(self.servers.valkey_socket)).flushall()
        elif victim in self.children:
            process = self.children[victim].process
            if process is not None:
                # The whole group: granian and Celery have children of their own.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        elif pid := self.servers.pids().get(victim):
            os.kill(pid, signal.SIGKILL)
        self.kills[victim] += 1
        return victim

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
        granian += ["--no-ws", "--log-level", "warning", "--blocking-threads", "4"]
        loop = [sys.executable, "manage.py", "loop"]
        return {
            "web": [*granian, "config.wsgi:application"],
            "worker-crisis": [*worker, "-Q", "crisis", "-n", "crisis@%h", "-c", "1"],
            "worker": [*worker, "-Q", "default,text,bulk", "-n", "default@%h", "-c", "1"],
            "sweeper": [*loop, "sweeper"],
            "beat": [*loop, "beat"],
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
