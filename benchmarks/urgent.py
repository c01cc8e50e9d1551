"""From the commit of an urgent message to its place in the crisis queue, idle and behind a backlog.

Live messages arrive at a steady pace, all urgent, half of them without any danger word, while the other
lanes work through a backlog. Run: ``.venv/bin/python -m benchmarks.urgent --help``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import uuid
from typing import Any

import django
from tqdm import tqdm

from tests.installation import Installation

DANGER = "我不想活了，药都准备好了 {number}"
# Urgent to any reader, yet it holds no word of the quick screen.
VEILED = "有人拿我女儿的照片要钱，说不给就发到班级群里 {number}"
ORDINARY = "The upload stops at 99 percent every time {number}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backlog", type=int, default=10_000, help="default rows waiting (10000)")
    parser.add_argument("--rate", type=float, default=20, help="live messages a second (20)")
    parser.add_argument("--seconds", type=int, default=30, help="length of each phase (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    options = parser.parse_args()
    installation = Installation("worker-crisis", "worker", "sweeper")
    try:
        installation.open()
        os.environ.update(installation.environment, DJANGO_SETTINGS_MODULE="config.settings")
        django.setup()
        send(5, rate=2, label="warming up")
        rows = [phase("idle", options.seconds, options.rate)]
        pile_up(options.backlog)
        rows.append(phase(f"{options.backlog} waiting", options.seconds, options.rate))
    finally:
        installation.close()
    for row in rows:
        print(json.dumps(row, ensure_ascii=False) if options.json else row)


def phase(name: str, seconds: int, rate: float) -> dict[str, Any]:
    """Send for ``seconds`` and return the latencies, in seconds, of messages with and without danger words."""
    from django.db.models import F  # noqa: PLC0415 - Django is set up by main()

    from config.kit.outbox.models import OutboxRow  # noqa: PLC0415
    from tickets.desk.models import CrisisPlace  # noqa: PLC0415

    waiting = OutboxRow.objects.open().count()
    sent = send(int(seconds * rate), rate=rate, label=name)
    deadline = time.monotonic() + 60
    ids = [message for message, _danger in sent]
    done = OutboxRow.objects.filter(kind="message.received", subject_id__in=ids)
    while done.filter(done_at=None).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    took = {
        row.subject_id: row.took.total_seconds() for row in done.annotate(took=F("done_at") - F("created_at"))
    }
    places = CrisisPlace.objects.filter(ticket__feedback__messages__in=ids).count()
    return {
        "phase": name,
        "sent": len(sent),
        "in crisis queue": places,
        "backlog before": waiting,
        "backlog after": OutboxRow.objects.open().count(),
        "with danger word": percentiles([took[message] for message, danger in sent if danger]),
        "without": percentiles([took[message] for message, danger in sent if not danger]),
    }


def send(count: int, *, rate: float, label: str) -> list[tuple[int, bool]]:
    """Receive ``count`` live messages at ``rate`` a second; return (message id, has danger words)."""
    sent = []
    start = time.monotonic()
    for number in tqdm(range(count), desc=label, leave=False):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        text = (DANGER if number % 2 else VEILED).format(number=number)
        sent.append((receive_one(text), bool(number % 2)))
    return sent


def receive_one(text: str, *, origin: str = "live") -> int:
    """Receive ``text`` now and return the message's id."""
    from django.utils import timezone  # noqa: PLC0415

    from config.kit.origins import Origin  # noqa: PLC0415
    from feedback.intake.incoming import Incoming  # noqa: PLC0415
    from feedback.intake.services import default_channel, receive  # noqa: PLC0415

    now = timezone.now()
    incoming = Incoming(
        channel=default_channel("rest"),
        external_id=str(uuid.uuid4()),
        text=text,
        sent_at=now,
        origin=Origin(origin),
    )
    return receive(incoming, at=now).message.pk


def pile_up(count: int) -> None:
    """Owe ``count`` pieces of ordinary work in the default lane, and ring for each."""
    from config.kit.outbox.lanes import Lane  # noqa: PLC0415
    from config.kit.outbox.models import OutboxRow  # noqa: PLC0415
    from config.kit.outbox.services import ring  # noqa: PLC0415

    for number in tqdm(range(count), desc="piling up", leave=False):
        receive_one(ORDINARY.format(number=number), origin="import")
    OutboxRow.objects.open().filter(lane=Lane.BULK).update(lane=Lane.DEFAULT)
    for row in OutboxRow.objects.open().filter(lane=Lane.DEFAULT).iterator():
        ring(row)


def percentiles(values: list[float]) -> dict[str, float]:
    """Return p50, p99 and the largest of ``values``, rounded to milliseconds."""
    values = sorted(values)
    return {
        "p50": round(values[len(values) // 2], 3),
        "p99": round(values[min(len(values) - 1, int(len(values) * 0.99))], 3),
        "max": round(values[-1], 3),
    }


if __name__ == "__main__":
    main()
