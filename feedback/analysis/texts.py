"""The text of a message that the analysis reads."""

from __future__ import annotations

from feedback.intake.models import Message


def full_text(message: Message) -> str:
    """Return the text to assess: the message, headed by the subject unless that adds nothing."""
    subject = message.feedback.subject
    if not subject or subject in message.text:
        return message.text
    return f"{subject}\n{message.text}"
