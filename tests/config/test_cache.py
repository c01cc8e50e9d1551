import asyncio
import socket
import threading
import time

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache, caches
from django.test import override_settings

from config.cache import SharedPoolClient
from config.kit.counters import Counter


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(SharedPoolClient, "_away_until", 0.0)


def use(location: str, **options: object):
    """Return settings with the cache at ``location``."""
    backend = {"BACKEND": "config.cache.FailOpenRedisCache", "LOCATION": location, "OPTIONS": options}
    return override_settings(CACHES={"default": backend})


def ask_everything() -> None:
    assert cache.get("a", "nothing") == "nothing"
    cache.set("a", 1)
    assert cache.add("a", 1)
    assert cache.incr("a") == 1
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert not cache.touch("a")
    assert not cache.delete("a")
    cache.delete_many(["a"])
    assert "a" not in cache
    assert cache.get_or_set("a", 5) == 5


class TestFailOpenRedisCache:
    def test_keeps_what_it_is_given(self):
        cache.set("word", {"大": 1})
        assert cache.get("word") == {"大": 1}
        assert cache.delete("word")
        assert cache.get("word") is None

    def test_knows_nothing_while_redis_refuses(self):
        with use("redis://127.0.0.1:1/0"):
            ask_everything()

    def test_knows_nothing_while_redis_answers_and_will_not(self, monkeypatch):
        """As with a full disk or memory; a list where a number should be is refused in the same way."""
        key = cache.make_key("a")
        client = cache._cache.get_client(write=True)
        client.rpush(key, 1)
        try:
            assert cache.get("a", "nothing") == "nothing"
            monkeypatch.setattr(SharedPoolClient, "_away_until", 0.0)
            assert cache.count_up([[Counter("a", seconds=60, most=5)]]) == []
        finally:
            client.delete(key)

    def test_pays_one_time_out_for_a_redis_that_never_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            with use(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", socket_timeout=0.2):
                started = time.monotonic()
                ask_everything()
                assert time.monotonic() - started < 0.9

    def test_asks_again_after_a_second(self, monkeypatch):
        cache.set("kept", 1)
        monkeypatch.setattr(SharedPoolClient, "_away_until", time.monotonic() + 60)
        assert cache.get("kept") is None
        monkeypatch.setattr(SharedPoolClient, "_away_until", time.monotonic() - 1)
        assert cache.get("kept") == 1


class TestSharedPool:
    def test_serves_all_threads_from_one_pool(self):
        pools = set()

        def note() -> None:
            pools.add(id(caches["default"]._cache._get_connection_pool(write=False)))

        threads = [threading.Thread(target=note) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pools) == 1

    def test_serves_all_requests_of_an_event_loop_from_one_pool(self):
        def note() -> int:
            return id(caches["default"]._cache._get_connection_pool(write=False))

        async def ask() -> list[int]:
            # Each in a context of its own, as each request is.
            return await asyncio.gather(*(asyncio.create_task(sync_to_async(note)()) for _ in range(5)))

        assert len(set(asyncio.run(ask()))) == 1
