"""What endpoints read from a request in addition to its fields: sender, idempotency key, files and raw bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from config.kit.throttles import places_of
from feedback.api.submission import ANONYMOUS, Named, Sender, sender_of
from feedback.intake.incoming import IncomingFile
from feedback.intake.services import check_files
from users.api.policies import token_of

#: All anonymous senders share one namespace of keys, so their keys must be hard to guess.
LEAST_ANONYMOUS_KEY = 16
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_FILES = "attachments"


def sender_in(request: Request, *, named: Named | None, at: datetime) -> Sender:
    """Return the sender of ``request``, who may act for a ``named`` customer. Raises what ``sender_of`` raises."""
    network = places_of(request._request)[1]
    return sender_of(request.user, token_of(request), named=named, network=network, at=at)


def key_in(request: Request, principal: str) -> str:
    """Return the idempotency key in the header of ``request``, empty without one. Raises ValidationError."""
    # Not request.headers, which would parse all headers for this one.
    return key_of(request.META.get("HTTP_IDEMPOTENCY_KEY", ""), principal)


def key_of(text: str, principal: str, *, name: str = "Idempotency-Key") -> str:
    """Return the idempotency key in ``text``, empty when none is given. Raises ValidationError."""
    if not text:
        return ""
    if not _KEY.fullmatch(text):
        raise ValidationError(
            {name: [_("Up to 200 visible ASCII characters are taken.")]}, code="invalid_key"
        )
    if principal == ANONYMOUS and len(text) < LEAST_ANONYMOUS_KEY:
        message = _("Without a token the key must have %(least)d characters or more: take a random UUID.")
        raise ValidationError({name: [message % {"least": LEAST_ANONYMOUS_KEY}]}, code="key_too_short")
    return text


def fields_of(request: Request) -> Any:
    """Return the request's fields without its files. Raises ValidationError for files under another name."""
    if not is_form(request):
        return request.data
    fields = request.POST.copy()
    unknown = sorted(set(request.FILES) - {_FILES})
    if unknown:
        message = _("Files are taken under the name “attachments”.")
        raise ValidationError({name[:60]: [message] for name in unknown[:10]}, code="unknown_name")
    return fields


def files_of(request: Request) -> tuple[IncomingFile, ...]:
    """Return the files of a form. Raises TooManyFiles or FileTooLarge before reading any."""
    if not is_form(request):
        return ()
    files = request.FILES.getlist(_FILES)
    check_files([file.size or 0 for file in files])
    return tuple(IncomingFile(file.name or "", file.read(), file.content_type or "") for file in files)


def is_form(request: Request) -> bool:
    return bool(request.content_type) and request.content_type.startswith("multipart/")


def raw_of(request: Request) -> bytes:
    """Return the request body to store: its bytes or, for a form or with files, its fields as JSON without files."""
    if is_form(request):
        return as_json(request.POST.dict())
    if isinstance(request.data, Mapping) and request.data.get(_FILES):
        return as_json({**request.data, _FILES: len(request.data[_FILES])})
    raw: bytes = getattr(request, "raw_json", b"")
    return raw


def as_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
