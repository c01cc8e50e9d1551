"""What becomes of an answer that has not left yet; its author alone asks and takes it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.desk.models import WaitingReply
from tickets.replies.waiting import undo
from tickets.workbench.leaving import shown
from tickets.workbench.views.frame import desk_action, desk_page
from users.accounts.requests import StaffRequest


def own_or_404(request: StaffRequest, reply_id: uuid.UUID) -> WaitingReply:
    """Return the answer if this user wrote it, whatever became of its ticket: the words are theirs."""
    rows = WaitingReply.objects.select_related("ticket")
    return get_object_or_404(rows, public_id=reply_id, author=request.user)


@desk_page
def state(request: StaffRequest, reply_id: uuid.UUID) -> HttpResponseBase:
    """Tell what became of the answer, and whose page shows it."""
    leaving = shown(own_or_404(request, reply_id), at=timezone.now())
    ticket = leaving.waiting.ticket
    return JsonResponse(
        {
            "state": leaving.waiting.state,
            "seconds": leaving.seconds,
            "told": leaving.told,
            "ticket": str(ticket.public_id),
            "url": reverse("desk:conversation", args=[ticket.public_id]),
        }
    )


@desk_action
def take_back(request: StaffRequest, reply_id: uuid.UUID) -> dict[str, Any]:
    """Put the answer back into the draft and name the page on which it stands there."""
    waiting = undo(own_or_404(request, reply_id), at=timezone.now())
    page = reverse("desk:conversation", args=[waiting.ticket.public_id])
    return {"done": _("Taken back: it is your draft again."), "next": f"{page}#reply"}
