"""The asynchronous handler, asked as a server asks it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import urls
from config.asgi_handler import STREAM_THREADS, Handler
from config.middleware import MOST_BODY_BYTES

Message = dict[str, Any]


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(request.body, headers={"X-Thread": threading.current_thread().name})
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


def pieces(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(iter(["a,b\n", "1,2\n"]))


def address(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.build_absolute_uri())


def stream(request: HttpRequest) -> HttpResponseBase:
    began_in = threading.current_thread().name

    async def events() -> AsyncIterator[str]:
        yield began_in

    return StreamingHttpResponse(events())


urlpatterns = [
    path("echo/", echo),
    path("pieces/", pieces),
    path("address/", address),
    path("live/stream/", stream),
    *urls.urlpatterns,
]
handler404 = urls.handler404


def scope_of(where: str, *, method: str = "GET", headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": where,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ["127.0.0.1", 5000],
        "server": ["testserver", 80],
        "scheme": "http",
        "http_version": "1.1",
    }


async def begun_in(handler: Handler) -> str:
    """Return the name of the thread in which ``handler`` began a stream for a client that stays."""
    asked, told = iter([{"type": "http.request", "body": b"", "more_body": False}]), b""

    async def receive() -> Message:
        return next(asked, None) or await asyncio.Future()

    async def send(message: Message) -> None:
        nonlocal told
        told += message.get("body", b"")

    await handler(scope_of("/live/stream/", headers={"host": "testserver"}), receive, send)
    return told.decode()


def ask(
    handler: Handler, where: str, *bodies: bytes, headers: dict[str, str] | None = None, leaves: bool = False
) -> tuple[list[Message], int]:
    """Return what ``handler`` sends to a client of these body pieces, and how many of them it read."""
    headers = {"host": "testserver", **(headers or {})}
    sent: list[Message] = []
    parts = [{"type": "http.request", "body": body, "more_body": True} for body in bodies[:-1]]
    parts.append({"type": "http.request", "body": bodies[-1] if bodies else b"", "more_body": False})
    read = iter([{"type": "http.disconnect"}] if leaves else parts)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return next(read)

    async def send(message: Message) -> None:
        sent.append(message)

    async_to_sync(handler)(
        scope_of(where, method="POST" if bodies else "GET", headers=headers), receive, send
    )
    return sent, taken


@pytest.fixture
def handler(settings: Any) -> Iterator[Handler]:
    settings.ROOT_URLCONF = __name__
    made = Handler()
    yield made
    made.threads.shutdown()
    made.stream_threads.shutdown()


class TestHandler:
    def test_answers_with_body_headers_and_every_cookie(self, handler: Handler) -> None:
        body = "视频打不开".encode()
        (start, content), _taken = ask(
            handler, "/echo/", body[:4], body[4:], headers={"content-length": str(len(body))}
        )
        assert start["status"] == 200
        assert content["body"] == body
        cookies = [value for name, value in start["headers"] if name == b"Set-Cookie"]
        assert len(cookies) == 2

    def test_stays_in_one_of_its_threads(self, handler: Handler) -> None:
        (start, _content), _taken = ask(handler, "/echo/", b"x", headers={"content-length": "1"})
        assert dict(start["headers"])[b"X-Thread"].startswith(b"request")

    # Django looks at the connection of this thread, which another test may have opened.
    @pytest.mark.django_db
    def test_begins_streams_in_a_few_threads_however_many_come_at_once(self, handler: Handler) -> None:
        async def all_at_once() -> list[str]:
            return await asyncio.gather(*(begun_in(handler) for _number in range(40)))

        threads = set(async_to_sync(all_at_once)())
        assert len(threads) <= STREAM_THREADS
        assert all(name.startswith("stream") for name in threads)

    def test_sends_what_is_written_piece_by_piece(self, handler: Handler) -> None:
        (_start, content), _taken = ask(handler, "/pieces/")
        assert content["body"] == b"a,b\n1,2\n"

    def test_hears_no_proxy_in_a_header_spelt_with_underscores(self, handler: Handler) -> None:
        (_start, content), _taken = ask(handler, "/address/", headers={"x_forwarded_proto": "https"})
        assert content["body"] == b"http://testserver/address/"

    def test_breaks_off_a_body_without_end(self, handler: Handler) -> None:
        piece = b"x" * (MOST_BODY_BYTES // 4)
        (start, _content), taken = ask(
            handler, "/echo/", *[piece] * 100, headers={"transfer-encoding": "chunked"}
        )
        assert start["status"] == 411
        assert taken < 10

    # Python refuses to read a number of so many digits; an HTTP server may let it through.
    @pytest.mark.parametrize(
        "length", [str(MOST_BODY_BYTES + 1), "many", pytest.param("0" * 5000, id="digits")]
    )
    def test_waits_for_no_body_that_it_will_not_take(self, handler: Handler, length: str) -> None:
        (start, _content), taken = ask(handler, "/echo/", b"x", headers={"content-length": length})
        assert start["status"] == 413
        assert taken == 0

    def test_sends_nothing_to_a_client_that_left(self, handler: Handler) -> None:
        assert ask(handler, "/echo/", b"x", leaves=True)[0] == []

    def test_knows_the_pages_for_what_is_not_there(self, handler: Handler) -> None:
        (start, content), _taken = ask(handler, "/api/v1/nowhere")
        assert start["status"] == 404
        assert json.loads(content["body"])["code"] == "not_found"
