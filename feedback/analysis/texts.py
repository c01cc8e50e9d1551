"""What of a message is read by the analysis."""

from __future__ import annotations

from feedback.intake.models import Message


def full_text(message: Message) -> str:
    """Return what is assessed: the text, headed by the subject where it opens the thread and adds words."""
    subject = message.feedback.subject
    if not subject or subject in message.text:
        return message.text
    return f"{subject}\n{message.text}"
