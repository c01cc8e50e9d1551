"""How fast feedback comes in beside tickets of django-helpdesk, both over REST, on the same PostgreSQL.

As many web processes of each, by turns: ours of two threads as the image runs them, the peer's of four (with two it
takes as many). Installs the peer into an environment of its own (--environment), for which it needs PyPI. Run:
``python3 up.py bench helpdesk --help``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import venv
from pathlib import Path

import psycopg

from benchmarks.intake import table
from benchmarks.paced import paced
from benchmarks.wrk import median, post
from config.env import ROOT
from config.processes import Child, stop_all
from tests.installation import Installation, free_port

PACKAGES = (
    "django-helpdesk==2.6.1",
    "djangorestframework==3.18.3",
    "gunicorn==27.0.1",
    "psycopg[binary]==3.3.9",
)
CONNECTIONS = (8, 32)
#: As long as the text that Earshot is sent.
TICKET = (
    '{"queue": 1, "submitter_email": "visitor@example.org", "title": "The video stops", "priority": 3, '
    '"description": "The video stops after ten seconds, every time. '
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="length of each run (6)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts (3)")
    parser.add_argument(
        "--processes", type=int, default=1, help="web processes of each (1; the image runs 2)"
    )
    parser.add_argument(
        "--environment", type=Path, default=ROOT / "var" / "helpdesk", help="where the peer is installed"
    )
    options = parser.parse_args()
    python = installed(options.environment)
    installation = Installation("web", web_processes=options.processes)
    peer: list[Child] = []
    try:
        token = installation.open().issue_token()
        url, peer_token = start_peer(installation, python, peer, processes=options.processes)
        earshot = (f"{installation.address}/api/v1/feedback", token)
        rows = [
            compared(
                earshot, (url, peer_token), connections=number, seconds=options.seconds, rounds=options.rounds
            )
            for number in CONNECTIONS
        ]
        print(table(rows))
        half = rows[0]["earshot_per_second"] / 2
        calm = [
            paced(*earshot, per_second=half, connections=8, seconds=options.seconds)
            for _ in range(options.rounds)
        ]
        print(
            f"\nAt half of that, {half:.0f} a second over 8 connections: p50 {median(calm, 'p50_ms')} ms, "
            f"p99 {median(calm, 'p99_ms')} ms, {sum(load.errors for load in calm)} errors."
        )
    finally:
        stop_all(peer)
        installation.close()


def installed(environment: Path) -> str:
    """Install the peer into ``environment`` unless it is there; return its Python."""
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def start_peer(
    installation: Installation, python: str, children: list[Child], *, processes: int
) -> tuple[str, str]:
    """Start the peer on a database of its own on the same cluster; return its address and a token."""
    with psycopg.connect(installation.servers.database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE helpdesk")
    told = subprocess.run(
        [python, "-c", "from benchmarks.peer.wsgi import prepare; prepare()"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **installation.environment},
    )
    port = free_port()
    command = [python, "-m", "gunicorn", "--workers", str(processes), "--threads", "4"]
    command += [
        "--worker-class",
        "gthread",
        "--bind",
        f"127.0.0.1:{port}",
        "--keep-alive",
        "60",
        "benchmarks.peer.wsgi:application",
    ]
    child = Child(
        "helpdesk", command, installation.home / "helpdesk.log", environment=installation.environment
    )
    child.start()
    children.append(child)
    return f"http://127.0.0.1:{port}/api/tickets/", told.stdout.split()[-1]


def compared(
    earshot: tuple[str, str], peer: tuple[str, str], *, connections: int, seconds: int, rounds: int
) -> dict[str, float]:
    ours, theirs = [], []
    for turn in range(rounds):
        seed = f"{connections}-{turn}-"
        url, token = earshot
        ours.append(post(url, connections=connections, seconds=seconds, seed=seed, token=token))
        url, token = peer
        theirs.append(
            post(url, connections=connections, seconds=seconds, seed=seed, token=token, body=TICKET)
        )
    per_second = median(ours, "per_second")
    return {
        "connections": connections,
        "earshot_per_second": round(per_second),
        "earshot_p50_ms": median(ours, "p50_ms"),
        "earshot_p99_ms": median(ours, "p99_ms"),
        "helpdesk_per_second": round(median(theirs, "per_second"), 1),
        "helpdesk_p50_ms": median(theirs, "p50_ms"),
        "helpdesk_p99_ms": median(theirs, "p99_ms"),
        "errors": sum(load.errors for load in ours + theirs),
        "times": round(per_second / median(theirs, "per_second"), 1),
    }


if __name__ == "__main__":
    main()
