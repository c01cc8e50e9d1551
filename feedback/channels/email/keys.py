"""The keys that sign our reply addresses and Message-IDs, derived from SECRET_KEY."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def signing_key() -> bytes:
    """Return the key that signs outgoing mail now."""
    return _derived(settings.SECRET_KEY)


def accepted_keys() -> list[bytes]:
    """Return the keys accepted in incoming mail: people answer old mail even after SECRET_KEY was changed."""
    return [_derived(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _derived(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"earshot.mail", hashlib.sha256)
