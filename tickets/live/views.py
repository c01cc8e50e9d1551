"""The stream of events that keeps open pages up to date (server-sent events)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from config.kit.staff import staff_page
from tickets.desk.models import Ticket
from tickets.live.hub import Batch, NoStream, Stream, asked, hub
from users.accounts.models import User
from users.accounts.requests import StaffRequest

#: How long a browser waits before it reconnects.
RETRY_MILLISECONDS = 3_000


@require_GET
@staff_page
def desk(request: StaffRequest) -> HttpResponseBase:
    """Stream which tickets changed to a page of the desk while its session lasts: ids and kinds, no text.

    ``ticket`` is the one the page shows. Responds 204, after which browsers do not reconnect, when no
    stream is available: under WSGI one would occupy a thread for hours.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    stream = Stream(user=User.objects.get(pk=request.user.pk), ticket=_ticket_of(request))
    last_id = request.headers.get("Last-Event-ID", "")
    response = StreamingHttpResponse(
        _events(stream, request.session, last_id), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    # Otherwise proxies such as nginx would buffer the events until they fill a block.
    response["X-Accel-Buffering"] = "no"
    return response


def _ticket_of(request: StaffRequest) -> int | None:
    """Return the ticket that the page shows; None if there is none that this user may read."""
    try:
        shown = UUID(request.GET.get("ticket", ""))
    except ValueError:
        return None
    return (
        Ticket.objects.visible_to(request.user).filter(public_id=shown).values_list("pk", flat=True).first()
    )


async def _events(stream: Stream, session: SessionBase, last_id: str) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    try:
        async with hub().joined(stream):
            yield "event: ready\ndata: {}\n\n"
            if last_id and (missed := await hub().missed(stream, last_id)):
                yield _told(missed)
            async for event in _until_over(stream, session):
                yield event
    except NoStream:
        pass
    yield "event: away\ndata: {}\n\n"


async def _until_over(stream: Stream, session: SessionBase) -> AsyncIterator[str]:
    """Yield what ``stream`` receives, with heartbeats in between, until its session or the hub ends."""
    look_at = time.monotonic() + settings.LIVE_HEARTBEAT_SECONDS
    while True:
        try:
            wait = max(look_at - time.monotonic(), 0)
            batch = await asyncio.wait_for(stream.waiting.get(), wait)
        except TimeoutError:
            user = await asked(partial(_user_of, session))
            if user is None:
                return
            # Roles and teams may have changed since.
            stream.user = user
            look_at = time.monotonic() + settings.LIVE_HEARTBEAT_SECONDS
            yield ": alive\n\n"
            continue
        if batch is None:
            return
        yield _told(batch)


def _user_of(session: SessionBase) -> User | None:
    """Return the current user of the session; None when it ended or they are no longer staff. Two queries."""
    request = HttpRequest()
    request.session = type(session)(session.session_key)
    user: Any = get_user(request)
    return user if isinstance(user, User) and user.has_staff_role else None


def _told(batch: Batch) -> str:
    data = {
        "all": batch.is_all,
        "tickets": [{**asdict(one), "ticket": str(one.ticket)} for one in batch.heard],
    }
    name = f"id: {batch.last_id}\n" if batch.last_id else ""
    return f"{name}event: changed\ndata: {json.dumps(data)}\n\n"
