"""The models of this app's parts, collected for Django."""

from tickets.crisis.models import (
    AuditFinding,
    NotificationRoad,
    OnCallShift,
    Page,
    PageDelivery,
    PagePlace,
)
from tickets.desk.models import (
    CrisisPlace,
    DeskSettings,
    Draft,
    DraftFile,
    LastSeen,
    Tag,
    Ticket,
    TicketEvent,
    TicketLink,
    WaitingReply,
)
from tickets.fixes.models import Fix, FixWording, Reporter, TellingRound
from tickets.hooks.models import Hook, HookDelivery, HookTry
from tickets.mentions.models import Follower, Mention
from tickets.queues.models import BusinessCalendar, EscalationPolicy, Queue, QueueAccess, SlaPolicy
from tickets.replies.models import Acknowledgement, CannedReply, CannedReplyText, Delivery
from tickets.routing.models import Rule
from tickets.subscriptions.models import Subscription, SummaryMail
from tickets.summaries.models import FollowUp, PainPoint, Quote, Summary, SummaryPart, SummaryRun
from tickets.warnings.models import EarlyWarning
from tickets.workbench.models import Macro, SavedView

__all__ = [
    "Acknowledgement",
    "AuditFinding",
    "BusinessCalendar",
    "CannedReply",
    "CannedReplyText",
    "CrisisPlace",
    "Delivery",
    "DeskSettings",
    "Draft",
    "DraftFile",
    "EarlyWarning",
    "EscalationPolicy",
    "Fix",
    "FixWording",
    "FollowUp",
    "Follower",
    "Hook",
    "HookDelivery",
    "HookTry",
    "LastSeen",
    "Macro",
    "Mention",
    "NotificationRoad",
    "OnCallShift",
    "Page",
    "PageDelivery",
    "PagePlace",
    "PainPoint",
    "Queue",
    "QueueAccess",
    "Quote",
    "Reporter",
    "Rule",
    "SavedView",
    "SlaPolicy",
    "Subscription",
    "Summary",
    "SummaryMail",
    "SummaryPart",
    "SummaryRun",
    "Tag",
    "TellingRound",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "WaitingReply",
]
