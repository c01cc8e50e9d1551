"""The admin classes of this app's parts, collected for Django."""

from tickets.crisis.admin import (
    AuditFindingAdmin,
    CrisisPlaceAdmin,
    NotificationRoadAdmin,
    OnCallShiftAdmin,
    PageAdmin,
)
from tickets.desk.admin import DeskSettingsAdmin, TagAdmin
from tickets.fixes.admin import FixAdmin
from tickets.hooks.admin import HookAdmin, HookDeliveryAdmin
from tickets.queues.admin import BusinessCalendarAdmin, EscalationPolicyAdmin, QueueAdmin, SlaPolicyAdmin
from tickets.replies.admin import CannedReplyAdmin
from tickets.routing.admin import RuleAdmin
from tickets.subscriptions.admin import SubscriptionAdmin
from tickets.workbench.admin import CustomerAdmin, MacroAdmin, SavedViewAdmin

__all__ = [
    "AuditFindingAdmin",
    "BusinessCalendarAdmin",
    "CannedReplyAdmin",
    "CrisisPlaceAdmin",
    "CustomerAdmin",
    "DeskSettingsAdmin",
    "EscalationPolicyAdmin",
    "FixAdmin",
    "HookAdmin",
    "HookDeliveryAdmin",
    "MacroAdmin",
    "NotificationRoadAdmin",
    "OnCallShiftAdmin",
    "PageAdmin",
    "QueueAdmin",
    "RuleAdmin",
    "SavedViewAdmin",
    "SlaPolicyAdmin",
    "SubscriptionAdmin",
    "TagAdmin",
]
