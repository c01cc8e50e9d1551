from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
import redis
from celery import Celery
from django.conf import settings

from config.kit.outbox import bells
from config.kit.outbox.bells import BATCHES_PER_BELL, Ringer
from config.kit.outbox.lanes import BATCHES, Lane
from config.kit.outbox.models import OutboxRow
from config.kit.tasks import run_lane
from tests.people import said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker() -> redis.Redis:
    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    broker.delete(queue())
    return broker


@pytest.fixture(autouse=True)
def _hears_of_no_earlier_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells.ringer, "silent_until", 0.0)


def queue(lane: str = "crisis") -> str:
    return settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] + lane


class TestRing:
    def test_puts_the_rows_id_and_nothing_else_on_the_lanes_queue(self, broker: redis.Redis) -> None:
        said("我的账号被盗了")
        assert bells.ringer.wait(10)
        [message] = broker.lrange(queue(), 0, -1)  # type: ignore[misc]
        assert "账号" not in message.decode()
        assert json.loads(message)["headers"]["argsrepr"] == f"[{OutboxRow.objects.get().pk}, 1]"

    def test_costs_a_visitor_nothing_when_the_broker_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dead = Celery("dead", set_as_current=False)
        dead.config_from_object("django.conf:settings", namespace="CELERY")
        dead.conf.broker_url = "redis+socket:///nowhere/redis.sock"
        monkeypatch.setattr(bells, "current_app", dead)
        said("one")
        said("two")
        assert bells.ringer.wait(10)
        assert OutboxRow.objects.filter(bell_failed=True).count() == 2


class Broker:
    """Stands where Celery stands and can be held up, as a slow Redis is."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[int], str]] = []
        self.is_free = threading.Event()
        self.is_asked = threading.Event()

    def send_task(self, name: str, *, args: list[int], queue: str, **options: Any) -> None:
        self.is_asked.set()
        assert self.is_free.wait(10)
        self.sent.append((args, queue))


class TestRinger:
    @pytest.fixture
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> Broker:
        broker = Broker()
        monkeypatch.setattr(bells, "current_app", broker)
        return broker

    def test_rings_at_once_for_a_row_alone_and_once_for_those_that_came_meanwhile(self, slow: Broker) -> None:
        ringer = Ringer()
        ringer.announce(1, Lane.CRISIS)
        assert slow.is_asked.wait(10)
        started = time.monotonic()
        most = BATCHES[Lane.CRISIS] * BATCHES_PER_BELL
        for row_id in range(2, 2 + most + 1):
            ringer.announce(row_id, Lane.CRISIS)
        ringer.announce(100, Lane.DEFAULT)
        ringer.announce(101, Lane.DEFAULT)
        assert time.monotonic() - started < 5, "announcing waits for the broker"
        slow.is_free.set()
        assert ringer.wait(10)
        assert slow.sent == [
            ([1, 1], "crisis"),
            ([2, most], "crisis"),
            ([2 + most, 1], "crisis"),
            ([100, 1], "default"),
            ([101, 1], "default"),
        ]

    def test_rings_for_the_urgent_before_a_crowd_that_came_first(self, slow: Broker) -> None:
        ringer = Ringer()
        ringer.announce(1, Lane.DEFAULT)
        assert slow.is_asked.wait(10)
        for row_id in range(2, 100):
            ringer.announce(row_id, Lane.DEFAULT)
        ringer.announce(100, Lane.CRISIS)
        slow.is_free.set()
        assert ringer.wait(10)
        assert slow.sent[:2] == [([1, 1], "default"), ([100, 1], "crisis")]

    def test_says_so_when_the_broker_keeps_it_waiting(self, slow: Broker) -> None:
        ringer = Ringer()
        ringer.announce(1, Lane.CRISIS)
        assert not ringer.wait(0.05)
        slow.is_free.set()
        assert ringer.wait(10)


class TestRunLane:
    def test_does_as_many_rows_as_were_announced_together(self) -> None:
        for number in range(3):
            said(f"The upload stops, {number}")
        waiting = OutboxRow.objects.open().filter(lane=Lane.CRISIS)
        run_lane(row_id=waiting.first().pk, rows=3)  # type: ignore[union-attr]
        assert not waiting.exists()
