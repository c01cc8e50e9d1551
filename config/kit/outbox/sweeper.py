"""Do the rows that Celery was not told of or did not do. PostgreSQL only, so it works while Redis is away."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from django.db.models.functions import Now

from config.kit.heartbeats import current_pulse
from config.kit.loops import repeat
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import database_now, run_batch, sweepable

PAUSE_SECONDS = 0.5
#: Pages and webhooks wait for other servers, up to 5 s each, so several run at a time. Elsewhere one is enough.
THREADS: Mapping[Lane, int] = {Lane.PAGE: 3, Lane.HOOK: 3}


def sweep_lane(lane: Lane, *, most: int = 200) -> int:
    """Do up to ``most`` overdue rows of ``lane``; return how many were taken."""
    # Usually there is nothing: this check is one statement, an empty claim would be four.
    if not OutboxRow.objects.open().filter(sweepable(lane), due_at__lte=Now()).exists():
        return 0
    taken, pulse = 0, current_pulse()
    while taken < most:
        at = database_now()
        if pulse is not None:
            # 200 rows may take minutes: report between them that the sweeper is alive.
            pulse.beat(at=at)
        batch = run_batch(lane, at=at, by="sweeper", only=sweepable(lane))
        if not batch:
            break
        taken += batch
    return taken


def sweep_until(stop: threading.Event) -> None:
    """Sweep every lane until ``stop``, each in threads of its own, so that a slow mail server delays no page."""
    threads = [
        threading.Thread(target=_sweep_one_lane, args=(lane, stop), name=f"sweep-{lane}", daemon=True)
        for lane in Lane
        for _number in range(THREADS.get(lane, 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sweep_one_lane(lane: Lane, stop: threading.Event) -> None:
    repeat(lambda at: sweep_lane(lane), name=f"sweeper-{lane.value}", pause_seconds=PAUSE_SECONDS, stop=stop)
