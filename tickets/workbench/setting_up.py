"""What an administrator has not set up yet, and what would miss it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.crisis.models import AuditFinding, FindingCode, OnCallShift
from tickets.queues.models import AccessLevel, Queue, QueueAccess
from tickets.workbench.folders import queue_name
from users.accounts.models import User


@dataclass(frozen=True)
class ToDo:
    """``what`` is missing, ``why`` it matters, and the page on which it is put right."""

    what: str
    why: str
    url: str


def left_to_do(at: datetime) -> list[ToDo]:
    """Return what is missing at ``at``, what would hurt first at the top; empty when all is well. Four queries."""
    found = [_findings(), _crisis_team(), _on_call(at), _queues()]
    return [one for one in found if one is not None]


def _findings() -> ToDo | None:
    # That nobody is on call is said below, with the page to mend it.
    count = AuditFinding.objects.open().exclude(code=FindingCode.NOBODY_ON_CALL).count()
    if not count:
        return None
    what = ngettext("The auditor found %(count)s fault.", "The auditor found %(count)s faults.", count)
    why = _("Something that was promised may not be kept. Whoever is on call was told.")
    return ToDo(what % {"count": count}, why, reverse("admin:tickets_auditfinding_changelist"))


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
    names = ", ".join(queue_name(queue) for queue in idle)
    what = _("No team works these queues: %(names)s") % {"names": names}
    why = _("What arrives there is seen by administrators and product leads only.")
    return ToDo(what, why, reverse("admin:tickets_queue_change", args=[idle[0].pk]))
