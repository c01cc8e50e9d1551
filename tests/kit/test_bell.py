from __future__ import annotations

import json
import time

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.utils import timezone

from config.kit.outbox import services
from config.kit.outbox.models import OutboxRow
from tests.people import said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker() -> redis.Redis:
    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    broker.delete(queue())
    return broker


def queue(lane: str = "crisis") -> str:
    return settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] + lane


class TestRing:
    def test_puts_the_rows_id_and_nothing_else_on_the_lanes_queue(
        self, broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "_silent_until", 0.0)
        said("我的账号被盗了")
        [message] = broker.lrange(queue(), 0, -1)  # type: ignore[misc]
        assert "账号" not in message.decode()
        assert json.loads(message)["headers"]["argsrepr"] == f"[{OutboxRow.objects.get().pk}]"

    def test_costs_a_visitor_less_than_a_second_when_the_broker_is_gone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dead = Celery("dead", set_as_current=False)
        dead.config_from_object("django.conf:settings", namespace="CELERY")
        dead.conf.broker_url = "redis+socket:///nowhere/redis.sock"
        monkeypatch.setattr(services, "current_app", dead)
        monkeypatch.setattr(services, "_silent_until", 0.0)
        started = time.monotonic()
        said("one")
        said("two")
        assert time.monotonic() - started < 2
        assert OutboxRow.objects.filter(bell_failed=True).count() == 2
        assert OutboxRow.objects.filter(due_at__lte=timezone.now()).exists()
