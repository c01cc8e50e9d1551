"""The admin classes of this app's parts, collected for Django."""

from tickets.desk.admin import TagAdmin
from tickets.queues.admin import BusinessCalendarAdmin, EscalationPolicyAdmin, QueueAdmin, SlaPolicyAdmin
from tickets.replies.admin import CannedReplyAdmin
from tickets.routing.admin import RuleAdmin
from tickets.workbench.admin import CustomerAdmin

__all__ = [
    "BusinessCalendarAdmin",
    "CannedReplyAdmin",
    "CustomerAdmin",
    "EscalationPolicyAdmin",
    "QueueAdmin",
    "RuleAdmin",
    "SlaPolicyAdmin",
    "TagAdmin",
]
