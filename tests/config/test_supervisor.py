"""The one-command mode as a whole, on servers and a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import pytest_embedded, supervisor
from config.embedded import Servers
from config.env import ROOT
from config.pids import command_line
from config.processes import Child, stop_all
from config.supervisor import Refused

SECONDS_TO_START = 150
SECONDS_TO_STOP = 10


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=pytest_embedded.HOMES) as name:
        path = Path(name)
        path.chmod(0o711)
        yield path
        Servers.of(path).stop()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(home: Path, port: int) -> subprocess.Popen[str]:
    ours = {
        "DATABASE_URL",
        "REDIS_URL",
        "REDIS_KEY_PREFIX",
        "SECRET_KEY",
        "DATABASE_MAX_AGE",
        "EARSHOT_EMBEDDED",
    }
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.Popen(
        [sys.executable, "-m", "config.supervisor", "--no-demo", "--port", str(port)],
        cwd=ROOT,
        env={**environment, "EARSHOT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return the output up to the line that holds ``words``; pytest's time limit ends a vain wait."""
    text = ""
    for line in process.stdout:
        text += line
        if words in line:
            return text
    raise AssertionError(f"it ended without saying {words!r}:\n{text}")


def running(home: Path) -> dict[int, str]:
    """Return the processes of this home: the servers and what children.json notes."""
    noted = json.loads((home / "run" / "children.json").read_text())
    pids = [int(pid) for pid in noted] + list(Servers.of(home).pids().values())
    return {pid: command_line(pid) for pid in pids if command_line(pid)}


def wait_until_gone(pids: dict[int, str], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := [line for pid, line in pids.items() if command_line(pid)]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
        return answer.read().decode()


def ready(port: int) -> bool:
    return '"status": "ok"' in get(port, "readyz")


@pytest.mark.slow
@pytest.mark.timeout(600)
class TestOneCommand:
    def test_starts_restarts_recovers_and_leaves_nothing(self, home, port):
        first = start(home, port)
        assert f"http://127.0.0.1:{port}/admin/" in read_until(first, "Earshot is ready")
        assert ready(port)
        assert 'earshot_outbox_waiting{lane="crisis"} 0.0' in get(port, "metrics")

        # A second one from the same directory is refused.
        second = start(home, port + 1)
        assert "already runs" in second.communicate(timeout=SECONDS_TO_START)[0]
        assert second.returncode == 1

        # A worker that dies comes back.
        noted = json.loads((home / "run" / "children.json").read_text())
        worker = next(int(pid) for pid, command in noted.items() if "crisis" in command)
        os.kill(worker, signal.SIGKILL)
        read_until(first, "worker-crisis ended with -9; starting it again")

        # So does a server.
        os.kill(Servers.of(home).pids()["postgresql"], signal.SIGKILL)
        read_until(first, "postgresql died and was started again")
        assert ready(port)

        # kill -9 of the supervisor, and a second start.
        before = running(home)
        first.kill()
        first.communicate()
        third = start(home, port)
        read_until(third, "Earshot is ready")
        assert ready(port)
        servers = set(Servers.of(home).pids().values())
        wait_until_gone({pid: line for pid, line in before.items() if pid not in servers}, seconds=1)

        # Ctrl-C.
        everything = running(home)
        assert len(everything) == 6
        third.send_signal(signal.SIGINT)
        output, _nothing = third.communicate(timeout=SECONDS_TO_STOP)
        assert third.returncode == 0
        assert "Stopping." in output
        wait_until_gone(everything, seconds=1)

    def test_gives_up_with_the_log_when_a_process_cannot_start(self, home, port):
        """Another server took the port between our look and the start of ours."""
        process = start(home, port)
        read_until(process, "Database:")
        with socket.socket() as thief:
            thief.bind(("127.0.0.1", port))
            thief.listen()
            output, _nothing = process.communicate(timeout=SECONDS_TO_START)
        assert process.returncode == 1
        assert "web died 3 times in a row" in output
        assert "in use" in output


class TestWatch:
    def test_goes_on_where_nobody_can_note_what_runs(self, tmp_path, capsys):
        """The disk is full, or read-only."""
        child = Child("sleeper", [sys.executable, "-c", "input()"], tmp_path / "log")
        try:
            supervisor.watch([child], tmp_path / "gone" / "processes")
            assert child.process is not None
            assert "cannot be written" in capsys.readouterr().out
        finally:
            stop_all([child])


class TestSupervise:
    def test_shows_the_demo_to_this_machine_only_and_starts_nothing(self, tmp_path, port, monkeypatch):
        for name in ("DATABASE_URL", "REDIS_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PUBLIC_BASE_URL", "http://127.0.0.1")
        monkeypatch.setattr(supervisor.embedded, "ensure", lambda: pytest.fail("servers were started"))
        options = supervisor.parse(["--host", "0.0.0.0", "--port", str(port)])
        with pytest.raises(Refused, match="--no-demo"):
            supervisor.supervise(options, tmp_path, [])


class TestChoosePort:
    def test_takes_the_one_asked_for(self, port):
        assert supervisor.choose_port("127.0.0.1", port) == port

    def test_says_what_to_do_when_it_is_in_use(self, port):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            taken.listen()
            with pytest.raises(Refused, match=rf"Port {port} is in use.*--port {port + 1}"):
                supervisor.choose_port("127.0.0.1", port)

    def test_takes_the_next_free_one_and_says_so(self, port, monkeypatch, capsys):
        monkeypatch.setattr(supervisor, "FIRST_PORT", port)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            taken.listen()
            assert supervisor.choose_port("127.0.0.1", None) > port
        assert f"Port {port} is in use" in capsys.readouterr().out
