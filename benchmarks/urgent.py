"""From the commit of an urgent message to its place in the crisis queue, idle and behind ten thousand others.

Live messages arrive at a steady pace, all urgent, half of them without any danger word. Three times: while nothing
else is to be done; while ordinary work waits in the default lane; and while a crowd of ordinary live messages waits in
the very lane that reads the urgent ones. The first messages after the start are reported apart.
Run: ``.venv/bin/python -m benchmarks.urgent --help``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from tqdm import tqdm

from tests.installation import Installation

DANGER = "我不想活了，药都准备好了 {number}"
# Urgent to any reader, yet it holds no word of the quick screen.
VEILED = "有人拿我女儿的照片要钱，说不给就发到班级群里 {number}"
ORDINARY = "The upload stops at 99 percent every time {number}"

_AT_ONCE = 1_000
_SECONDS_AFTER = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Phase:
    """What was measured in one phase: seconds from commit to the crisis queue, p50, p99 and largest.

    ``done_by`` counts the messages by who did them; ``cpu_ms`` is what the crisis worker used for each row it did,
    ordinary ones included; ``load`` is the machine's at the end.
    """

    phase: str
    a_second: float
    sent: int
    in_crisis_queue: int
    waiting_before: int
    waiting_after: int
    with_danger_word: tuple[float, ...]
    without: tuple[float, ...]
    done_by: dict[str, int]
    cpu_ms: float
    load: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backlog", type=int, default=10_000, help="rows waiting (10000)")
    parser.add_argument("--rate", type=float, nargs="+", default=[5, 20], help="messages a second (5 20)")
    parser.add_argument("--seconds", type=int, default=30, help="length of each phase (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON line for each phase")
    options = parser.parse_args()
    installation = Installation("worker-crisis", "worker", "sweeper")
    try:
        installation.open()
        os.environ.update(installation.environment, DJANGO_SETTINGS_MODULE="config.settings")
        django.setup()
        wait_for_the_worker()
        worker = installation.children["worker-crisis"].process
        assert worker is not None
        show(measure("first messages", 5, 2, worker.pid), is_json=options.json)
        for lane in (None, "default", "crisis"):
            for rate in options.rate:
                if lane is not None:
                    pile_up(options.backlog, lane)
                name = f"{options.backlog:,} in lane {lane}" if lane else "idle"
                show(measure(name, options.seconds, rate, worker.pid), is_json=options.json)
                clear()
    finally:
        installation.close()


def show(phase: Phase, *, is_json: bool) -> None:
    print(json.dumps(asdict(phase), ensure_ascii=False) if is_json else phase, flush=True)


def wait_for_the_worker() -> None:
    """Wait until both workers say that they are there."""
    from celery import current_app  # noqa: PLC0415 - Django is set up by main()

    while len(current_app.control.ping(timeout=1.0) or ()) < 2:
        pass


def measure(name: str, seconds: int, rate: float, worker: int) -> Phase:
    """Send for ``seconds`` and return what was measured until all that was sent is done."""
    from django.db.models import F  # noqa: PLC0415

    from config.kit.outbox.lanes import Lane  # noqa: PLC0415
    from config.kit.outbox.models import OutboxRow  # noqa: PLC0415
    from tickets.desk.models import CrisisPlace  # noqa: PLC0415

    open_rows = OutboxRow.objects.open().exclude(lane=Lane.PAGE)
    by_worker = OutboxRow.objects.filter(lane=Lane.CRISIS, done_by="celery")
    waiting, used, done_before = open_rows.count(), cpu_seconds(worker), by_worker.count()
    sent = send(int(seconds * rate), rate=rate, label=name)
    deadline = time.monotonic() + _SECONDS_AFTER
    rows = OutboxRow.objects.filter(kind="message.received", subject_id__in=sent)
    while rows.filter(done_at=None).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    used, done = cpu_seconds(worker) - used, by_worker.count() - done_before
    finished = list(rows.exclude(done_at=None).annotate(took=F("done_at") - F("created_at")))
    took = {row.subject_id: row.took.total_seconds() for row in finished}
    return Phase(
        phase=name,
        a_second=rate,
        sent=len(sent),
        in_crisis_queue=CrisisPlace.objects.filter(ticket__feedback__messages__in=sent).count(),
        waiting_before=waiting,
        waiting_after=open_rows.count(),
        with_danger_word=percentiles([took[one] for one, danger in sent.items() if danger and one in took]),
        without=percentiles([took[one] for one, danger in sent.items() if not danger and one in took]),
        done_by=dict(Counter(row.done_by for row in finished)),
        cpu_ms=round(1000 * used / max(done, 1), 1),
        load=round(os.getloadavg()[0], 1),
    )


def send(count: int, *, rate: float, label: str) -> dict[int, bool]:
    """Receive ``count`` live messages at ``rate`` a second; return by message id whether it has danger words."""
    sent = {}
    start = time.monotonic()
    for number in tqdm(range(count), desc=label, leave=False):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        text = (DANGER if number % 2 else VEILED).format(number=number)
        sent[receive_one(text)] = bool(number % 2)
    return sent


def receive_one(text: str) -> int:
    """Receive ``text`` now and return the message's id."""
    from django.utils import timezone  # noqa: PLC0415

    from feedback.intake.incoming import Incoming  # noqa: PLC0415
    from feedback.intake.services import default_channel, receive  # noqa: PLC0415

    now = timezone.now()
    incoming = Incoming(
        channel=default_channel("rest"), external_id=str(uuid.uuid4()), text=text, sent_at=now
    )
    return receive(incoming, at=now).message.pk


def pile_up(count: int, lane: str) -> None:
    """Have ``count`` ordinary live messages wait in ``lane``, and ring for more than can be done in a phase."""
    from django.utils import timezone  # noqa: PLC0415

    from config.kit.outbox.bells import ringer  # noqa: PLC0415
    from config.kit.outbox.lanes import Lane  # noqa: PLC0415
    from config.kit.outbox.models import OutboxRow  # noqa: PLC0415
    from config.kit.outbox.services import owed  # noqa: PLC0415
    from feedback.intake.models import Feedback, Message  # noqa: PLC0415

    first = Message.objects.select_related("feedback").get(pk=receive_one(ORDINARY.format(number=0)))
    for start in tqdm(range(0, count, _AT_ONCE), desc="piling up", leave=False):
        numbers = range(start, min(start + _AT_ONCE, count))
        threads = Feedback.objects.bulk_create(copy_of(first.feedback) for _ in numbers)
        messages = Message.objects.bulk_create(
            copy_of(
                first, feedback=thread, external_id=str(uuid.uuid4()), text=ORDINARY.format(number=number)
            )
            for number, thread in zip(numbers, threads, strict=True)
        )
        now = timezone.now()
        rows = OutboxRow.objects.bulk_create(
            owed("message.received", message.pk, at=now, lane=Lane(lane)) for message in messages
        )
        for row in rows if not start else ():
            ringer.announce(row.pk, row.lane)
    ringer.wait(_SECONDS_AFTER)


def copy_of(row: Any, **changes: object) -> Any:
    """Return an unsaved copy of ``row`` with ``changes`` and a public id of its own."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    copied = type(row)(**values | {"public_id": uuid.uuid4()})
    for name, value in changes.items():
        setattr(copied, name, value)
    return copied


def clear() -> None:
    """Take what still waits off the lanes: the next phase begins with nothing to do."""
    from django.utils import timezone  # noqa: PLC0415

    from config.kit.outbox.models import OutboxRow  # noqa: PLC0415

    OutboxRow.objects.open().filter(lease_token=None).update(done_at=timezone.now(), done_by="cleared")
    while OutboxRow.objects.open().exists():
        time.sleep(0.2)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time used so far by the process ``pid`` and its children; Linux only."""
    used = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            # It ended while we looked.
            continue
        if int(folder.name) == pid or int(fields[1]) == pid:
            used += (int(fields[11]) + int(fields[12])) / _TICKS
    return used


def percentiles(values: Sequence[float]) -> tuple[float, ...]:
    """Return p50, p99 and the largest of ``values``, rounded to milliseconds; nothing of nothing."""
    ordered = sorted(values)
    if not ordered:
        return ()
    places = (len(ordered) // 2, min(len(ordered) - 1, int(len(ordered) * 0.99)), -1)
    return tuple(round(ordered[place], 3) for place in places)


if __name__ == "__main__":
    main()
