"""Servers of their own in most tests: what is killed here must not be what the other tests stand on."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.db import connection

from config import embedded, pytest_embedded
from config.embedded import Servers
from config.env import ROOT
from config.pids import command_line, end
from config.programs import Account, CannotStart

# Joins the servers of the home given as first word, says so, and stays until its input is closed.
USER = """
import os, sys
from pathlib import Path
from config import embedded
for name in ("DATABASE_URL", "REDIS_URL"): os.environ.pop(name, None)
servers = embedded.ensure(home=Path(sys.argv[1]), is_throwaway=True)
print(servers.database_url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that the servers' account can reach (pytest's own are closed to it)."""
    with tempfile.TemporaryDirectory(dir=pytest_embedded.HOMES) as name:
        path = Path(name)
        path.chmod(0o711)
        yield path
        Servers.of(path).stop()


def start_user(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_joined(user: subprocess.Popen[str]) -> None:
    line = user.stdout.readline()
    assert line.startswith("postgresql://"), line + user.stdout.read()


def leave(user: subprocess.Popen[str]) -> None:
    user.stdin.close()
    assert user.wait(30) == 0, user.stdout.read()
    user.stdout.close()


def postmaster(home: Path) -> int:
    return int((home / "postgresql" / "postmaster.pid").read_text().split()[0])


def valkey(home: Path) -> int:
    return int((home / "valkey" / "valkey.pid").read_text())


def answers(servers: Servers) -> bool:
    with psycopg.connect(servers.database_url) as client:
        client.execute("SELECT 1")
    with redis.Redis.from_url(servers.redis_url) as client:
        return client.ping()


class TestTheDatabase:
    def test_takes_chinese_characters_for_letters(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT similarity('视频加载', '视频')")
            assert cursor.fetchone()[0] > 0

    def test_has_the_extensions_we_need(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT '[1,0]'::vector <=> '[0,1]'::vector, unaccent('é')")
            assert cursor.fetchone() == (1.0, "e")


class TestJoin:
    def test_starts_once_for_many_who_start_at_once(self, home):
        users = [start_user(home) for _ in range(3)]
        for user in users:
            wait_until_joined(user)
        first = postmaster(home)
        for user in users[:-1]:
            leave(user)
        assert postmaster(home) == first
        assert answers(Servers.of(home))
        leave(users[-1])
        assert not (home / "postgresql" / "postmaster.pid").exists()
        assert not Servers.of(home).sockets.exists()

    def test_recovers_when_everything_was_killed(self, home):
        user = start_user(home)
        wait_until_joined(user)
        with psycopg.connect(Servers.of(home).database_url, autocommit=True) as client:
            # Written through to the system: a killed process loses nothing then, with fsync or without.
            client.execute("SET synchronous_commit = on")
            client.execute("CREATE TABLE kept AS SELECT 7 AS number")
        for pid in (user.pid, postmaster(home), valkey(home)):
            os.kill(pid, signal.SIGKILL)
        user.communicate()

        second = start_user(home)
        wait_until_joined(second)
        assert answers(Servers.of(home))
        with psycopg.connect(Servers.of(home).database_url) as client:
            assert client.execute("SELECT number FROM kept").fetchone() == (7,)
        leave(second)

    def test_joins_servers_whose_starter_was_killed(self, home):
        user = start_user(home)
        wait_until_joined(user)
        before = postmaster(home)
        user.kill()
        user.communicate()
        second = start_user(home)
        wait_until_joined(second)
        assert postmaster(home) == before
        leave(second)
        assert not command_line(before)

    def test_is_not_misled_by_the_number_of_another_process(self, home):
        user = start_user(home)
        wait_until_joined(user)
        leave(user)
        (home / "postgresql" / "postmaster.pid").write_text(f"{os.getpid()}\n")
        second = start_user(home)
        wait_until_joined(second)
        leave(second)

    def test_starts_afresh_when_making_the_cluster_was_interrupted(self, home):
        (home / "postgresql.new").mkdir()
        (home / "postgresql.new" / "half").write_text("")
        user = start_user(home)
        wait_until_joined(user)
        leave(user)

    def test_refuses_a_socket_directory_of_somebody_else(self, home):
        servers = Servers.of(home)
        elsewhere = home / "elsewhere"
        elsewhere.mkdir()
        servers.sockets.symlink_to(elsewhere)
        try:
            with pytest.raises(CannotStart, match="belongs to somebody else"):
                servers.join()
        finally:
            servers.sockets.unlink()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another account")
    def test_moves_to_where_the_servers_account_can_go(self, tmp_path):
        """pytest's directories are closed to others, as /root is: neither data nor programs can lie there."""
        assert not Account.for_servers().can_reach(tmp_path)
        servers = Servers.of(tmp_path / "checkout" / "var")
        assert servers.home.parent == Path("/var/tmp")
        assert servers.account.can_reach(servers.binaries.postgres)
        servers.home.rmdir()


class TestTheLog:
    def test_quotes_no_row_and_no_statement_when_one_is_refused(self, home):
        user = start_user(home)
        wait_until_joined(user)
        with psycopg.connect(Servers.of(home).database_url, autocommit=True) as client:
            client.execute("CREATE TABLE people (address text UNIQUE)")
            client.execute("INSERT INTO people VALUES ('kim@example.org')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                client.execute("INSERT INTO people VALUES ('kim@example.org') -- my text")
        leave(user)
        log = (home / "log" / "postgresql.log").read_text()
        assert "duplicate key" in log
        assert "kim@" not in log
        assert "my text" not in log


class TestWatch:
    def test_starts_what_died_and_says_so(self, home):
        user = start_user(home)
        wait_until_joined(user)
        servers = Servers.of(home)
        assert servers.watch() is None
        for pid in servers.pids().values():
            end(pid, signal.SIGKILL)
        assert str(servers.watch()).startswith("postgresql and valkey died")
        assert answers(servers)
        leave(user)


class TestEnsure:
    def test_leaves_given_addresses_alone(self, monkeypatch, home):
        monkeypatch.setenv("DATABASE_URL", "postgresql://earshot@db.example/earshot")
        assert embedded.ensure(home=home) is None
        assert not (home / "run").exists()

    def test_says_plainly_that_a_program_is_missing(self, monkeypatch, home):
        monkeypatch.delenv("DATABASE_URL")
        monkeypatch.delenv("REDIS_URL")
        monkeypatch.setenv("EARSHOT_POSTGRES_BIN", "/nonexistent")
        with pytest.raises(SystemExit, match="/nonexistent/initdb"):
            embedded.ensure(home=home)


class TestRemoveAbandoned:
    def test_stops_and_removes_what_a_killed_run_left(self, home):
        left = home / "left"
        left.mkdir(mode=0o711)
        user = start_user(left)
        wait_until_joined(user)
        pid = postmaster(left)
        pytest_embedded.remove_abandoned(home)
        assert command_line(pid), "servers in use must stay"
        user.kill()
        user.communicate()
        pytest_embedded.remove_abandoned(home)
        assert not left.exists()
        deadline = time.monotonic() + 10
        while command_line(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not command_line(pid)


class TestNetwork:
    def test_is_off_in_tests(self):
        with pytest.raises(pytest_embedded.NetworkIsOff), socket.socket() as client:
            client.connect(("192.0.2.1", 80))
