"""The loops of this part, for ``settings.LOOPS``. PostgreSQL only; any number of each may run."""

from __future__ import annotations

import threading

from config.kit.loops import repeat
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.findings import AUDITOR, AUDITOR_SECONDS, audit_and_tell
from tickets.desk.overdue import escalate_overdue
from tickets.desk.snoozing import bring_back
from tickets.replies.quiet import tend_quiet

STEP_SECONDS, OTHER_SECONDS = 0.5, 5.0
#: The other deadline loops, by name.
OTHERS = (("overdue", escalate_overdue), ("snoozed", bring_back), ("quiet", tend_quiet))


def deadlines_until(stop: threading.Event) -> None:
    """Act on what is due until ``stop``: escalation in this thread, each of ``OTHERS`` in its own."""
    others = [
        threading.Thread(
            target=repeat,
            args=(act,),
            kwargs={"name": name, "pause_seconds": OTHER_SECONDS, "stop": stop},
            name=name,
            daemon=True,
        )
        for name, act in OTHERS
    ]
    for other in others:
        other.start()
    repeat(take_due_steps, name="escalation", pause_seconds=STEP_SECONDS, stop=stop)
    for other in others:
        other.join()


def audit_until(stop: threading.Event) -> None:
    """Audit every 30 s until ``stop``. The first run waits as long, so that other processes can start."""
    repeat(audit_and_tell, name=AUDITOR, pause_seconds=AUDITOR_SECONDS, stop=stop)
