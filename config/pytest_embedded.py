"""A pytest plugin that gives each test run its own servers, removed when the run ends.

Loaded by ``-p`` in pyproject.toml, not from a conftest: pytest-django imports the settings before any
conftest. Workers of pytest-xdist inherit the URLs; each has its own database (pytest-django adds ``_gw0``
to the name) and its own Redis database and key prefix, so that ``cache.clear()`` in one worker does not
empty the cache of another.

With DATABASE_URL and REDIS_URL set, the same tests run on those servers.
"""

import atexit
import contextlib
import fcntl
import ipaddress
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from config import embedded

# Not under /tmp/pytest-of-root: root runs the servers as another account, which cannot enter it.
HOMES = Path("/var/tmp") / f"earshot-tests-{os.geteuid()}"
AN_HOUR = 3600.0


class NetworkIsOff(BaseException):
    """A test tried to connect to another machine; a BaseException, so that no code catches it by accident."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    # A thread that outlives its test must not keep a connection: the database could not be dropped.
    os.environ.setdefault("DATABASE_MAX_AGE", "0")
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        start()
    else:
        number = int(worker.removeprefix("gw")) + 1
        if "REDIS_URL" in os.environ:
            os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], number)
        os.environ["REDIS_KEY_PREFIX"] = f"test-{worker}"
        os.environ["EARSHOT_HOME"] += f"/{worker}"
    os.environ.setdefault("REDIS_KEY_PREFIX", "test")
    refuse_network()


def start() -> None:
    """Create a home for this run and start servers in it, unless the environment names real ones."""
    HOMES.mkdir(mode=0o711, exist_ok=True)
    remove_abandoned(HOMES)
    home = Path(tempfile.mkdtemp(dir=HOMES))
    home.chmod(0o711)
    os.environ["EARSHOT_HOME"] = str(home)
    # Registered before the servers' own exit function, so that it runs after it.
    atexit.register(remove, home, os.getpid())
    if not os.environ.get("EARSHOT_NO_SERVERS"):
        embedded.ensure(home=home, is_throwaway=True)


def remove(home: Path, owner_pid: int) -> None:
    if os.getpid() == owner_pid:
        shutil.rmtree(home, ignore_errors=True)


def remove_abandoned(homes: Path) -> None:
    """Stop the servers and remove the homes that killed test runs left behind."""
    for home in homes.iterdir():
        lock = home / "run" / "users"
        if not lock.exists():
            # Either it is being created right now, or its run died before it had servers.
            with contextlib.suppress(FileNotFoundError):
                if time.time() - home.stat().st_mtime > AN_HOUR:
                    shutil.rmtree(home, ignore_errors=True)
            continue
        with contextlib.suppress(FileNotFoundError, BlockingIOError), lock.open() as users:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            embedded.Servers.of(home, is_throwaway=True).stop()
            shutil.rmtree(home, ignore_errors=True)


def with_database(url: str, number: int) -> str:
    """Return the Redis ``url`` with database ``number``."""
    if url.startswith("unix:"):
        return url.partition("?")[0] + f"?db={number}"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}"


def refuse_network() -> None:
    """Let tests connect to this machine only; any other connection raises NetworkIsOff."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(address[0]):
            raise NetworkIsOff(f"A test tried to connect to {address}")
        connect(self, address)

    socket.socket.connect = connect_here  # type: ignore[assignment]


def is_here(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host in {"localhost", ""}
