from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.connection import AbstractConnection

from config.cache import SharedPoolClient
from config.kit.throttles import WrongRate, rates, wait_of
from feedback.intake.models import Feedback
from tests.feedback.api.calls import call, login

pytestmark = pytest.mark.django_db

LIMITS = {
    "token": "3/hour",
    "login": "3/hour",
    "anonymous_reads": "5/hour",
    "anonymous_writes": "2/hour",
    "anonymous_network_writes": "4/hour",
    "anonymous_urgent_writes": "1/hour",
}


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SharedPoolClient, "_away_until", 0.0)
    cache.clear()
    settings.LIMITS = LIMITS


def write(text: str = "hi", *, address: str = "192.0.2.1", **options: Any) -> Any:
    return call("POST", "/feedback", {"text": text}, client=Client(REMOTE_ADDR=address), **options)


def statuses(times: int, **options: Any) -> list[int]:
    return [write(**options).status_code for _time in range(times)]


class TestSubmitThrottle:
    def test_limits_a_strangers_address_and_says_when_to_come_back(self) -> None:
        assert statuses(3) == [201, 201, 429]
        refused = write()
        assert 1 <= int(refused["Retry-After"]) <= 3600
        assert (refused.json()["status"], refused.json()["code"]) == (429, "throttled")
        assert Feedback.objects.count() == 2
        assert statuses(1, address="192.0.2.2") == [201]

    def test_limits_a_network_of_many_addresses(self) -> None:
        assert [statuses(1, address=f"192.0.2.{n}")[0] for n in range(6)] == [201] * 4 + [429] * 2
        assert statuses(1, address="192.0.3.1") == [201]
        v6 = [f"2001:db8:1:{n}::1" for n in range(6)]
        assert [statuses(1, address=address)[0] for address in v6] == [201] * 4 + [429] * 2

    def test_gives_danger_more_room_and_help_in_any_case(self) -> None:
        statuses(3)
        assert write("我不想活了").status_code == 201
        refused = write("我不想活了")
        assert refused.status_code == 429
        assert refused.json()["first_answer"]["kind"] == "self_harm"
        assert "first_answer" not in write("hi").json()

    def test_limits_each_token_by_itself(self) -> None:
        shop, game = login("shop")[1], login("game")[1]
        assert statuses(4, token=shop) == [201, 201, 201, 429]
        assert statuses(1, token=game) == [201]

    def test_counts_reading_apart(self) -> None:
        statuses(3)
        assert call("GET", "/status/x", client=Client(REMOTE_ADDR="192.0.2.1")).status_code == 404

    def test_asks_redis_once_for_address_and_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        askers: list[int] = []
        send = AbstractConnection.send_packed_command

        def noted(self: AbstractConnection, *args: Any, **options: Any) -> Any:
            askers.append(threading.get_ident())
            return send(self, *args, **options)

        statuses(1, address="192.0.2.9")
        monkeypatch.setattr(AbstractConnection, "send_packed_command", noted)
        assert write().status_code == 201
        # Bells are rung by another thread.
        assert askers.count(threading.get_ident()) == 1

    def test_counts_no_network_for_a_refused_address(self) -> None:
        assert statuses(6) == [201] * 2 + [429] * 4
        # Two of the network's four are left to its neighbours.
        assert [statuses(1, address=f"192.0.2.{n}")[0] for n in (2, 3, 4)] == [201, 201, 429]

    def test_lets_pass_while_redis_is_away(self, settings: Any) -> None:
        backend = {"BACKEND": "config.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": backend}
        assert statuses(4) == [201] * 4


class TestWait:
    def test_lasts_to_the_end_of_the_window(self) -> None:
        for _time in range(2):
            assert wait_of({"address:a": "anonymous_writes"}, now=7200.0) is None
        assert wait_of({"address:a": "anonymous_writes"}, now=7260.0) == 3540
        assert wait_of({"address:a": "anonymous_writes"}, now=10800.0) is None

    def test_is_none_without_a_limit(self) -> None:
        assert wait_of({"address:a": "no such limit"}) is None


class TestRates:
    def test_reads_several(self) -> None:
        assert [(rate.most, rate.seconds) for rate in rates("30/minute 300/hour")] == [(30, 60), (300, 3600)]
        assert rates("") == ()

    def test_refuses_what_is_no_rate(self) -> None:
        with pytest.raises(WrongRate):
            rates("30 a minute")
