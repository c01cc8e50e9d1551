"""How long a month's summary takes and how much memory it needs, as the month grows.

The messages are the written bilingual samples of the tests, each made its own by a few words, with vectors near those
of the samples; they go straight into the database, so that what is measured is the summary alone, vectors cached.
Each size is a fresh installation, and the summary a process of its own. Run:
``.venv/bin/python -m benchmarks.summary --help``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from tqdm import tqdm

from config.env import ROOT
from feedback.analysis.encoder import encode_gist
from tests.installation import Installation

SAMPLES = ROOT / "tests" / "samples" / "themes_zh_en.tsv"
MONTH = "2026-10"
_AT_ONCE = 10_000
# How far a message strays from its sample: mean cosine about 0.75, as between two people who say the same.
_SPREAD = 0.04
_MORE = {
    "en": [
        "since {0}",
        "on my phone {0}",
        "please check {0}",
        "again {0}",
        "for {0} hours",
        "after version {0}",
    ],
    "zh": ["已经{0}天", "手机型号{0}", "请查一下{0}", "又来了{0}", "从{0}号开始", "版本{0}"],
}
# What a million rows need to come in within minutes: no index to find similar tickets by, which the summary neither
# reads nor writes, and no looking up of what each row points to.
QUICKLY = """
DROP INDEX message_vector_nearest;
SET session_replication_role = replica
"""
MADE = """
CREATE TABLE made (n bigint, text text, language text, vector halfvec(512))
"""
# Three quarters as many people as messages, each message a feedback of its own.
ROWS = """
WITH person AS (
  INSERT INTO users_customer (public_id, display_name, segment, is_minor, origin, created_at)
  SELECT gen_random_uuid(), '', 'standard', false, 'import', now() FROM generate_series(1, %(people)s) RETURNING id
), numbered AS (
  SELECT id, row_number() OVER () - 1 AS place FROM person
), fb AS (
  INSERT INTO feedback_feedback (public_id, channel_id, customer_id, subject, topic_hint, language, app_version,
    platform, device, page, origin, state, received_at, last_message_at)
  SELECT gen_random_uuid(), (SELECT id FROM feedback_channel LIMIT 1), p.id, '', '', '', '8.' || n %% 9, 'android',
    '', n::text, 'import', 'received', %(start)s + n * interval '28 days' / %(count)s, now()
    FROM made JOIN numbered p ON p.place = n %% %(people)s RETURNING id, page, received_at
), msg AS (
  INSERT INTO feedback_message (public_id, feedback_id, channel_id, direction, external_id, content_hash, text,
    html, author_name, is_automatic, danger_hits, origin, sent_at, received_at)
  SELECT gen_random_uuid(), fb.id, (SELECT id FROM feedback_channel LIMIT 1), 'in', page, repeat('h', 64), made.text,
    '', '', false, '[]', 'import', received_at, received_at
    FROM fb JOIN made ON made.n = page::bigint RETURNING id, external_id
), judged AS (
  INSERT INTO feedback_assessment (message_id, language, language_confidence, sentiment, is_sentiment_sure, tone,
    urgency, lane, categories, topic, flags, reasons, model_version, assessed_at)
  SELECT msg.id, made.language, 1, -0.3, true, 'neutral', 0.1, 'none', '[]', 'bug', '{}', '[]', 'made', now()
    FROM msg JOIN made ON made.n = external_id::bigint RETURNING message_id
)
INSERT INTO feedback_messagevector (message_id, vector, encoder)
SELECT msg.id, made.vector, 'made' FROM msg JOIN made ON made.n = external_id::bigint
"""
CHANNEL = "from feedback.intake.services import default_channel; default_channel('table')"


@dataclass(frozen=True)
class Run:
    """One summary: wall seconds, CPU seconds of its processes, memory of the largest one, and how many themes it found.

    ``load`` is the machine's over the last minute, at its end: with more than there are cores seconds say little.
    """

    messages: int
    seconds: float
    cpu_seconds: float
    megabytes: int
    themes: int
    load: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="messages (1000 10000 100000)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    options = parser.parse_args()
    runs = [at_size(size) for size in sorted(options.sizes)]
    print(json.dumps([asdict(run) for run in runs]) if options.json else table(runs))


def at_size(count: int) -> Run:
    """Fill a new installation with a month of ``count`` messages and measure its summary."""
    installation = Installation()
    try:
        installation.servers.join()
        installation.manage("prepare")
        installation.manage("shell", "--no-imports", "-c", CHANNEL)
        fill(installation.servers.database_url, count)
        return measured(installation, count)
    finally:
        installation.close()


def measured(installation: Installation, count: int) -> Run:
    """Make the summary in a process of its own and return what it cost."""
    command = [sys.executable, "manage.py", "summarise", "--month", MONTH, "--origin", "import"]
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **installation.environment})
    try:
        _pid, status, used = os.wait4(child.pid, 0)
    except BaseException:
        child.kill()
        raise
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the summary of {count} messages failed")
    with psycopg.connect(installation.servers.database_url) as connection:
        found = connection.execute("SELECT count(*) FROM tickets_painpoint").fetchone()
    # Linux counts in kilobytes, macOS in bytes.
    kilobytes = used.ru_maxrss if sys.platform == "linux" else used.ru_maxrss // 1024
    cpu = used.ru_utime + used.ru_stime
    themes, load = found[0] if found else 0, round(os.getloadavg()[0], 1)
    return Run(count, round(seconds, 1), round(cpu, 1), kilobytes // 1024, themes, load)


def fill(database_url: str, count: int) -> None:
    """Copy ``count`` messages of one month into the database, assessed and with their vectors."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        register_vector(connection)
        connection.execute(QUICKLY)
        connection.execute(MADE)
        copying = "COPY made (n, text, language, vector) FROM STDIN WITH (FORMAT BINARY)"
        bar = tqdm(total=count, desc=f"make {count}", unit="message")
        with bar, connection.cursor() as cursor, cursor.copy(copying) as copy:
            copy.set_types(["int8", "text", "text", "halfvec"])
            for row in made(count):
                copy.write_row(row)
                bar.update()
        bounds = {"people": max(1, count * 3 // 4), "count": count, "start": f"{MONTH}-02"}
        connection.execute("ANALYZE made")
        connection.execute(ROWS.replace("%(start)s", "%(start)s::timestamptz"), bounds)
        connection.execute("DROP TABLE made")
        connection.execute("VACUUM ANALYZE")


def made(count: int, *, seed: int = 1) -> Iterator[tuple[int, str, str, HalfVector]]:
    """Yield ``count`` messages: number, text, language and vector. The same ones each time."""
    with SAMPLES.open(encoding="utf-8") as lines:
        samples = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    centres = encode_gist([sample["text"] for sample in samples])
    generator = np.random.default_rng(seed)
    for start in range(0, count, _AT_ONCE):
        chosen = generator.integers(len(samples), size=min(_AT_ONCE, count - start))
        vectors = near(centres[chosen], generator)
        for place, number in enumerate(chosen.tolist()):
            sample, n = samples[number], start + place
            more = _MORE[sample["language"]]
            text = f"{sample['text']} {more[n % len(more)].format(n)}"
            yield n, text, sample["language"], HalfVector(vectors[place])


def near(centres: NDArray[np.float32], generator: np.random.Generator) -> NDArray[np.float32]:
    """Return a unit vector near each of ``centres``."""
    strayed = centres + _SPREAD * generator.standard_normal(centres.shape, np.float32)
    return strayed / np.linalg.norm(strayed, axis=1, keepdims=True)


def table(runs: list[Run]) -> str:
    """Return the runs as a table, each against the smallest."""
    first = runs[0]
    lines = [
        "| messages | themes | seconds | CPU seconds | MB | load | messages, times | CPU, times |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        more, dearer = run.messages / first.messages, run.cpu_seconds / max(first.cpu_seconds, 0.1)
        lines.append(
            f"| {run.messages:,} | {run.themes} | {run.seconds} | {run.cpu_seconds} | {run.megabytes:,} | {run.load} "
            f"| {more:.0f} | {dearer:.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
