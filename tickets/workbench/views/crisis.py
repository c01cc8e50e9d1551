"""The crisis queue: who waits for a person, and how long already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.workbench.crisis import waiting_places
from tickets.workbench.views.frame import desk_page, page


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
        "now": at,
    }
    if request.headers.get("X-Fragment") == "rows":
        return render(request, "workbench/crisis_rows.html", context)
    return page(request, "workbench/crisis.html", context)
