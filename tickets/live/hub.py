"""One reader of the notes for each process, handing them to its open streams in memory.

Every stream with a connection of its own to Redis would exhaust the pool at the hundredth agent.
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

#: A person has a few windows; more than that is a script, and they poll.
MOST_STREAMS_PER_USER = 8
#: What a stream may be behind before it is told to look at everything anew.
MOST_WAITING = 200
CONNECT_SECONDS = 1.0
BLOCK_SECONDS = 5.0
#: Longer than Redis is asked to hold an answer back: redis-py gives up after 5 s of its own, which ended every
#: quiet stream.
ANSWER_SECONDS = 2 * BLOCK_SECONDS
#: How long notes are gathered, so that a burst costs one look at who may hear of it.
GATHER_SECONDS = 0.15
#: What Redis gives of a stream: ids and fields, oldest first.
Entries = list[tuple[str, dict[str, str]]]
Found = TypeVar("Found")
#: Asks PostgreSQL for the streams of this process, one question after another.
_asking = ThreadPoolExecutor(1, thread_name_prefix="live")
_ID = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")

streams_open = Gauge("earshot_live_streams", "Open event streams.", multiprocess_mode="livesum")


class NoStream(Exception):
    """No stream is to be had: Redis is away, or this user has too many. The page polls."""


@dataclass(frozen=True)
class Heard:
    """What a page is told: which ticket it may read changed, how, up to which event."""

    ticket: UUID
    kinds: tuple[str, ...]
    event: int
    is_mine: bool


@dataclass(frozen=True)
class Batch:
    """Some notes of one moment; ``last_id`` is where to go on after them. ``is_all``: look at everything anew."""

    last_id: str
    heard: tuple[Heard, ...] = ()
    is_all: bool = False


@dataclass(eq=False)
class Stream:
    """One open page of ``user``; ``ticket`` is the one it shows, of which it also hears who is there."""

    user: User
    ticket: int | None = None
    waiting: asyncio.Queue[Batch | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def give(self, batch: Batch) -> None:
        """Hand over ``batch``; a page that reads too slowly is told to look anew instead."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            batch = Batch(batch.last_id, is_all=True)
        self.waiting.put_nowait(batch)

    def end(self) -> None:
        """Let the page be told that nothing comes any more."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Hub:
    """The streams of this process and the one task that reads for them, alive while there are any."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._reader: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()

    @asynccontextmanager
    async def joined(self, stream: Stream) -> AsyncIterator[None]:
        """Let ``stream`` hear what comes from now on. Raises NoStream."""
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
        """Return what ``stream`` would have heard after note ``since``; None when that was nothing."""
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
                    # A server that accepts and never answers must not keep pages waiting for ever.
                    found: Any = await asyncio.wait_for(asked, ANSWER_SECONDS)
                    if found:
                        entries: Entries = found[0][1]
                        last = entries[-1][0]
                        await self._hand_out(last, [_note(fields) for _id, fields in entries])
                        await asyncio.sleep(GATHER_SECONDS)
        except (RedisError, DatabaseTrouble, OSError, TimeoutError) as error:
            log.warning("live_is_away", error=type(error).__name__)
        finally:
            # Whatever ended the reader, no page waits for one that is gone. One that was cancelled because its last
            # page left has a successor by now, if there are pages again: they are not its to end.
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
    """Return what ``stream`` may hear of ``notes``, one line for each ticket; ``seen``: the tickets it may read."""
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
    """Return what ``question`` finds out from PostgreSQL, over the one connection that all streams share."""

    def ask() -> Found:
        try:
            return question()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_asking, ask)


def _look(users: Iterable[User], tickets: set[int]) -> dict[int, dict[int, UUID]]:
    """Return which of ``tickets`` each of ``users`` may read, by their keys. One query for each user."""
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
    """Return the hub of the running event loop: one for each process, as servers have it."""
    loop = asyncio.get_running_loop()
    known = _hubs.get(id(loop))
    if known is None:
        _hubs.clear()
        known = _hubs[id(loop)] = Hub()
    return known
