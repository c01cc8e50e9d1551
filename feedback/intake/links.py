"""The secret status link of a feedback: derived, so that nothing usable is stored."""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from feedback.intake.models import Feedback

_SALT = "earshot.feedback.status"


def status_token(public_id: uuid.UUID, *, key: str | None = None) -> str:
    """Return the token that opens feedback ``public_id``: its id and a 256-bit MAC, URL-safe."""
    mac = salted_hmac(_SALT, public_id.bytes, secret=key, algorithm="sha256").digest()
    return f"{public_id.hex}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def status_link(feedback: Feedback) -> str:
    """Return the absolute secret link, built from PUBLIC_BASE_URL and never from a Host header."""
    return f"{settings.PUBLIC_BASE_URL}/status/{status_token(feedback.public_id)}"


def feedback_for_token(token: str) -> Feedback | None:
    """Return the feedback that ``token`` opens, or None, also when its customer was erased.

    Old keys in SECRET_KEY_FALLBACKS still open. One query for a token of ours, none for another.
    """
    head, _dot, _mac = token.partition(".")
    try:
        public_id = uuid.UUID(hex=head)
    except ValueError:
        return None
    keys = [None, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(token, status_token(public_id, key=key)) for key in keys):
        return None
    known = Feedback.objects.select_related("channel", "customer").filter(customer__erased_at=None)
    return known.filter(public_id=public_id).first()
