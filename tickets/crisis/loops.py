"""The loops of this part, for ``settings.LOOPS``. PostgreSQL only; any number of each may run."""

from __future__ import annotations

import threading

from config.kit.loops import repeat
from tickets.crisis.escalation import take_due_steps
from tickets.desk.overdue import escalate_overdue

ESCALATION, OVERDUE = "escalation", "overdue"
STEP_SECONDS, OVERDUE_SECONDS = 0.5, 5.0


def deadlines_until(stop: threading.Event) -> None:
    """Act on deadlines that passed, until ``stop``: urgent tickets in one thread, all others in another."""
    overdue = threading.Thread(
        target=repeat,
        args=(escalate_overdue,),
        kwargs={"name": OVERDUE, "pause_seconds": OVERDUE_SECONDS, "stop": stop},
        name=OVERDUE,
        daemon=True,
    )
    overdue.start()
    repeat(take_due_steps, name=ESCALATION, pause_seconds=STEP_SECONDS, stop=stop)
    overdue.join()
