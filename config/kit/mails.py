"""Automatic mails to people outside."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

log = structlog.get_logger(__name__)


def mail_domain() -> str:
    """Return the domain of our Message-IDs: the host of PUBLIC_BASE_URL."""
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or ""


def mail_goes_nowhere() -> bool:
    """Return whether mails are lost: on real servers without EMAIL_URL. Embedded servers print them."""
    is_lost = settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))
    return is_lost and not settings.IS_EMBEDDED


def send_automatic(recipient: str, *, subject: str, text: str) -> bool:
    """Send a mail within settings.EMAIL_TIMEOUT, marked against auto-replies; return False without a mail server.

    Raises OSError or SMTPException when the mail server does not accept it.
    """
    if mail_goes_nowhere():
        log.error("no_mail_server", missing="EMAIL_URL")
        return False
    EmailMessage(
        subject,
        text,
        to=[recipient],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    ).send()
    return True
