"""Pages by keyset: page 1,000 costs what page 1 costs, and nothing is shown twice or skipped."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
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
    """``rows`` in order, and the address of what follows them, None at the end."""

    rows: list[Row]
    next: str | None


def newest_first(rows: QuerySet[Row], request: Request) -> Page[Row]:
    """Return the page of ``rows``, newest first, that the query's ``cursor`` and ``limit`` ask for. One query.

    Raises ValidationError for a cursor that we did not make, and for a limit out of bounds.
    """
    limit = limit_of(request)
    before = request.query_params.get("cursor")
    if before:
        rows = rows.filter(pk__lt=decode_cursor(before))
    found = list(rows.order_by("-pk")[: limit + 1])
    has_more = len(found) > limit
    found = found[:limit]
    return Page(found, _address(request, cursor=encode_cursor(found[-1].pk)) if has_more else None)


def limit_of(request: Request) -> int:
    """Return how many rows the query asks for. Raises ValidationError out of 1..MOST_LIMIT."""
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST_LIMIT):
        raise ValidationError(
            {"limit": [_("A number from 1 to %(most)d is taken.") % {"most": MOST_LIMIT}]},
            code="out_of_range",
        )
    return int(text)


def _address(request: Request, **changes: str) -> str:
    """Return the address of this list with ``changes`` in its query; never from the Host header."""
    query = {**request.query_params.dict(), **changes}
    return f"{settings.PUBLIC_BASE_URL}{request.path}?{urlencode(query)}"


def encode_cursor(key: Any) -> str:
    """Return the cursor of what comes before the row with primary key ``key``."""
    return base64.urlsafe_b64encode(f"before:{key}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> int:
    """Return the primary key in ``cursor``. Raises ValidationError for one that we did not make."""
    try:
        text = base64.urlsafe_b64decode(cursor[:64] + "=" * (-len(cursor[:64]) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    head, _colon, number = text.partition(":")
    if head != "before" or not number.isdecimal() or len(number) > 18:
        raise ValidationError(
            {"cursor": [_("Take the cursor from “next” of the page before.")]}, code="invalid_cursor"
        )
    return int(number)
