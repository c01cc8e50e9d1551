"""The models of this app's parts, collected for Django."""

from feedback.analysis.models import Assessment, Correction, MessageSearch, MessageVector
from feedback.channels.email.models import Bounce, MailboxState
from feedback.intake.models import (
    Attachment,
    Channel,
    Feedback,
    Idempotency,
    LinkRequest,
    Message,
    Rating,
    RawMessage,
)
from feedback.knowledge.models import (
    Article,
    ArticleText,
    KnownProblem,
    Opinion,
    Passage,
    ProblemText,
    Report,
)
from feedback.themes.models import Theme, ThemeEvent, ThemePlace

__all__ = [
    "Article",
    "ArticleText",
    "Assessment",
    "Attachment",
    "Bounce",
    "Channel",
    "Correction",
    "Feedback",
    "Idempotency",
    "KnownProblem",
    "LinkRequest",
    "MailboxState",
    "Message",
    "MessageSearch",
    "MessageVector",
    "Opinion",
    "Passage",
    "ProblemText",
    "Rating",
    "RawMessage",
    "Report",
    "Theme",
    "ThemeEvent",
    "ThemePlace",
]
