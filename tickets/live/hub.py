"""One reader of notes per process, which hands them to its open streams in memory.

If every stream had its own connection to Redis, the hundredth agent would exhaust the pool.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections
from prometheus_client import Gauge
from redis import asyncio as redis
from redis.exceptions import RedisError

from config.kit.live import MOST_KEPT, STREAM, Note
from tickets.desk.models import Ticket
from tickets.desk.presence import PRESENCE
from users.accounts.models import User

log = structlog.get_logger(__name__)

#: A person has a few windows; more than this is a script, and scripts can poll.
MOST_STREAMS_PER_USER = 8
#: How many batches a stream may lag behind before it has to reload everything.
MOST_WAITING = 200
CONNECT_SECONDS = 1.0
BLOCK_SECONDS = 5.0
#: Longer than the time Redis is asked to block: redis-py's own timeout of 5 s ended every quiet stream.
ANSWER_SECONDS = 2 * BLOCK_SECONDS
#: How long notes are gathered, so that a burst costs one check of who may see it.
GATHER_SECONDS = 0.15
#: What Redis returns for a stream: ids and fields, oldest first.
Entries = list[tuple[str, dict[str, str]]]
Found = TypeVar("Found")
#: Runs the PostgreSQL queries for the streams of this process, one after another.
_asking = ThreadPoolExecutor(1, thread_name_prefix="live")
_ID = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")

streams_open = Gauge("earshot_live_streams", "Open event streams.", multiprocess_mode="livesum")


class NoStream(Exception):
    """No stream is available: Redis is down, or this user has too many. The page polls instead."""


@dataclass(frozen=True)
class Heard:
    """What a page learns: which ticket that it may read changed, how, and up to which event."""

    ticket: UUID
    kinds: tuple[str, ...]
    event: int
    is_mine: bool


@dataclass(frozen=True)
class Batch:
    """Notes that arrived together; continue after ``last_id``. ``is_all``: reload everything."""

    last_id: str
    heard: tuple[Heard, ...] = ()
    is_all: bool = False


@dataclass(eq=False)
class Stream:
    """One open page of ``user``; ``ticket`` is the one it shows, for which it also receives presence."""

    user: User
    ticket: int | None = None
    waiting: asyncio.Queue[Batch | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def give(self, batch: Batch) -> None:
        """Hand over ``batch``; a page that reads too slowly has to reload instead."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            batch = Batch(batch.last_id, is_all=True)
        self.waiting.put_nowait(batch)

    def end(self) -> None:
        """Signal the page that nothing more will come."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Hub:
    """The streams of this process and the single task that reads for them, alive while there are any."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._reader: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()

    @asynccontextmanager
    async def joined(self, stream: Stream) -> AsyncIterator[None]:
        """Deliver new notes to ``stream`` inside the ``async with`` block. Raises NoStream."""
        mine = sum(other.user.pk == stream.user.pk for other in self._streams)
        if mine >= MOST_STREAMS_PER_USER:
            raise NoStream
        self._streams.add(stream)
        streams_open.inc()
        try:
            if self._reader is None or self._reader.done():
                self._connected.clear()
                self._reader = asyncio.create_task(self._read())
            try:
                await asyncio.wait_for(self._connected.wait(), CONNECT_SECONDS)
            except TimeoutError:
                raise NoStream from None
            yield
        finally:
            self._streams.discard(stream)
            streams_open.dec()
            if not self._streams and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    async def missed(self, stream: Stream, since: str) -> Batch | None:
        """Return what ``stream`` missed after note ``since``; None when that was nothing."""
        if not _ID.fullmatch(since):
            return Batch("", is_all=True)
        async with _connection() as server:
            oldest: Entries = await server.xrange(_key(), count=1)
            found: Entries = await server.xrange(_key(), min=f"({since}", count=MOST_KEPT)
        if not oldest or _moment(oldest[0][0]) > _moment(since):
            return Batch(found[-1][0] if found else "", is_all=True)
        if not found:
            return None
        notes = [_note(fields) for _id, fields in found]
        seen = await asked(partial(_look, [stream.user], {note.ticket for note in notes}))
        return Batch(found[-1][0], _heard(stream, notes, seen[stream.user.pk]))

    async def _read(self) -> None:
        try:
            async with _connection() as server:
                newest: Entries = await server.xrevrange(_key(), count=1)
                last = newest[0][0] if newest else "0-0"
                self._connected.set()
                while True:
                    asked = server.xread({_key(): last}, block=int(BLOCK_SECONDS * 1000), count=MOST_WAITING)
                    # A server that accepts and never answers must not keep pages waiting forever.
                    found: Any = await asyncio.wait_for(asked, ANSWER_SECONDS)
                    if found:
                        entries: Entries = found[0][1]
                        last = entries[-1][0]
                        await self._hand_out(last, [_note(fields) for _id, fields in entries])
                        await asyncio.sleep(GATHER_SECONDS)
        except (RedisError, DatabaseTrouble, OSError, TimeoutError) as error:
            log.warning("live_is_away", error=type(error).__name__)
        finally:
            # Whatever ended the reader, no page may wait for a reader that is gone. But a reader cancelled because its
            # last page left may already have a successor, whose pages it must not end.
            if self._reader is asyncio.current_task():
                for stream in self._streams:
                    stream.end()

    async def _hand_out(self, last: str, notes: Sequence[Note]) -> None:
        users = {stream.user.pk: stream.user for stream in self._streams}
        seen = await asked(partial(_look, users.values(), {note.ticket for note in notes}))
        for stream in list(self._streams):
            if heard := _heard(stream, notes, seen.get(stream.user.pk, {})):
                stream.give(Batch(last, heard))


def _heard(stream: Stream, notes: Iterable[Note], seen: Mapping[int, UUID]) -> tuple[Heard, ...]:
    """Return the part of ``notes`` for ``stream``, one entry per ticket; ``seen``: the tickets it may read."""
    of_ticket: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        if note.ticket in seen and (note.kind != PRESENCE or note.ticket == stream.ticket):
            of_ticket[note.ticket].append(note)
    return tuple(
        Heard(
            ticket=seen[ticket],
            kinds=tuple(sorted({note.kind for note in found})),
            event=max(note.event for note in found),
            is_mine=all(note.actor == stream.user.pk for note in found),
        )
        for ticket, found in of_ticket.items()
    )


async def asked(question: Callable[[], Found]) -> Found:
    """Run ``question`` against PostgreSQL over the one connection that all streams share, and return its result."""

    def ask() -> Found:
        try:
            return question()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_asking, ask)


def _look(users: Iterable[User], tickets: set[int]) -> dict[int, dict[int, UUID]]:
    """Return, by user key, which of ``tickets`` each of ``users`` may read. One query per user."""
    seen = Ticket.objects.filter(pk__in=tickets)
    return {user.pk: dict(seen.visible_to(user).values_list("pk", "public_id")) for user in users}


@asynccontextmanager
async def _connection() -> AsyncIterator[Any]:
    address = settings.CACHES["default"]["LOCATION"]
    server = redis.Redis.from_url(
        address,
        decode_responses=True,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
    )
    try:
        yield server
    finally:
        await server.aclose()


def _key() -> str:
    return cache.make_key(STREAM)


def _note(fields: Mapping[str, str]) -> Note:
    return Note(fields["kind"], int(fields["ticket"]), int(fields["event"]), int(fields["actor"]))


def _moment(note_id: str) -> tuple[int, int]:
    milliseconds, _dash, number = note_id.partition("-")
    return int(milliseconds), int(number)


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running event loop; in a server that is one per process."""
    loop = asyncio.get_running_loop()
    known = _hubs.get(id(loop))
    if known is None:
        _hubs.clear()
        known = _hubs[id(loop)] = Hub()
    return known
