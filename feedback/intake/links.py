"""The secret status link of a feedback, derived so that no usable token is stored."""

from __future__ import annotations

import uuid

from django.conf import settings

from config.kit.secret_links import opened_id, secret_token
from feedback.intake.models import Feedback

_SALT = "earshot.feedback.status"


def status_token(public_id: uuid.UUID) -> str:
    """Return the token that opens feedback ``public_id``."""
    return secret_token(_SALT, public_id)


def status_link(feedback: Feedback) -> str:
    """Return the absolute secret link, built from PUBLIC_BASE_URL and never from a Host header."""
    return f"{settings.PUBLIC_BASE_URL}/status/{status_token(feedback.public_id)}"


def feedback_for_token(token: str) -> Feedback | None:
    """Return the feedback that ``token`` opens, or None, including when its customer was erased.

    Tokens made with keys in SECRET_KEY_FALLBACKS still work. One query for a valid token, none for others.
    """
    public_id = opened_id(_SALT, token)
    if public_id is None:
        return None
    known = Feedback.objects.select_related("channel", "customer").filter(customer__erased_at=None)
    return known.filter(public_id=public_id).first()
