"""A Redis cache backend for many threads, which tolerates a Redis that is away."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import redis
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from config.kit.counters import Counter

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0

# For each counter in KEYS, ARGV has its group, its expiry in seconds and its limit.
COUNT_UP = """
local counts, full = {}, nil
for number, key in ipairs(KEYS) do
  local group, seconds, most = unpack(ARGV, 3 * number - 2, 3 * number)
  if full and full ~= group then break end
  counts[number] = redis.call('INCR', key)
  redis.call('EXPIRE', key, seconds)
  if counts[number] > tonumber(most) then full = group end
end
return counts
"""


class SharedPoolClient(RedisCacheClient):
    """A client with one connection pool per address and process, which finds nothing while Redis is away.

    Django keeps a cache object, and with it a pool, per thread of execution; under ASGI that is one per
    request, so each request would open a new connection to Redis.

    After a failure Redis is not used for a second: a Redis that accepts connections but never answers then
    costs one visitor a timeout, not every visitor several.
    """

    _shared: ClassVar[dict[tuple[str, str], Any]] = {}
    _clients: ClassVar[dict[redis.ConnectionPool, redis.Redis]] = {}
    _away_until: ClassVar[float] = 0.0

    # Attributes of Django's class that the stubs lack.
    _servers: list[str]
    _pool_options: dict[str, Any]
    _pool_class: type[redis.ConnectionPool]
    _get_connection_pool_index: Callable[[bool], int]

    def _get_connection_pool(self, write: bool) -> Any:
        address = self._servers[self._get_connection_pool_index(write)]
        key = (address, repr(sorted(self._pool_options.items())))
        if key not in self._shared:
            self._shared[key] = self._pool_class.from_url(address, **self._pool_options)
        return self._shared[key]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        # Django creates a client for each command, which costs more than the command.
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = redis.Redis(connection_pool=pool)
        return self._clients[pool]

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._ask(super().add, key, value, timeout, otherwise=True)

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(super().get, key, default, otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask(super().set, key, value, timeout, otherwise=None)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._ask(super().touch, key, timeout, otherwise=False)

    def delete(self, key: Any) -> bool:
        return self._ask(super().delete, key, otherwise=False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._ask(super().get_many, keys, otherwise={})

    def has_key(self, key: Any) -> bool:
        return self._ask(super().has_key, key, otherwise=False)

    def incr(self, key: Any, delta: int) -> int:
        return self._ask(super().incr, key, delta, otherwise=delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask(super().set_many, data, timeout, otherwise=None)

    def delete_many(self, keys: Any) -> None:
        self._ask(super().delete_many, keys, otherwise=None)

    def clear(self) -> bool:
        return self._ask(super().clear, otherwise=False)

    def count_up(self, groups: Sequence[Sequence[Counter]]) -> list[int]:
        return self._ask(self._count_up, groups, otherwise=[])

    def _count_up(self, groups: Sequence[Sequence[Counter]]) -> list[int]:
        keys, limits = [], []
        for number, group in enumerate(groups):
            for counter in group:
                keys.append(counter.key)
                limits += [number, counter.seconds, counter.most]
        counts: list[int] = self.get_client(None, write=True).eval(COUNT_UP, len(keys), *keys, *limits)
        return counts

    def append(self, key: str, entries: Sequence[dict[Any, Any]], most: int) -> None:
        self._ask(self._append, key, entries, most, otherwise=None)

    def _append(self, key: str, entries: Sequence[dict[Any, Any]], most: int) -> None:
        pipeline = self.get_client(None, write=True).pipeline(transaction=False)
        for fields in entries:
            # Approximate: an exact limit would make Redis trim entry by entry for each note.
            pipeline.xadd(key, fields, maxlen=most, approximate=True)
        pipeline.execute()

    def _ask(self, question: Callable[..., Any], *args: Any, otherwise: Any) -> Any:
        if time.monotonic() < SharedPoolClient._away_until:
            return otherwise
        try:
            return question(*args)
        except (redis.ConnectionError, redis.TimeoutError, redis.ResponseError) as error:
            # An error reply counts as away, too: the disk or memory is full, or the server is a read-only replica.
            SharedPoolClient._away_until = time.monotonic() + PAUSE_SECONDS
            log.warning("cache_is_away", error=type(error).__name__)
            return otherwise


class FailOpenRedisCache(RedisCache):
    """A cache that is empty while Redis is away: throttles allow every call, presence shows no one."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SharedPoolClient

    def count_up(self, groups: Sequence[Sequence[Counter]]) -> list[int]:
        """Increment the counters of each group in turn, up to the first group with an exceeded one; return the counts.

        One round trip. Returns an empty list while Redis is away.
        """
        made = [
            [replace(counter, key=self.make_and_validate_key(counter.key)) for counter in group]
            for group in groups
        ]
        client: SharedPoolClient = self._cache  # type: ignore[assignment]
        return client.count_up(made)

    def append(self, key: str, entries: Sequence[Mapping[str, Any]], *, most: int) -> None:
        """Append ``entries`` to the stream ``key``, which keeps about the newest ``most``. One round trip.

        Does nothing while Redis is away.
        """
        client: SharedPoolClient = self._cache  # type: ignore[assignment]
        client.append(self.make_and_validate_key(key), [dict(fields) for fields in entries], most)
