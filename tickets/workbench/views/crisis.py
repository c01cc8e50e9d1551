"""The crisis queue: who is waiting for a person, and for how long."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.crisis.escalation import call_next
from tickets.crisis.models import Page
from tickets.crisis.services import acknowledge_page
from tickets.desk.alarms import open_place
from tickets.desk.crisis_places import NotInCrisisQueue
from tickets.desk.models import CrisisPlace
from tickets.queues.wording import name_of, team_names
from tickets.workbench.crisis import on_call, told_together, waiting_places, without_alarm
from tickets.workbench.views.frame import desk_action, desk_page, page, ticket_or_404
from users.accounts.requests import StaffRequest


@desk_page
def crisis_queue(request: StaffRequest) -> HttpResponseBase:
    """Show all open places in the crisis queue, unacknowledged ones first; with ``X-Fragment: rows`` only the rows."""
    at = timezone.now()
    places = waiting_places(request.user, at=at)
    context = {
        "title": _("Crisis queue"),
        "unacknowledged": [place for place in places if place.place.acknowledged_at is None],
        "acknowledged": [place for place in places if place.place.acknowledged_at is not None],
        "without_alarm": without_alarm(request.user, at=at),
        "together": told_together(places),
        "now": at,
    }
    if request.headers.get("X-Fragment") == "rows":
        return render(request, "workbench/crisis_rows.html", context)
    return page(request, "workbench/crisis.html", {**context, "on_call": on_call(at)})


@desk_action
def take_page(request: StaffRequest, page_id: int) -> dict[str, Any]:
    """Acknowledge all untaken urgent tickets of a page; return how many were taken, and the refusals with reasons."""
    told = Page.objects.filter(pk=page_id, places__in=CrisisPlace.objects.visible_to(request.user)).first()
    if told is None:
        raise Http404
    taken, refused = acknowledge_page(told, actor=request.user, at=timezone.now())
    done = ngettext("You took %(count)s urgent ticket.", "You took %(count)s urgent tickets.", taken)
    return {"done": done % {"count": taken}, "refused": refused}


@desk_action
def call_next_person(request: StaffRequest, public_id: uuid.UUID, taken: int) -> dict[str, Any]:
    """Page the next person of the chain at once; ``taken`` is the number of steps shown as taken."""
    place = open_place(ticket_or_404(request, public_id))
    if place is None:
        raise NotInCrisisQueue(_("This ticket is no longer in the crisis queue."))
    event = call_next(place, taken=taken, actor=request.user, at=timezone.now())
    people = event.details["people"]
    if not people:
        return {"done": _("There is nobody who could be told: put somebody on call.")}
    who = name_of(event.details["told"], team_names())
    done = ngettext("Called: %(who)s (%(count)s person).", "Called: %(who)s (%(count)s people).", people)
    return {"done": done % {"who": who, "count": people}}
