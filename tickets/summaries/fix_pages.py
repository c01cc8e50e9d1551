"""The pages of a fix, under /admin/summaries/fixes/: preview, sending, who was notified, what came back."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.languages import LANGUAGE_NAMES, nearest_language, own_name
from config.kit.naming import page_language
from config.kit.staff import staff_page
from config.kit.text import number_in
from feedback.intake.models import ChannelKind
from feedback.knowledge.models import KnownProblem
from tickets.desk.models import Ticket
from tickets.fixes.models import Echo, Fix, FixState, FixWording, Reason, Reporter, ReporterState
from tickets.fixes.reporters import reporters_of
from tickets.fixes.services import cancel, go_on, pause, prepare_solution, start
from tickets.fixes.wording import text_for, variables_of, write_wording
from tickets.replies.models import Delivery
from tickets.summaries.frame import lead_action, shown
from users.accounts.models import User
from users.accounts.requests import StaffRequest

PEOPLE_A_PAGE = 100


@dataclass(frozen=True)
class Counts:
    """How many people a fix concerns, by state; those not held also by language and channel, held ones by reason."""

    tell: int
    told: int
    held: int
    languages: list[tuple[str, str, int]]
    channels: list[tuple[str, int]]
    reasons: list[tuple[str, int]]


@dataclass(frozen=True)
class Shown:
    """A wording, the name of its language, and a sample as one of its recipients would read it."""

    wording: FixWording
    language: str
    sample: str


def fix_or_404(request: StaffRequest, fix_id: uuid.UUID) -> Fix:
    """Return the fix. Only product leads may read who reported what: raises PermissionDenied for others, or Http404."""
    if not request.user.is_lead:
        raise PermissionDenied
    fixes = Fix.objects.select_related("theme", "problem__theme", "started_by")
    return get_object_or_404(fixes, public_id=fix_id)


def counts_of(reporters: Sequence[tuple[str, str, str, str]], wordings: Sequence[str]) -> Counts:
    """Count rows of (state, reason, language, channel); each language is paired with that of the wording it gets."""
    states = Counter(state for state, _reason, _language, _channel in reporters)
    spoken = Counter(language for state, _r, language, _c in reporters if state != ReporterState.HELD)
    used = Counter(channel for state, _r, _l, channel in reporters if state != ReporterState.HELD)
    reasons = Counter(reason for _s, reason, _l, _c in reporters if reason)
    return Counts(
        states[ReporterState.WAITING],
        states[ReporterState.TOLD],
        states[ReporterState.HELD],
        [
            (own_name(code), own_name(nearest_language(code, wordings) or ""), count)
            for code, count in spoken.most_common()
        ],
        [(str(ChannelKind(kind).label), count) for kind, count in used.most_common()],
        [(str(Reason(reason).label), count) for reason, count in reasons.most_common()],
    )


@staff_page
def fix_page(request: StaffRequest, fix_id: uuid.UUID) -> HttpResponseBase:
    """Show the recipients of a fix, its wordings, who was notified and what came back."""
    fix = fix_or_404(request, fix_id)
    wordings = list(fix.wordings.order_by("language"))
    codes = [wording.language for wording in wordings]
    planned = [] if fix.is_planned else reporters_of(fix)
    rows: list[Any] = (
        list(fix.reporters.values_list("state", "reason", "language", "channel"))
        if fix.is_planned
        else [(one.state, one.reason, one.language, one.channel) for one in planned]
    )
    chosen = request.GET.get("state", "")
    return shown(
        request,
        "summaries/fix.html",
        {
            "title": _("Fixed in %(version)s") % {"version": fix.version} if fix.version else _("Solved"),
            "fix": fix,
            "name": fix.name_for(page_language()),
            "counts": counts_of(rows, codes),
            "wordings": [
                Shown(one, own_name(one.language), sample_of(fix, one, planned, codes)) for one in wordings
            ],
            "more_languages": [(code, name) for code, name in LANGUAGE_NAMES.items() if code not in codes],
            "variables": " ".join(f"{{{name}}}" for name in variables_of(fix)),
            "is_editable": fix.state in (FixState.DRAFT, FixState.PAUSED),
            "echoes": echoes_of(fix),
            "entries": people_of(fix, request.user, request=request, state=chosen),
            "chosen": chosen,
            "filters": [("", _("Everybody")), *ReporterState.choices, *(choice for choice in Echo.choices)],
        },
    )


def sample_of(fix: Fix, wording: FixWording, planned: Sequence[Reporter], codes: Sequence[str]) -> str:
    """Return ``wording`` as one of its recipients would read it; "" when it has none."""
    for one in planned:
        if one.state == ReporterState.WAITING and nearest_language(one.language, codes) == wording.language:
            return text_for(one, fix=fix, language=wording.language, text=wording.text)
    return ""


def echoes_of(fix: Fix) -> list[tuple[str, str, int]]:
    """Return how many of the notified confirmed, denied, replied or stayed silent. One query."""
    told = fix.reporters.filter(state=ReporterState.TOLD).with_echo()
    found = dict(told.values_list("echo").annotate(count=Count("pk")).order_by())
    return [(echo.value, str(echo.label), found.get(echo.value, 0)) for echo in Echo]


def people_of(fix: Fix, user: User, *, request: StaffRequest, state: str) -> dict[str, Any]:
    """Return a page of reporters, each with ticket and delivery; ``after`` in the URL gives the next. Four queries."""
    rows = fix.reporters.with_echo().select_related("feedback", "customer")
    if state in ReporterState.values:
        rows = rows.filter(state=state)
    elif state in Echo.values:
        rows = rows.filter(state=ReporterState.TOLD, echo=state)
    after = number_in(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: PEOPLE_A_PAGE + 1])
    here = found[:PEOPLE_A_PAGE]
    readable = Ticket.objects.visible_to(user).filter(feedback__in=[one.feedback_id for one in here])
    tickets = {ticket.feedback_id: ticket for ticket in readable}
    deliveries = {
        one.message_id: one
        for one in Delivery.objects.filter(message__in=[one.message_id for one in here if one.message_id])
    }
    return {
        "rows": [
            {
                "reporter": one,
                "ticket": tickets.get(one.feedback_id),
                "language": own_name(one.language),
                "delivery": deliveries.get(one.message_id or 0),
                "echo": Echo(one.echo).label if one.echo else "",
            }
            for one in here
        ],
        "after": here[-1].pk if len(found) > PEOPLE_A_PAGE else None,
    }


@lead_action
def tell_solved(request: StaffRequest, problem_id: uuid.UUID) -> HttpResponseBase:
    """Prepare to notify those who said "me too" that a known problem is solved; redirect to the page that sends it."""
    problem = get_object_or_404(KnownProblem, public_id=problem_id)
    fix, _is_new = prepare_solution(problem, actor=request.user, at=timezone.now())
    return redirect("summaries:fix", fix.public_id)


@lead_action
def save_wording(request: StaffRequest, fix_id: uuid.UUID) -> HttpResponseBase:
    """Save the wording in one language."""
    fix, language = fix_or_404(request, fix_id), request.POST.get("language", "")
    if language not in LANGUAGE_NAMES or fix.state not in (FixState.DRAFT, FixState.PAUSED):
        raise Http404
    write_wording(fix, language=language, text=request.POST.get("text", ""))
    messages.success(request, _("Saved."))
    return redirect("summaries:fix", fix_id)


@lead_action
def move_fix(request: StaffRequest, fix_id: uuid.UUID) -> HttpResponseBase:
    """Start, pause, resume or cancel the notification of reporters."""
    fix, asked = fix_or_404(request, fix_id), request.POST.get("do", "")
    if asked == "start":
        start(fix, actor=request.user, at=timezone.now())
    elif asked == "pause":
        pause(fix)
    elif asked == "go_on":
        go_on(fix, at=timezone.now())
    elif asked == "cancel":
        cancel(fix)
    else:
        raise Http404
    return redirect("summaries:fix", fix_id)
