"""The models of this app's parts, collected for Django."""

from feedback.analysis.models import Assessment, Correction, MessageVector
from feedback.intake.models import Attachment, Channel, Feedback, Idempotency, Message, Rating, RawMessage

__all__ = [
    "Assessment",
    "Attachment",
    "Channel",
    "Correction",
    "Feedback",
    "Idempotency",
    "Message",
    "MessageVector",
    "Rating",
    "RawMessage",
]
