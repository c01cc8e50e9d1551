"""Keyset pagination: page 1,000 costs as much as page 1, and no row is shown twice or skipped."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

DEFAULT_LIMIT = 20
MOST_LIMIT = 100

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``rows`` in order, and the URL of the next page, None at the end."""

    rows: list[Row]
    next: str | None


def newest_first(rows: QuerySet[Row], request: Request) -> Page[Row]:
    """Return the page of ``rows``, newest first, that the request's ``cursor`` and ``limit`` select. One query.

    Raises ValidationError for an invalid cursor and for a limit out of bounds.
    """
    limit = limit_of(request)
    before = request.query_params.get("cursor")
    if before:
        rows = rows.filter(pk__lt=key_in(before))
    found = list(rows.order_by("-pk")[: limit + 1])
    has_more = len(found) > limit
    found = found[:limit]
    return Page(found, address_with(request, cursor=encode_cursor(found[-1].pk)) if has_more else None)


def limit_of(request: Request) -> int:
    """Return how many rows the request asks for. Raises ValidationError outside 1..MOST_LIMIT."""
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST_LIMIT):
        raise ValidationError(
            {"limit": [_("A number from 1 to %(most)d is taken.") % {"most": MOST_LIMIT}]},
            code="out_of_range",
        )
    return int(text)


def address_with(request: Request, **changes: str) -> str:
    """Return the URL of this list with ``changes`` in its query, never built from the Host header."""
    query = {**request.query_params.dict(), **changes}
    return f"{settings.PUBLIC_BASE_URL}{request.path}?{urlencode(query)}"


def encode_cursor(*parts: object) -> str:
    """Return the cursor of the next page: the ordering values of this page's last row, URL-safe."""
    return base64.urlsafe_b64encode("|".join(str(part) for part in parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[str]:
    """Return the ordering values in ``cursor`` as strings. Raises ValidationError for an invalid cursor."""
    try:
        padded = cursor[:200] + "=" * (-len(cursor[:200]) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split("|")
    except (binascii.Error, ValueError):
        raise not_a_cursor() from None


def not_a_cursor() -> ValidationError:
    """Return the error for an invalid cursor, for the caller to raise."""
    message = _("Take the cursor from “next” of the page before.")
    return ValidationError({"cursor": [message]}, code="invalid_cursor")


def key_in(cursor: str) -> int:
    """Return the primary key in ``cursor``. Raises ValidationError when it holds anything else."""
    parts = decode_cursor(cursor)
    if len(parts) != 1 or not parts[0].isdecimal() or len(parts[0]) > 18:
        raise not_a_cursor()
    return int(parts[0])
