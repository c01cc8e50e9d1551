"""The event stream on a real asynchronous server and a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from config.kit.live import MOST_KEPT, STREAM, Note, tell
from tests.asgi import Listener, Server, asgi_server
from tests.people import NOON, agent, opened
from tickets.desk.models import Ticket
from tickets.desk.presence import note_presence
from tickets.desk.services import add_note
from tickets.live.hub import BLOCK_SECONDS, MOST_STREAMS_PER_USER, Hub, Stream, _connection
from users.accounts.models import Role, User

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), asgi_server() as started:
        yield started


@pytest.fixture
def ticket() -> Ticket:
    return opened("Payment failed twice", subject="Payment")


@pytest.fixture
def listen(server: Server) -> Iterator[Any]:
    """Open streams that are heard from and closed at the end."""
    listeners: list[Listener] = []

    def open_stream(user: Any, *, first: str = "ready", **fields: str) -> Listener:
        listener = Listener(server, user, **fields)
        listeners.append(listener)
        told = listener.next()
        assert told is not None
        assert told.name == first
        return listener

    yield open_stream
    for listener in listeners:
        listener.close()


class TestStream:
    def test_tells_which_ticket_changed_and_how_without_words(self, listen, ana, ticket) -> None:
        stream = listen(agent("bo"))
        event = add_note(ticket, text="looks like fraud", actor=ana, at=NOON)
        told = stream.next()
        assert told.name == "changed"
        assert told.data == {
            "all": False,
            "tickets": [
                {"ticket": str(ticket.public_id), "kinds": ["noted"], "event": event.pk, "is_mine": False}
            ],
        }

    def test_tells_of_new_tickets(self, listen, ana) -> None:
        stream = listen(ana)
        new = opened("It crashes")
        assert [one["ticket"] for one in stream.next().data["tickets"]] == [str(new.public_id)]

    def test_says_what_one_did_oneself(self, listen, ana, ticket) -> None:
        stream = listen(ana)
        add_note(ticket, text="mine", actor=ana, at=NOON)
        assert stream.next().data["tickets"][0]["is_mine"] is True

    def test_keeps_tickets_of_other_queues_from_the_agent(self, listen, ana, ticket) -> None:
        cyd = agent("cyd", team="other", queue="other")
        stream = listen(cyd)
        add_note(ticket, text="not for Cyd", actor=ana, at=NOON)
        theirs = opened("for Cyd", queue="other")
        add_note(theirs, text="for Cyd", actor=cyd, at=NOON)
        told = [stream.next()]
        assert {one["ticket"] for each in told for one in each.data["tickets"]} == {str(theirs.public_id)}

    def test_keeps_sensitive_tickets_from_who_is_not_in_the_crisis_team(self, listen, ana) -> None:
        stream = listen(ana)
        opened("I do not want to live", flags=["sensitive"])
        seen = opened("It crashes")
        assert [one["ticket"] for one in stream.next().data["tickets"]] == [str(seen.public_id)]

    def test_tells_who_is_there_only_to_pages_of_the_ticket(self, listen, ana, ticket) -> None:
        other = opened("another")
        there = listen(ana, ticket=str(ticket.public_id))
        elsewhere = listen(agent("bo"), ticket=str(other.public_id))
        cache.clear()
        note_presence(ticket.pk, agent("cid"), is_writing=True, at=NOON)
        assert there.next().data["tickets"][0]["kinds"] == ["presence"]
        add_note(other, text="x", actor=ana, at=NOON)
        assert elsewhere.next().data["tickets"][0]["kinds"] == ["noted"]

    def test_goes_on_where_a_page_left_it(self, listen, ana, ticket) -> None:
        stream = listen(ana)
        add_note(ticket, text="one", actor=ana, at=NOON)
        last = stream.next().id
        stream.close()
        missed = add_note(ticket, text="two", actor=ana, at=NOON)
        again = listen(ana, last_id=last)
        assert again.next().data["tickets"][0]["event"] == missed.pk

    @pytest.mark.parametrize("last_id", ["0-1", "nonsense"])
    def test_lets_a_page_that_was_away_too_long_look_at_everything(
        self, listen, ana, ticket, last_id
    ) -> None:
        add_note(ticket, text="one", actor=ana, at=NOON)
        assert listen(ana, last_id=last_id).next().data["all"] is True

    def test_gives_nobody_more_than_their_windows(self, listen, ana) -> None:
        for _number in range(MOST_STREAMS_PER_USER):
            listen(ana)
        assert listen(ana, first="away").next() is None
        listen(agent("bo"))

    def test_is_for_staff(self, server: Server) -> None:
        kim = agent("kim")
        type(kim).objects.filter(pk=kim.pk).update(role=Role.CUSTOMER, is_staff=False)
        listener = Listener(server, kim)
        listener.close()
        assert listener.answer.status == 302

    def test_is_not_to_be_had_under_wsgi(self, ana) -> None:
        client = Client()
        client.force_login(ana)
        assert client.get("/live/desk/").status_code == 204


class TestEnd:
    def test_comes_with_the_session(self, listen, ana, ticket, server) -> None:
        stream = listen(ana)
        stream.client.logout()
        assert stream.next().name == "away"
        assert stream.next() is None

    def test_comes_with_the_server_though_streams_are_open(self, ana) -> None:
        with asgi_server() as server:
            streams = [Listener(server, ana) for _number in range(3)]
            assert all(stream.next() for stream in streams)
            server.stop()
            for stream in streams:
                stream.close()

    def test_is_told_at_once_while_redis_is_away(self, ana) -> None:
        with asgi_server(REDIS_URL="redis://127.0.0.1:1/0") as server:
            stream = Listener(server, ana)
            assert stream.next().name == "away"
            assert stream.next() is None
            stream.close()


class TestHub:
    def test_waits_for_redis_longer_than_it_asks_it_to_hold_back_an_answer(self) -> None:
        """Else each stream that hears nothing would end, and its page poll."""

        async def seconds_to_answer() -> float:
            async with _connection() as server:
                return server.connection_pool.connection_kwargs["socket_timeout"]

        assert async_to_sync(seconds_to_answer)() > BLOCK_SECONDS

    def test_lets_no_page_that_left_end_the_stream_of_the_next(self) -> None:
        """An agent goes from one ticket to the next: their only stream ends, and one begins at the same moment."""

        async def next_is_open() -> bool:
            hub, left, opened_next = Hub(), Stream(User()), Stream(User())
            async with hub.joined(left):
                reader = hub._reader
            async with hub.joined(opened_next):
                await asyncio.wait([reader])
                return opened_next.waiting.empty()

        assert async_to_sync(next_is_open)()


class TestTell:
    def test_keeps_a_bounded_stream(self) -> None:
        server = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
        for number in range(MOST_KEPT + 300):
            cache.append(
                STREAM, [{"kind": "noted", "ticket": number, "event": 1, "actor": 0}], most=MOST_KEPT
            )
        assert MOST_KEPT <= server.xlen(cache.make_key(STREAM)) <= MOST_KEPT + 200
        server.delete(cache.make_key(STREAM))
        server.close()

    @pytest.mark.django_db
    def test_waits_for_the_commit(self, django_capture_on_commit_callbacks) -> None:
        with django_capture_on_commit_callbacks() as callbacks:
            tell(Note("noted", 1))
        assert len(callbacks) == 1
