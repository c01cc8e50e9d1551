"""The models of this app's parts, collected for Django."""

from feedback.analysis.models import Assessment, Correction, MessageSearch, MessageVector
from feedback.channels.email.models import Bounce, MailboxState
from feedback.intake.models import Attachment, Channel, Feedback, Idempotency, Message, Rating, RawMessage
from feedback.themes.models import Theme, ThemeEvent, ThemePlace

__all__ = [
    "Assessment",
    "Attachment",
    "Bounce",
    "Channel",
    "Correction",
    "Feedback",
    "Idempotency",
    "MailboxState",
    "Message",
    "MessageSearch",
    "MessageVector",
    "Rating",
    "RawMessage",
    "Theme",
    "ThemeEvent",
    "ThemePlace",
]
