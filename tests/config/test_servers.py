"""The same on embedded servers and on real ones over TCP with passwords (``.ci/run`` does both)."""

import time
import uuid

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from config.celery import app
from config.kit.outbox import registry
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


class TestCelery:
    def test_does_what_is_rung_for(self, monkeypatch):
        done = []
        handler = Handler(
            kind="test.rung", lane=Lane.CRISIS, effect=lambda subject_id, *_: done.append(subject_id)
        )
        monkeypatch.setattr(registry, "_handlers", {"test.rung": handler})
        with start_worker(app, pool="solo", queues=["crisis"], perform_ping_check=False, loglevel="ERROR"):
            row = owe("test.rung", 7, at=timezone.now())
            deadline = time.monotonic() + 20
            while not OutboxRow.objects.filter(pk=row.pk, done_by="celery").exists():
                assert time.monotonic() < deadline, "Celery did not do the row"
                time.sleep(0.02)
        assert done == [7]


class TestCache:
    def test_keeps_and_counts(self):
        key = uuid.uuid4().hex
        cache.set(key, {"大": 1}, timeout=30)
        assert cache.get(key) == {"大": 1}
        assert cache.add(key, 2) is False
        cache.set(key, 1)
        assert cache.incr(key) == 2


class TestDatabase:
    def test_finds_chinese_fragments_and_neighbours(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT similarity('视频加载', '视频') > 0, '[1,0]'::vector <=> '[1,0]'::vector")
            assert cursor.fetchone() == (True, 0.0)


class TestReadiness:
    def test_is_given(self, client):
        assert client.get("/readyz").json()["checks"] == {"database": "ok", "redis": "ok"}
