"""The admin classes of this app's parts, collected for Django."""

from feedback.analysis.admin import CorrectionAdmin
from feedback.channels.admin import ChannelAdmin
from feedback.channels.email.admin import BounceAdmin, MailboxStateAdmin, RawMessageAdmin
from feedback.knowledge.admin import ArticleAdmin, KnownProblemAdmin

__all__ = [
    "ArticleAdmin",
    "BounceAdmin",
    "ChannelAdmin",
    "CorrectionAdmin",
    "KnownProblemAdmin",
    "MailboxStateAdmin",
    "RawMessageAdmin",
]
