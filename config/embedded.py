"""PostgreSQL and a Redis-protocol server from wheels, for one machine: demo, development, tests.

``ensure()`` starts both (or joins those that another command started) and sets DATABASE_URL and
REDIS_URL; settings see nothing else of it.

Life cycle: two file locks in ``<home>/run``, released by the kernel however a process dies. ``start`` is
held while starting and stopping; ``users`` is shared by all processes that use the servers, and a leaving
process that can lock it exclusively is the last one and stops them.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from config.pids import end, pid_in
from config.programs import Account, Binaries, CannotStart

ROOT = Path(__file__).resolve().parent.parent
DATABASE_NAME = USER_NAME = "earshot"

# Durability that a throw-away cluster does not need: it never has to survive a power cut.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Servers:
    """The two servers of one home directory."""

    home: Path
    account: Account
    binaries: Binaries
    is_throwaway: bool = False

    @classmethod
    def of(cls, home: Path, *, is_throwaway: bool = False) -> "Servers":
        """Return the servers with their data in ``home``, or in /var/tmp when their account cannot reach it."""
        account = Account.for_servers()
        home.mkdir(parents=True, exist_ok=True)
        if not account.can_reach(home):
            home = Path("/var/tmp") / f"earshot-{_short(home)}"
            _own_directory(home, uid=os.geteuid(), mode=0o711)
        return cls(home, account, Binaries.found().reachable_by(account, home), is_throwaway)

    # Paths and URLs

    @property
    def sockets(self) -> Path:
        # A socket path is limited to about 104 bytes, so it cannot be inside a deep checkout.
        return Path("/tmp") / f"earshot-{os.geteuid()}-{_short(self.home)}"

    @property
    def cluster(self) -> Path:
        return self.home / "postgresql"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        return f"postgresql://{USER_NAME}@/{DATABASE_NAME}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=0"

    # Starting and stopping

    def join(self) -> None:
        """Start the servers that are not running and remain a user of them until this process ends."""
        run = self.home / "run"
        run.mkdir(exist_ok=True)
        with _locked(run / "start"):
            users = os.open(run / "users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                _own_directory(self.sockets, uid=self.account.uid, gid=self.account.gid, mode=0o700)
                (self.home / "log").mkdir(exist_ok=True)
                self.revive()
            except BaseException:
                # BaseException: Ctrl-C must leave nothing behind, either.
                self._leave(users)
                raise
            atexit.register(self.leave, users, os.getpid())

    def revive(self) -> None:
        """Start whichever server is not running; for a user of the servers, after a crash."""
        self._start_postgres()
        self._start_valkey()

    def watch(self) -> str | None:
        """Restart servers that died; return a sentence about it, None when both are running. Raises CannotStart."""
        running = self.pids()
        gone = [name for name in ("postgresql", "valkey") if name not in running]
        if not gone:
            return None
        # Another command may be about to join and would start them as well.
        with _locked(self.home / "run" / "start"):
            self.revive()
        return f"{' and '.join(gone)} died and was started again. Its log: {self.home / 'log'}"

    def leave(self, users: int, owner_pid: int) -> None:
        """Stop the servers if no other process uses them. ``users`` is the descriptor of our shared lock."""
        # A forked child runs the same exit functions, but it did not join.
        if os.getpid() == owner_pid:
            with _locked(self.home / "run" / "start"):
                self._leave(users)

    def _leave(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(users)
        self.stop()

    def pids(self) -> dict[str, int]:
        """Return the process ids of the running servers by name: ``postgresql``, ``valkey``."""
        found = {
            "postgresql": pid_in(self.cluster / "postmaster.pid", mention=str(self.cluster)),
            "valkey": pid_in(self.valkey_data / "valkey.pid", mention=str(self.valkey_socket)),
        }
        return {name: pid for name, pid in found.items() if pid}

    def stop(self) -> None:
        """Stop both servers at once, without waiting for their clients."""
        running = self.pids()
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to disconnect.
        for name, number in (("postgresql", signal.SIGINT), ("valkey", signal.SIGTERM)):
            if name in running:
                end(running[name], number)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _start_postgres(self) -> None:
        log = self.home / "log" / "postgresql.log"
        if not self.cluster.exists():
            self._make_cluster(log)
        version = (self.cluster / "PG_VERSION").read_text().strip()
        pid_file = self.cluster / "postmaster.pid"
        if not pid_in(pid_file, mention=str(self.cluster)):
            # Left behind by kill -9; the process id may already belong to another process.
            pid_file.unlink(missing_ok=True)
            self._launch_postgres(log)
        try:
            self._make_database()
        except psycopg.OperationalError as error:
            raise CannotStart(f"PostgreSQL {version} does not answer: {error}\nIts log: {log}") from error

    def _make_cluster(self, log: Path) -> None:
        draft = self.home / "postgresql.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, self.account.uid, self.account.gid)
        command: list[str | Path] = [
            self.binaries.postgres / "initdb",
            f"--pgdata={draft}",
            f"--username={USER_NAME}",
            # Only the owner of the socket directory (mode 0700) can connect.
            "--auth=trust",
            "--encoding=UTF8",
            # With LC_CTYPE=C pg_trgm does not treat Chinese characters as letters, and finds nothing.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        if self.is_throwaway:
            command.append("--no-sync")
        with log.open("ab") as words:
            if self.account.run(command, log=words):
                raise CannotStart(f"initdb failed; its words are in {log}")
        # Only a complete cluster ever has the final name: kill -9 during initdb leaves a draft.
        draft.rename(self.cluster)

    def _launch_postgres(self, log: Path) -> None:
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "max_connections=200",
            "shared_buffers=128MB",
            "timezone=UTC",
            "log_timezone=UTC",
            # Otherwise the log would quote rejected rows and their statements: addresses and texts of customers.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            *(FORGETFUL if self.is_throwaway else ()),
        ]
        log.touch()
        os.chown(log, self.account.uid, self.account.gid)
        command: list[str | Path] = [
            self.binaries.postgres / "pg_ctl",
            "start",
            "--wait",
            "--timeout=60",
            f"--pgdata={self.cluster}",
            f"--log={log}",
            "--options=" + " ".join(f"-c '{option}'" for option in options),
        ]
        # After kill -9 the old server's children may still hold the shared memory, and in a container the
        # dead postmaster stays a zombie for a moment: "lock file already exists", "still in use".
        for _ in range(40):
            start_of_words = log.stat().st_size
            if self.account.run(command, log=subprocess.DEVNULL) == 0:
                return
            words = log.read_bytes()[start_of_words:].decode(errors="replace")
            if "already exists" not in words and "still in use" not in words:
                break
            time.sleep(0.25)
        raise CannotStart(f"PostgreSQL does not start:\n{words.strip()}\nIts log: {log}")

    def _make_database(self) -> None:
        address = f"host={self.sockets} user={USER_NAME} dbname=postgres connect_timeout=30"
        with psycopg.connect(address, autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(query, [DATABASE_NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")

    def _start_valkey(self) -> None:
        log = self.home / "log" / "valkey.log"
        pid_file = self.valkey_data / "valkey.pid"
        if pid_in(pid_file, mention=str(self.valkey_socket)) and self._valkey_answers(seconds=5):
            return
        self.valkey_data.mkdir(exist_ok=True)
        log.touch()
        for path in (self.valkey_data, log):
            os.chown(path, self.account.uid, self.account.gid)
        pid_file.unlink(missing_ok=True)
        self.valkey_socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": self.valkey_socket,
            "unixsocketperm": "700",
            "daemonize": "yes",
            "pidfile": pid_file,
            "logfile": log,
            "dir": self.valkey_data,
            "databases": "64",
            "save": "",
            # A broker must not lose messages in a crash, and at its memory limit must refuse rather than evict.
            "appendonly": "no" if self.is_throwaway else "yes",
            "maxmemory-policy": "noeviction",
        }
        command: list[str | Path] = [self.binaries.valkey]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        with log.open("ab") as words:
            code = self.account.run(command, log=words)
        if code or not self._valkey_answers(seconds=30):
            raise CannotStart(f"The Redis-protocol server does not start; its log: {log}")

    def _valkey_answers(self, *, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            client = redis.Redis(unix_socket_path=str(self.valkey_socket), socket_timeout=1)
            with contextlib.suppress(redis.ConnectionError, redis.TimeoutError), client:
                return bool(client.ping())
            time.sleep(0.02)
        return False


def ensure(*, home: Path | None = None, is_throwaway: bool = False) -> Servers | None:
    """Set DATABASE_URL and REDIS_URL to running servers, for this process and its children.

    Returns the servers it joined, or None without doing anything when either variable is already set
    (config.env refuses one without the other). Raises SystemExit with a plain message when they cannot start.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        return None
    servers = Servers.of(
        home or Path(os.environ.get("EARSHOT_HOME") or ROOT / "var"), is_throwaway=is_throwaway
    )
    try:
        servers.join()
    except CannotStart as error:
        sys.exit(f"earshot: {error}")
    except PermissionError as error:
        sys.exit(
            f"earshot: {error.filename} belongs to another account. Start as that account, or remove {home}."
        )
    os.environ["DATABASE_URL"] = servers.database_url
    os.environ["REDIS_URL"] = servers.redis_url
    os.environ["EARSHOT_EMBEDDED"] = "1"
    return servers


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def _own_directory(path: Path, *, uid: int, gid: int = -1, mode: int) -> None:
    """Create ``path``, or check that an existing one is ours: others may create a name in /tmp first."""
    try:
        path.mkdir(mode=0o700)
        os.chown(path, uid, gid)
        path.chmod(mode)
    except FileExistsError:
        state = path.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid or state.st_mode & 0o066:
            raise CannotStart(f"{path} belongs to somebody else; remove it and start again.") from None


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
