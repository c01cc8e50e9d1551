"""The panel beside a ticket that shows existing knowledge."""

from __future__ import annotations

import uuid

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tickets.desk.access import may_work_on
from tickets.workbench.knowledge import panel_of
from tickets.workbench.views.frame import desk_page, ticket_or_404
from users.accounts.requests import StaffRequest


@require_safe
@desk_page
def knowledge(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show the panel; the page fetches it after loading, so that it does not delay the page."""
    ticket = ticket_or_404(request, public_id)
    at = timezone.now()
    context = {
        "ticket": ticket,
        "panel": panel_of(ticket, request.user, at=at),
        "may_work": may_work_on(ticket, request.user),
        "may_publish": request.user.is_lead,
        "now": at,
    }
    return render(request, "workbench/knowledge.html", context)
