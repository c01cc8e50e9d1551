"""Mails that no person wrote, to people outside."""

from __future__ import annotations

from django.core.mail import EmailMessage


def send_automatic(recipient: str, *, subject: str, text: str) -> None:
    """Send the mail within settings.EMAIL_TIMEOUT, marked so that no machine answers it.

    Raises OSError or SMTPException when the mail server does not take it.
    """
    EmailMessage(
        subject,
        text,
        to=[recipient],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    ).send()
