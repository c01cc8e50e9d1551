"""The inbox: the list an agent works from, and bulk actions."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.desk.models import Ticket
from tickets.mentions.services import choose_mail
from tickets.workbench.actions import Asked, act_on_all
from tickets.workbench.choices import filter_choices, snooze_choices, work_choices
from tickets.workbench.filters import Filters
from tickets.workbench.folders import Folder
from tickets.workbench.inbox import PAGE_SIZE, page_of
from tickets.workbench.keyset import NotACursor
from tickets.workbench.macros import macros_offered
from tickets.workbench.models import LONGEST_NAME
from tickets.workbench.navigation import desk_of
from tickets.workbench.saved_views import views_for
from tickets.workbench.views.frame import desk_action, desk_page, page
from users.accounts.requests import StaffRequest

MOST_AT_ONCE = 100


def folder_of(filters: Filters, folders: list[Folder]) -> Folder:
    """Return the folder named by ``filters``. Raises Http404 if this user does not have it."""
    for folder in folders:
        if folder.key == filters.folder:
            return folder
    raise Http404


@desk_page
def inbox(request: StaffRequest) -> HttpResponseBase:
    """Show one page of one folder; with ``X-Fragment: rows`` only its rows, for scripts that refresh or append."""
    at = timezone.now()
    filters = Filters.read(request.GET)
    folder = folder_of(filters, desk_of(request).folders)
    try:
        rows = page_of(folder, filters, request.user, at=at, cursor=request.GET.get("after", ""))
    except NotACursor:
        raise Http404 from None
    context = {
        "title": folder.title,
        "folder": folder,
        "filters": filters,
        "page_of_rows": rows,
        "page_size": PAGE_SIZE,
        "now": at,
    }
    if request.headers.get("X-Fragment") == "rows":
        return render(request, "workbench/rows.html", context)
    context |= {
        "filter_choices": filter_choices(filters),
        "work": work_choices(),
        "snoozes": snooze_choices(at),
        "macros": macros_offered(),
        "views": (views := views_for(request.user, shown=filters)),
        "longest_name": LONGEST_NAME,
        "open_view": next((view for view in views if view.is_open), None),
    }
    return page(request, "workbench/inbox.html", context)


@desk_page
def counts(request: StaffRequest) -> HttpResponseBase:
    """Return the counts for the navigation. Cheap: two queries, each count capped."""
    desk = desk_of(request)
    return JsonResponse({"counts": {key: desk.shown(key) for key in desk.counts}})


@desk_action
def choose_mention_mail(request: StaffRequest) -> dict[str, Any]:
    """Choose whether this agent is mailed when mentioned."""
    choose_mail(request.user, is_wanted=bool(request.POST.get("wanted")))
    if not request.user.mails_mentions:
        return {"done": _("Mentions are not mailed to you.")}
    if not request.user.email:
        return {"done": _("Your login has no e-mail address; an administrator can add one.")}
    return {"done": _("Mentions are mailed to %(address)s.") % {"address": request.user.email}}


@desk_action
def bulk(request: StaffRequest) -> dict[str, Any]:
    """Apply one action to the chosen tickets, at most MOST_AT_ONCE; return the refusals with reasons."""
    chosen = []
    for given in request.POST.getlist("ticket")[:MOST_AT_ONCE]:
        try:
            chosen.append(uuid.UUID(given))
        except ValueError:
            raise Http404 from None
    tickets = list(
        Ticket.objects.visible_to(request.user)
        .filter(public_id__in=chosen)
        .select_related("feedback", "queue", "assignee")
    )
    result = act_on_all(tickets, Asked.read(request.POST), actor=request.user, at=timezone.now())
    done = ngettext("%(count)s ticket changed.", "%(count)s tickets changed.", result.done)
    return {
        "done": done % {"count": result.done} if result.done else _("Nothing changed."),
        "refused": [{"number": number, "why": why} for number, why in result.refused],
    }
