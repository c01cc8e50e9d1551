"""The admin classes of this app's parts, collected for Django."""

from feedback.analysis.admin import CorrectionAdmin
from feedback.channels.admin import ChannelAdmin
from feedback.intake.admin import RawMessageAdmin

__all__ = ["ChannelAdmin", "CorrectionAdmin", "RawMessageAdmin"]
