"""Warm-up of workers and sweepers, so that no urgent message waits the seconds that loading the models takes.

A Celery worker loads the models before it forks, so that its children share them and a killed child is
replaced at once; the sweeper loads them as it starts, since it takes over when Redis is away.
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

#: Each script and language loads its own tables; a danger word compiles the patterns that check its context.
_TEXTS = (
    "The upload stops, my account was hacked! 😡",
    "视频打不开，我的账号被盗了",
    "帳號",
    "Ça ne marche pas",
)


@worker_init.connect
def load_models(**_: Any) -> None:
    """Load all models that read a text, in two or three seconds and about 200 MB."""
    for text in _TEXTS:
        lexemes(text)
    assess_many(_TEXTS)


@worker_process_init.connect
def ask_the_database(**_: Any) -> None:
    """Connect and run the queries that every message needs; a worker starts even if the database is away.

    In each child, after the fork: a connection belongs to one process.
    """
    try:
        current_lessons()
        OutboxRow.objects.open().filter(lane=Lane.CRISIS).first()
        assess_received([], datetime.now(UTC))
    except Error as error:
        log.warning("database_is_away", error=type(error).__name__)


def sweep_until(stop: threading.Event) -> None:
    """Sweep until ``stop``, loading the models in the background."""
    threading.Thread(target=load_models, name="warm-up", daemon=True).start()
    sweeper.sweep_until(stop)
