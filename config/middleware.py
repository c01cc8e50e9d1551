"""Middleware: trusted proxies, request ids and logging, body limits, messages, NULs, and the time zone of staff."""

import ipaddress
import re
import time
import uuid
from collections.abc import Callable
from functools import lru_cache

import structlog
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.decorators import sync_only_middleware
from django.utils.translation import gettext as _

from config.kit.problems import API, Problem, problem_response
from config.kit.text import number_in
from config.metrics import request_seconds

log = structlog.get_logger("earshot.request")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# A form with files, the largest body that any view accepts.
MOST_BODY_BYTES = 32 * 1024 * 1024
# Headers that proxies add.
FORWARDING_HEADERS = frozenset(
    f"HTTP_{name}" for name in ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_REAL_IP")
)
# Probes call every few seconds; their lines would drown out the others.
UNLOGGED = {"healthz", "readyz", "health", "metrics"}
# Callers may invent any other method, and each would become a label value of its own.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@sync_only_middleware
def trust_listed_proxies(get_response: GetResponse) -> GetResponse:
    """Trust X-Forwarded-For and -Proto from peers in TRUSTED_PROXIES, drop them from all others.

    The client is the last address in X-Forwarded-For that is not itself a trusted proxy; the client may have
    written everything before it. ``request.META["earshot.is_forwarded"]`` says whether the request came through
    any proxy, trusted or not.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        meta["earshot.is_forwarded"] = not FORWARDING_HEADERS.isdisjoint(meta)
        forwarded_for = meta.pop("HTTP_X_FORWARDED_FOR", "")
        if not is_trusted(meta.get("REMOTE_ADDR", "")):
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
            return get_response(request)
        for text in reversed(forwarded_for.split(",")):
            address = parse_address(text)
            if address is None:
                break
            meta["REMOTE_ADDR"] = str(address)
            if not is_trusted(str(address)):
                break
        return get_response(request)

    return middleware


@lru_cache(maxsize=1000)
def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address in ``text``, None when it is not one."""
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def is_trusted(text: str) -> bool:
    """Return whether ``text`` is an address within TRUSTED_PROXIES."""
    address = parse_address(text)
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


@sync_only_middleware
def name_and_log_requests(get_response: GetResponse) -> GetResponse:
    """Give each request an id (``request.id``, in every log line and in X-Request-ID) and log its end.

    The log line has the route, not the path: a path may contain the secret of a status link.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Not request.headers, which would parse all headers for this one.
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request.id = given if SAFE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
            _log_end(request, response, seconds=time.perf_counter() - started)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        return response

    return middleware


def _log_end(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    match = request.resolver_match
    if match is not None and match.url_name in UNLOGGED:
        return
    route = match.route if match else "(none)"
    method = request.method if request.method in METHODS else "other"
    request_seconds.labels(method, route, response.status_code).observe(seconds)
    milliseconds = round(seconds * 1000, 1)
    log.info("request", method=method, route=route, status=response.status_code, milliseconds=milliseconds)


def is_fair_length(text: str) -> bool:
    """Return whether ``text`` is a valid Content-Length within MOST_BODY_BYTES."""
    length = number_in(text)
    return length is not None and length <= MOST_BODY_BYTES


@sync_only_middleware
def bound_bodies(get_response: GetResponse) -> GetResponse:
    """Refuse a body that is too large or has no Content-Length, before anything reads it.

    A chunked body would otherwise look empty: Django reads only as much as Content-Length says.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            message = _("Send the body with a Content-Length.")
            return problem_response(Problem(411, "length_required", message), request)
        if length and not is_fair_length(length):
            message = _("A request may have %(most)d MB at most.") % {"most": MOST_BODY_BYTES // 1024**2}
            return problem_response(Problem(413, "too_large", message), request)
        return get_response(request)

    return middleware


class PageMessages(MessageMiddleware):
    """Django's messages, on pages only: the REST API has none to store."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(API):
            super().process_request(request)


@sync_only_middleware
def drop_nul(get_response: GetResponse) -> GetResponse:
    """Drop NULs from the query and the form of a page: PostgreSQL would reject them in the middle of a view.

    The REST API checks its own bodies and queries and reports the field.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(API):
            for name in ("GET", "POST"):
                given = getattr(request, name)
                if _has_nul(given):
                    setattr(request, name, _without_nul(given))
        return get_response(request)

    return middleware


def _has_nul(given: QueryDict) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in given.lists())


def _without_nul(given: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        cleaned.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    return cleaned


@sync_only_middleware
def keep_house_time(get_response: GetResponse) -> GetResponse:
    """Read and show times on staff pages in the installation's time zone, SUMMARY_TIME_ZONE.

    A shift entered as 09:00 starts at nine where the office is, not in Greenwich.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return get_response(request)
        with timezone.override(settings.SUMMARY_TIME_ZONE):
            return get_response(request)

    return middleware
