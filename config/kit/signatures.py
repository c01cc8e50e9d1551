"""Signatures of requests to other services, according to Standard Webhooks (standardwebhooks.com).

A receiver computes HMAC-SHA-256 over ``id.timestamp.body`` with its secret and compares; libraries for
this exist in every language. Secrets are derived from SECRET_KEY and the receiver's random id, so that no
usable secret is stored; while an old key is in SECRET_KEY_FALLBACKS, requests carry its signature too.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def secret_of(receiver: uuid.UUID, *, key: str | None = None) -> str:
    """Return the secret shared with ``receiver``, in the form its owner enters at the other end."""
    secret = salted_hmac("earshot.signatures", receiver.bytes, secret=key, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(secret).decode()


def signed(
    body: bytes, *, event_id: str, at: datetime, receiver: uuid.UUID, formerly: uuid.UUID | None = None
) -> dict[str, str]:
    """Return the headers that sign ``body``; ``event_id`` is the same for each retry, ``at`` is the time of the try.

    ``formerly`` is the id behind the receiver's previous secret, while that is still valid.
    """
    timestamp = str(int(at.timestamp()))
    signatures = [
        signature(body, event_id=event_id, timestamp=timestamp, secret=secret_of(whose, key=key))
        for whose in (receiver, formerly)
        if whose is not None
        for key in (None, *settings.SECRET_KEY_FALLBACKS)
    ]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def signature(body: bytes, *, event_id: str, timestamp: str, secret: str) -> str:
    """Return ``v1,`` and the base64 of the HMAC-SHA-256 of id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = b".".join((event_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()
