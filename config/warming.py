"""Get ready before the first message comes: the seconds that takes are not an urgent message's.

A Celery worker loads the models before it forks, so that its children share them and one that was killed is
replaced at once; the sweeper loads them as it starts, for it takes over when Redis is away.
"""

import threading
from datetime import UTC, datetime
from typing import Any

import structlog
from celery.signals import worker_init, worker_process_init
from django.db import Error

from config.kit.outbox import sweeper
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from feedback.analysis.assess import assess_many
from feedback.analysis.corrections import current_lessons
from feedback.analysis.lexemes import lexemes
from tickets.routing.doorbell import assess_received

log = structlog.get_logger(__name__)

#: Each script and language loads tables of its own; a danger word compiles what looks at the words around it.
_TEXTS = (
    "The upload stops, my account was hacked! 😡",
    "视频打不开，我的账号被盗了",
    "帳號",
    "Ça ne marche pas",
)


@worker_init.connect
def load_models(**_: Any) -> None:
    """Load all that reads a text; two or three seconds and some 200 MB."""
    for text in _TEXTS:
        lexemes(text)
    assess_many(_TEXTS)


@worker_process_init.connect
def ask_the_database(**_: Any) -> None:
    """Connect, and ask what is asked for every message. A database that is away is no reason not to start.

    In each child, after the fork: a connection belongs to one process.
    """
    try:
        current_lessons()
        OutboxRow.objects.open().filter(lane=Lane.CRISIS).first()
        assess_received([], datetime.now(UTC))
    except Error as error:
        log.warning("database_is_away", error=type(error).__name__)


def sweep_until(stop: threading.Event) -> None:
    """Sweep until ``stop``, loading the models meanwhile."""
    threading.Thread(target=load_models, name="warm-up", daemon=True).start()
    sweeper.sweep_until(stop)
