"""Django under an ASGI server: pages and the REST API in a few threads, event streams on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix

from config.middleware import MOST_BODY_BYTES, is_fair_length

#: Responses under this path are written on the event loop, event by event.
STREAMS = "/live/"
#: More than a WSGI process has (decision 0023): this process serves every page, and a slow one must not block all.
THREADS = 4
#: For deciding who may open a stream. Separate, so that many pages reconnecting at once block no other response.
STREAM_THREADS = 2

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Handler(ASGIHandler):
    """Handles a request as a WSGI server does: in one thread, from its first middleware to its last.

    Django creates a thread for each request and switches between it and the event loop half a dozen times, which
    costs more than most responses (docs/benchmarks.md), and each thread opens a connection to PostgreSQL: a thousand
    streams requested by one browser used up all of them. So streams also start in a few threads and only then
    continue on the event loop.
    """

    def __init__(self) -> None:
        super().__init__()
        # Replaces the async middleware chain, which is never used.
        self.load_middleware()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self.stream_threads = ThreadPoolExecutor(STREAM_THREADS, thread_name_prefix="stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)  # Raises ValueError.
            return
        if scope["path"].startswith(STREAMS):
            # Not Django's ``__call__``, which creates a thread for each request.
            await self.handle(scope, receive, send)
            return
        try:
            body = await self.read_body(receive) if _says_fair_length(scope) else BytesIO()
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()
        with body:
            for message in await loop.run_in_executor(self.threads, self._answer, scope, body):
                await send(message)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Start a stream, unless its client disconnects while it waits for a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.stream_threads, self._begun, request)

    def _begun(self, request: HttpRequest) -> HttpResponseBase:
        # Django does this on request_started, which was sent in another thread.
        close_old_connections()
        return self.get_response(request)

    async def read_body(self, receive: Receive) -> IO[bytes]:
        """Return the body of a request, cut off just past the limit when it is too large. Raises RequestAborted.

        ``bound_bodies`` refuses such a request by its Content-Length.
        """
        body = SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115 - the caller closes it
        is_more = True
        while is_more and body.tell() <= MOST_BODY_BYTES:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            body.write(message.get("body", b""))
            is_more = message.get("more_body", False)
        body.seek(0)
        return body

    def _answer(self, scope: Scope, body: IO[bytes]) -> list[Message]:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        with closing(response):
            return list(_messages(response))


def _says_fair_length(scope: Scope) -> bool:
    """Return whether the body should be read; ``bound_bodies`` refuses the others unread."""
    return is_fair_length(dict(scope["headers"]).get(b"content-length", b"0").decode("latin-1"))


def _messages(response: HttpResponseBase) -> Iterable[Message]:
    """Yield the ASGI messages of ``response``."""
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    cookies = [
        (b"Set-Cookie", cookie.output(header="").strip().encode("ascii"))
        for cookie in response.cookies.values()
    ]
    yield {"type": "http.response.start", "status": response.status_code, "headers": headers + cookies}
    # Streaming responses, such as files and tables, are small enough to be sent in one piece.
    yield {"type": "http.response.body", "body": b"".join(response)}
