"""The pages of warnings: what is coming, how sure that is, who reports it, and what was decided."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.kit.errors import Refused
from config.kit.staff import staff_page
from config.kit.text import number_in
from tickets.summaries.behind import entries_of, readable_ids
from tickets.summaries.frame import shown
from tickets.warnings.access import may_decide
from tickets.warnings.models import DismissalReason, EarlyWarning
from tickets.warnings.services import confirm, dismiss, last_look, resolve
from tickets.warnings.shown import card_of, concentrations_of, live_warnings, plot_of, windows_of
from users.accounts.requests import StaffRequest

MESSAGES_A_PAGE = 30
_MOST_PAST = 50


@staff_page
def index(request: StaffRequest) -> HttpResponseBase:
    """Show the live warnings, most severe first, and the latest past ones. Three queries plus the frame's."""
    visible = EarlyWarning.objects.visible_to(request.user).named()
    return shown(
        request,
        "warnings/list.html",
        {
            "title": _("Warnings"),
            "live": live_warnings(request.user),
            "past": [card_of(one) for one in visible.past().order_by("-opened_at", "-pk")[:_MOST_PAST]],
            "last_look": last_look(),
        },
    )


@staff_page
def warning_page(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show one warning with everything behind it: numbers, plot, concentrations, messages and tickets."""
    warning = get_object_or_404(EarlyWarning.objects.visible_to(request.user).named(), public_id=public_id)
    number = number_in(request.GET.get("page", "1")) or 1
    start = MESSAGES_A_PAGE * (number - 1)
    ids = readable_ids(warning.message_ids, request.user)
    return shown(
        request,
        "warnings/warning.html",
        {
            "title": str(warning),
            "warning": warning,
            "card": card_of(warning),
            "windows": windows_of(warning),
            "plot": plot_of(warning),
            "concentrations": concentrations_of(warning),
            "entries": entries_of(ids[start : start + MESSAGES_A_PAGE], request.user),
            "hidden_count": len(warning.message_ids) - len(ids),
            "next_page": number + 1 if start + MESSAGES_A_PAGE < len(ids) else None,
            "zone": settings.SUMMARY_TIME_ZONE,
            "reasons": DismissalReason.choices,
            "may_decide": may_decide(request.user) and warning.is_live,
        },
    )


@staff_page
@require_POST
def decide(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Confirm, dismiss or end a warning."""
    if not may_decide(request.user):
        raise PermissionDenied
    warning = get_object_or_404(EarlyWarning.objects.visible_to(request.user), public_id=public_id)
    said: dict[str, Any] = {"actor": request.user, "at": timezone.now(), "note": request.POST.get("note", "")}
    try:
        match request.POST.get("do"):
            case "confirm":
                confirm(warning, **said)
            case "dismiss":
                dismiss(warning, because=request.POST.get("because", ""), **said)
            case "resolve":
                resolve(warning, **said)
            case _:
                messages.error(request, _("Choose what to do with this warning."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("warnings:warning", public_id)
