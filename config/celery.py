"""The Celery application: ``celery -A config.celery worker -Q crisis``."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from config import parts
from feedback.analysis.assess import assess

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("earshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery looks into installed apps only, not into their parts.
app.autodiscover_tasks(parts.packages())


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Load the models before the first message comes: the second it takes is not an urgent message's."""
    assess("warm up")
