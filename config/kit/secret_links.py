"""Secret links, each opening one object to anyone who has it; derived, so that no usable token is stored."""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def secret_token(salt: str, public_id: uuid.UUID, *, key: str | None = None) -> str:
    """Return the token that opens ``public_id``: the id and a 256-bit MAC under ``salt``, URL-safe."""
    mac = salted_hmac(salt, public_id.bytes, secret=key, algorithm="sha256").digest()
    return f"{public_id.hex}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def opened_id(salt: str, token: str) -> uuid.UUID | None:
    """Return the id that ``token`` opens, None for an invalid token.

    Tokens made with keys in SECRET_KEY_FALLBACKS are still valid.
    """
    head, _dot, _mac = token.partition(".")
    try:
        public_id = uuid.UUID(hex=head)
    except ValueError:
        return None
    keys = [None, *settings.SECRET_KEY_FALLBACKS]
    if any(constant_time_compare(token, secret_token(salt, public_id, key=key)) for key in keys):
        return public_id
    return None
