"""Answers that have not left yet: only their author can see the state and take them back."""

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
    """Return the answer if this user wrote it, even if they may no longer read its ticket. Raises Http404."""
    rows = WaitingReply.objects.select_related("ticket")
    return get_object_or_404(rows, public_id=reply_id, author=request.user)


@desk_page
def state(request: StaffRequest, reply_id: uuid.UUID) -> HttpResponseBase:
    """Return the state of the answer, and the ticket page that shows it."""
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
    """Put the answer back into the draft and return the URL of the page with it."""
    waiting = undo(own_or_404(request, reply_id), at=timezone.now())
    page = reverse("desk:conversation", args=[waiting.ticket.public_id])
    return {"done": _("Taken back: it is your draft again."), "next": f"{page}#reply"}
