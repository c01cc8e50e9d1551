"""The admin classes of this app's parts, collected for Django."""

from feedback.analysis.admin import CorrectionAdmin
from feedback.channels.admin import ChannelAdmin
from feedback.channels.email.admin import BounceAdmin, MailboxStateAdmin, RawMessageAdmin

__all__ = ["BounceAdmin", "ChannelAdmin", "CorrectionAdmin", "MailboxStateAdmin", "RawMessageAdmin"]
