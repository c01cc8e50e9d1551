"""The pages of team figures: the report a support lead opens each week, and the tickets behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.staff import staff_page
from config.kit.text import number_in
from tickets.desk.models import Ticket
from tickets.figures.access import may_see, may_see_everybody
from tickets.figures.asking import MOST_DAYS, Asked, CannotCount, Choices, Span, asked_in, choices_for
from tickets.figures.counting import FEW
from tickets.figures.exports import as_csv, as_json
from tickets.figures.services import report_for, tickets_behind
from tickets.figures.shown import agent_rows, channel_rows, day_rows, heat_of, plots_of, team_rows, tiles_of
from tickets.figures.wording import named
from tickets.summaries.frame import shown
from users.accounts.models import User
from users.accounts.requests import StaffRequest

TICKETS_A_PAGE = 50


@staff_page
def index(request: StaffRequest) -> HttpResponseBase:
    """Show the figures of a period next to those of the period before. Thirteen queries plus the frame's."""
    user = request.user
    choices = choices_for(user)
    try:
        asked = asked_in(_given(request.GET), choices, at=timezone.now())
    except CannotCount as refusal:
        messages.error(request, str(refusal))
        asked = asked_in({}, choices, at=timezone.now())
    report = report_for(user, asked, choices)
    by_day, waiting = plots_of(report)
    return shown(
        request,
        "figures/figures.html",
        {
            "title": _("Team figures"),
            "asked": asked,
            "choices": choices,
            "spans": Span.choices,
            "tiles": tiles_of(report),
            "plot": by_day,
            "waiting_plot": waiting,
            "days": day_rows(report),
            "teams": team_rows(report),
            "agents": agent_rows(report),
            "channels": channel_rows(report),
            "heat": heat_of(report),
            "hours": range(24),
            "sees_everybody": may_see_everybody(user),
            "zone": settings.SUMMARY_TIME_ZONE,
            "few": FEW,
            "most_days": MOST_DAYS,
            "ends_today": asked.days.last == timezone.now().astimezone(asked.days.zone).date(),
        },
    )


@staff_page
def tickets(request: StaffRequest) -> HttpResponseBase:
    """List exactly the tickets behind a number, newest first, paginated by keyset."""
    user = request.user
    choices = choices_for(user)
    asked, day, agent = _asked_or_404(request, choices), _day(request), _agent(request)
    what = request.GET.get("what", "")
    try:
        ids = tickets_behind(user, asked, choices, what=what, day=day, agent=agent)
    except ValueError:
        raise Http404 from None
    found = Ticket.objects.visible_to(user).filter(pk__in=ids).select_related("feedback__channel", "queue")
    if (after := number_in(request.GET.get("after", ""))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: TICKETS_A_PAGE + 1])
    has_more = len(rows) > TICKETS_A_PAGE
    rows = rows[:TICKETS_A_PAGE]
    more = request.GET.dict() | {"after": str(rows[-1].pk)} if has_more else None
    return shown(
        request,
        "figures/tickets.html",
        {
            "title": named(what),
            "asked": asked,
            "day": day,
            "agent": agent,
            "count": len(ids),
            "rows": rows,
            "more": more and urlencode(more),
        },
    )


@staff_page
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Download the figures as CSV or JSON."""
    user = request.user
    choices = choices_for(user)
    asked = _asked_or_404(request, choices)
    report = report_for(user, asked, choices)
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(as_csv(report), content_type="text/csv; charset=utf-8")
    else:
        response = JsonResponse(as_json(report), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"earshot-figures-{asked.days.first}_{asked.days.last}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _given(query: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of ``query`` that are not empty."""
    return {name: value for name, value in query.items() if value}


def _asked_or_404(request: HttpRequest, choices: Choices) -> Asked:
    try:
        return asked_in(_given(request.GET), choices, at=timezone.now())
    except CannotCount:
        raise Http404 from None


def _day(request: HttpRequest) -> date | None:
    given = request.GET.get("day")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Http404 from None


def _agent(request: StaffRequest) -> User | None:
    """Return the agent asked for, None without one. Raises Http404 for an agent whose work the user may not see."""
    username = request.GET.get("agent")
    if not username:
        return None
    agent = User.objects.filter(username=username.replace("\x00", "")).first()
    if agent is None or not may_see(agent.pk, request.user):
        raise Http404
    return agent
