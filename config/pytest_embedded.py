"""Gives a test run servers of its own: a throw-away cluster, gone when the run ends.

Loaded by ``-p`` in pyproject.toml, not from a conftest: pytest-django imports the settings before
any conftest. Workers of pytest-xdist inherit the addresses; each has its own database (pytest-django
adds ``_gw0`` to the name) and its own Redis database and key prefix, so that ``cache.clear()`` in
one does not empty the cache of the other.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config import embedded

HOMES = Path("/var/tmp") / f"earshot-tests-{os.geteuid()}"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    os.environ.setdefault("DATABASE_POOL_SIZE", "0")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        start_servers()
    else:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], number)
        os.environ["REDIS_KEY_PREFIX"] = f"test-{worker}"
    os.environ.setdefault("REDIS_KEY_PREFIX", "test")


def start_servers() -> None:
    """Start throw-away servers, unless the environment names real ones."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
        return
    HOMES.mkdir(mode=0o711, exist_ok=True)
    remove_abandoned()
    home = Path(tempfile.mkdtemp(dir=HOMES))
    home.chmod(0o711)
    os.environ["EARSHOT_HOME"] = str(home)
    # Registered before the servers', so that it runs after them.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    embedded.ensure(home=home, is_throwaway=True)


def remove_abandoned() -> None:
    """Stop and remove what killed test runs left behind: homes whose users are all gone."""
    for home in HOMES.iterdir():
        with (
            contextlib.suppress(FileNotFoundError, BlockingIOError),
            (home / "run" / "users").open() as users,
        ):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            embedded.Servers.of(home, is_throwaway=True).stop()
            shutil.rmtree(home, ignore_errors=True)


def with_database(url: str, number: int) -> str:
    """Return the Redis address ``url`` with database ``number``."""
    if url.startswith("unix:"):
        return url.partition("?")[0] + f"?db={number}"
    return url.rpartition("/")[0] + f"/{number}" if url.count("/") > 2 else f"{url}/{number}"
