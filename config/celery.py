"""The Celery application: ``celery -A config.celery worker -Q crisis``."""

import os

from celery import Celery

from config import parts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("earshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
# By default Celery searches installed apps only, not their parts.
app.autodiscover_tasks(parts.packages())
