"""Static checks of the code: ``python3 up.py check``.

Each check runs even when an earlier one failed; the exit code is 1 when any failed.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from config import translations
from config.env import ROOT

# No server is started or contacted.
QUIET = {"EARSHOT_NO_SERVERS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}

TESTING = {**QUIET, "DJANGO_SETTINGS_MODULE": "config.settings_testing"}
PRODUCTION = {
    **QUIET,
    "DATABASE_URL": "postgresql://earshot:password@database.example.org/earshot",
    "REDIS_URL": "redis://:password@redis.example.org:6379/0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "PUBLIC_BASE_URL": "https://feedback.example.org",
    "TRUSTED_PROXIES": "10.0.0.0/8",
    "EMAIL_URL": "smtp+tls://earshot:password@mail.example.org:587",
    "DEBUG": "no",
}

SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk_live_[A-Za-z0-9]{16,}|\bglpat-[A-Za-z0-9_-]{20}\b"
)


@dataclass(frozen=True)
class Check:
    """A named check; ``run`` returns what is wrong, an empty string when nothing is."""

    name: str
    run: Callable[[], str]


def command(*words: str, environment: dict[str, str]) -> Callable[[], str]:
    """Return a check that runs Python with ``words`` and fails with their output when the exit code is not 0."""

    def run() -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""

    return run


def find_secrets() -> str:
    """Report each file in the repository that contains what looks like a private key or token."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    found = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and SECRETS.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(f"{name} holds what looks like a private key or token")
    return "\n".join(found)


def find_untranslated() -> str:
    return "\n".join(translations.problems())


CHECKS = (
    Check("lint", command("-m", "ruff", "check", ".", environment=QUIET)),
    Check("format", command("-m", "ruff", "format", "--check", ".", environment=QUIET)),
    Check("types", command("-m", "mypy", environment=QUIET)),
    Check(
        "migrations are complete",
        # The ignored warning says that no database was checked, which is intended.
        command(
            *("-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"),
            environment={**PRODUCTION, "DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent"},
        ),
    ),
    Check(
        "ready for production",
        command("manage.py", "check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION),
    ),
    Check(
        "directions of imports",
        command("-m", "pytest", "-q", "-n0", "tests/contracts/test_architecture.py", environment=TESTING),
    ),
    Check("translations", find_untranslated),
    Check("no secrets", find_secrets),
)


def main() -> int:
    failed = []
    for check in CHECKS:
        started = time.monotonic()
        wrong = check.run()
        print(
            f"{'FAILED' if wrong else 'ok':<7}{check.name} ({time.monotonic() - started:.1f} s)", flush=True
        )
        if wrong:
            failed.append(check.name)
            print("".join(f"       {line}\n" for line in wrong.splitlines()), flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
