"""What an administrator has yet to set up, and why it matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.channels.email.polling import mailboxes
from feedback.intake.models import ChannelKind
from tickets.crisis.models import AuditFinding, FindingCode, OnCallShift
from tickets.queues.models import AccessLevel, Queue, QueueAccess
from users.accounts.models import Role, User

MOST_NAMED = 5
#: Hosts at which only this machine can reach the service.
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class ToDo:
    """What is missing, why it matters, and the page where it can be fixed; ``url`` is empty for a setting."""

    what: str
    why: str
    url: str


def left_to_do(at: datetime) -> list[ToDo]:
    """Return what is missing at ``at``, the most pressing first; empty when all is well. Six queries."""
    found = [_findings(), _address(), *_agents(), _crisis_team(), _on_call(at), _queues(), _mailbox()]
    return [one for one in found if one is not None]


def _findings() -> ToDo | None:
    # An empty on-call schedule is reported below, with the page to fix it.
    codes = (
        AuditFinding.objects.open().exclude(code=FindingCode.NOBODY_ON_CALL).values_list("code", flat=True)
    )
    if not codes:
        return None
    names = "; ".join(str(FindingCode(code).label) for code in sorted(set(codes)))
    count = len(codes)
    what = ngettext(
        "The auditor found %(count)s fault: %(names)s.",
        "The auditor found %(count)s faults: %(names)s.",
        count,
    )
    why = _("Something that was promised may not be kept. Whoever is on call was told.")
    return ToDo(
        what % {"count": count, "names": names}, why, reverse("admin:tickets_auditfinding_changelist")
    )


def _address() -> ToDo | None:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    if settings.IS_EMBEDDED or host not in LOCAL:
        return None
    what = _("Links in mails lead to %(address)s.") % {"address": settings.PUBLIC_BASE_URL}
    why = _("Nobody else can open them. Set PUBLIC_BASE_URL where the service is started.")
    return ToDo(what, why, "")


def _agents() -> list[ToDo]:
    agents = list(
        User.objects.filter(is_active=True, role=Role.AGENT)
        .order_by("username")
        .annotate(is_placed=Exists(User.teams.through.objects.filter(user=OuterRef("pk"))))
    )
    if not agents:
        what = _("There are no support agents yet.")
        why = _(
            "Give each a login with the role “support agent” and a team; a team works the queues that it is given."
        )
        return [ToDo(what, why, reverse("admin:users_user_add"))]
    lost = [agent for agent in agents if not agent.is_placed and not agent.is_crisis_team]
    if not lost:
        return []
    names = ", ".join(agent.name for agent in lost[:MOST_NAMED])
    what = _("These agents are in no team: %(names)s") % {"names": names}
    why = _("They see no ticket: agents see the queues of their teams.")
    return [ToDo(what, why, reverse("admin:users_user_change", args=[lost[0].pk]))]


def _crisis_team() -> ToDo | None:
    if User.objects.filter(is_active=True, is_staff=True, is_crisis_team=True).exists():
        return None
    what = _("Nobody is on the crisis team.")
    why = _("Urgent tickets then wake the administrators, and nobody else reads sensitive ones.")
    return ToDo(what, why, reverse("admin:users_user_changelist"))


def _on_call(at: datetime) -> ToDo | None:
    if OnCallShift.objects.covering(at).exists():
        return None
    what = _("Nobody is on call now.")
    why = _("An urgent ticket then wakes the whole crisis team at once.")
    return ToDo(what, why, reverse("admin:tickets_oncallshift_add"))


def _queues() -> ToDo | None:
    working = QueueAccess.objects.filter(queue=OuterRef("pk"), level=AccessLevel.WORK)
    idle = list(Queue.objects.filter(~Exists(working), is_crisis=False).order_by("position"))
    if not idle:
        return None
    names = ", ".join(str(queue) for queue in idle)
    what = _("No team works these queues: %(names)s") % {"names": names}
    why = _("What arrives there is seen by administrators and product leads only.")
    return ToDo(what, why, reverse("admin:tickets_queue_change", args=[idle[0].pk]))


def _mailbox() -> ToDo | None:
    if mailboxes().exists():
        return None
    what = _("No mailbox is connected.")
    why = _(
        "What customers write by mail does not come in. The settings of a channel of this kind name the mailbox."
    )
    return ToDo(what, why, f"{reverse('admin:feedback_channel_add')}?kind={ChannelKind.EMAIL}")
