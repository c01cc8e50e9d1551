"""The crisis queue: who waits for a person, and how long already."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.crisis.models import Page
from tickets.crisis.services import acknowledge_page
from tickets.desk.models import CrisisPlace
from tickets.workbench.crisis import on_call, told_together, waiting_places
from tickets.workbench.views.frame import desk_action, desk_page, page


@desk_page
def crisis_queue(request: HttpRequest) -> HttpResponseBase:
    """Show every open place in the crisis queue, those nobody took first; with ``X-Fragment: rows`` only them."""
    user: Any = request.user
    at = timezone.now()
    places = waiting_places(user, at=at)
    context = {
        "title": _("Crisis queue"),
        "unacknowledged": [place for place in places if place.place.acknowledged_at is None],
        "acknowledged": [place for place in places if place.place.acknowledged_at is not None],
        "together": told_together(places),
        "now": at,
    }
    if request.headers.get("X-Fragment") == "rows":
        return render(request, "workbench/crisis_rows.html", context)
    return page(request, "workbench/crisis.html", {**context, "on_call": on_call(at)})


@desk_action
def take_page(request: HttpRequest, page_id: int) -> dict[str, Any]:
    """Take every urgent ticket that a page tells of and nobody took; tell which ones refused it and why."""
    user: Any = request.user
    told = Page.objects.filter(pk=page_id, places__in=CrisisPlace.objects.visible_to(user)).first()
    if told is None:
        raise Http404
    taken, refused = acknowledge_page(told, actor=user, at=timezone.now())
    done = ngettext("You took %(count)s urgent ticket.", "You took %(count)s urgent tickets.", taken)
    return {"done": done % {"count": taken}, "refused": refused}
