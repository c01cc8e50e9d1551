"""How fast feedback comes in over REST, as ratios within one run.

Against the least a Django view can do (one INSERT, same server, same pool) and against PostgreSQL alone
(pgbench writing the same rows in one transaction). All three take turns, so that a noisy machine is
noisy for each. Run: ``.venv/bin/python -m benchmarks.intake --help``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

import psycopg

from benchmarks.wrk import Load, median, post
from config.env import ROOT
from config.processes import Child, stop_all
from config.programs import Binaries
from tests.installation import Installation, free_port

CONNECTIONS = (1, 8, 32)
# The rows of one submission of a stranger with an idempotency key, one statement each.
PGBENCH = r"""
\set key random(1, 1000000000000)
BEGIN;
INSERT INTO users_customer (public_id, display_name, segment, is_minor, origin, created_at)
  VALUES (gen_random_uuid(), '', 'standard', false, 'live', now()) RETURNING id AS customer \gset
INSERT INTO feedback_feedback (public_id, channel_id, customer_id, subject, topic_hint, language, app_version,
  platform, device, page, origin, state, received_at, last_message_at)
  VALUES (gen_random_uuid(), 1, :customer, '', '', '', '', '', '', '', 'live', 'received', now(), now())
  RETURNING id AS feedback \gset
INSERT INTO feedback_rawmessage (channel_id, external_id, digest, content, media_type, origin, received_at,
  handled_at, set_aside)
  VALUES (1, gen_random_uuid(), repeat('d', 64), 'The video stops after ten seconds', 'application/json', 'live',
  now(), now(), '') RETURNING id AS raw \gset
INSERT INTO feedback_message (public_id, feedback_id, channel_id, direction, external_id, content_hash, text, html,
  author_name, is_automatic, raw_id, danger_hits, origin, sent_at, received_at)
  VALUES (gen_random_uuid(), :feedback, 1, 'in', gen_random_uuid(), repeat('h', 64),
  'The video stops after ten seconds', '', '', false, :raw, '[]', 'live', now(), now()) RETURNING id AS message \gset
INSERT INTO feedback_idempotency (principal, key, request_hash, message_id, created_at)
  VALUES ('pgbench', gen_random_uuid(), repeat('r', 64), :message, now());
INSERT INTO kit_outboxrow (kind, subject_id, lane, priority, created_at, due_at, bell_failed, attempts, done_by,
  last_error) VALUES ('message.received', :message, 'crisis', 5, now(), now(), false, 0, '', '');
END;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="length of each run (6)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts (3)")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    options = parser.parse_args()
    installation = Installation("web")
    bare: list[Child] = []
    try:
        token = installation.open().issue_token()
        bare_url = start_bare(installation, bare)
        results = measure(installation, token, bare_url, seconds=options.seconds, rounds=options.rounds)
    finally:
        stop_all(bare)
        installation.close()
    print(json.dumps(results) if options.json else table(results))


def start_bare(installation: Installation, children: list[Child]) -> str:
    """Start the bare view beside Earshot on the same cluster; return its address."""
    with psycopg.connect(installation.servers.database_url) as connection:
        connection.execute("CREATE TABLE bare_feedback (id bigserial PRIMARY KEY, key uuid, text text)")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--no-ws",
        "--log-level",
        "warning",
        "--blocking-threads",
        "2",
        "benchmarks.bare.wsgi:application",
    ]
    child = Child("bare", command, installation.home / "bare.log", environment=installation.environment)
    child.start()
    children.append(child)
    return f"http://127.0.0.1:{port}/submit"


def measure(
    installation: Installation, token: str, bare_url: str, *, seconds: int, rounds: int
) -> list[dict[str, float]]:
    """Let the three take turns; return a row of medians per number of connections."""
    earshot_url = f"{installation.address}/api/v1/feedback"
    rows = []
    for connections in CONNECTIONS:
        earshot, bare, alone = [], [], []
        for turn in range(rounds):
            seed = f"{connections}-{turn}-"
            earshot.append(
                post(earshot_url, connections=connections, seconds=seconds, seed=seed, token=token)
            )
            bare.append(post(bare_url, connections=connections, seconds=seconds, seed=seed))
            alone.append(pgbench(installation, connections=connections, seconds=seconds))
        rows.append(summary(connections, earshot, bare, alone))
    return rows


def pgbench(installation: Installation, *, connections: int, seconds: int) -> float:
    """Return the transactions a second that PostgreSQL alone does."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH)
        script.flush()
        command = [str(Binaries.found().postgres / "pgbench"), "-n", "-c", str(connections), "-j", "1"]
        command += ["-T", str(seconds), "-f", script.name, installation.servers.database_url]
        words = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ
        ).stdout
    found = re.search(r"tps = ([\d.]+)", words)
    if found is None:
        raise SystemExit(f"pgbench said nothing to count:\n{words}")
    return float(found.group(1))


def summary(connections: int, earshot: list[Load], bare: list[Load], alone: list[float]) -> dict[str, float]:
    ours, least, transactions = (
        median(earshot, "per_second"),
        median(bare, "per_second"),
        statistics.median(alone),
    )
    return {
        "connections": connections,
        "earshot_per_second": round(ours),
        "earshot_p50_ms": median(earshot, "p50_ms"),
        "earshot_p99_ms": median(earshot, "p99_ms"),
        "errors": sum(load.errors for load in earshot),
        "bare_per_second": round(least),
        "pgbench_per_second": round(transactions),
        "of_bare": round(ours / least, 2),
        "of_pgbench": round(ours / transactions, 2),
    }


def table(rows: list[dict[str, float]]) -> str:
    """Return ``rows`` as a Markdown table."""
    names = list(rows[0])
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(str(row[name]) for name in names) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


if __name__ == "__main__":
    main()
