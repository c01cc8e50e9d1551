"""The pages of summaries, under /admin/summaries/."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.naming import page_language
from config.kit.origins import Origin
from config.kit.staff import staff_page
from config.kit.text import number_in
from feedback.themes.models import Theme
from feedback.themes.services import hide, merge, pin, rename, unmerge
from feedback.themes.splitting import ask_to_split
from tickets.fixes.models import Fix
from tickets.fixes.solved import solved_untold
from tickets.summaries.behind import entries_of, readable_ids
from tickets.summaries.cards import card_of
from tickets.summaries.exports import as_csv, as_json
from tickets.summaries.frame import lead_action, shown, summary_or_404
from tickets.summaries.markdown import as_markdown
from tickets.summaries.models import FollowUp, FollowUpStatus, PainPoint, Quote, Summary, SummaryRun
from tickets.summaries.pdf import as_pdf
from tickets.summaries.periods import CUSTOM, MONTH, WEEK, Period, asked_for
from tickets.summaries.plots import days_of
from tickets.summaries.runs import ask_for, cancel_run
from tickets.summaries.services import follow_up, publish, show_in_drafts
from tickets.summaries.shown import breakdowns_of, cautions_of, method_of, page_of, split_of
from tickets.summaries.together import same_outbreak
from users.accounts.requests import StaffRequest
from users.accounts.staff import staff

MESSAGES_A_PAGE = 50
# How long the list shows requests that were refused.
_REMEMBERED = timedelta(hours=1)


class DayInput(forms.DateInput):
    """The browser's own date field, which takes only ISO 8601, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """The period to summarise; ``period`` is set once the form is valid."""

    period: Period

    kind = forms.ChoiceField(
        label=_("Period"),
        choices=[
            (MONTH, _("Month of this day")),
            (WEEK, _("Week of this day")),
            (CUSTOM, _("From … to …")),
        ],
    )
    first = forms.DateField(label=_("Day"), widget=DayInput())
    last = forms.DateField(label=_("Last day"), required=False, widget=DayInput())
    origin = forms.MultipleChoiceField(
        label=_("Origin"),
        choices=[choice for choice in Origin.choices if choice[0] != Origin.DRILL],
        widget=forms.CheckboxSelectMultiple,
        initial=[Origin.LIVE],
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind, first, last = data.get("kind"), data.get("first"), data.get("last")
        if kind == CUSTOM and first and (not last or last < first):
            self.add_error("last", _("The last day must not be before the first."))
        elif kind and first:
            try:
                self.period = asked_for(kind, first, last or first, settings.SUMMARY_TIME_ZONE)
            except ValueError:
                self.add_error("first", _("Choose days from 1990 to 2200, ten years of them at most."))
        return data


class Person(forms.ModelChoiceField):
    """A choice of staff, shown by the names that colleagues know."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class FollowUpForm(forms.ModelForm):
    class Meta:
        model = FollowUp
        fields = ["status", "owner", "issue_url", "fixed_in", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        field_classes = {"owner": Person}

    issue_url = forms.URLField(label=_("Issue"), required=False, max_length=500, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff().order_by("username")  # type: ignore[attr-defined]


@staff_page
def index(request: StaffRequest) -> HttpResponseBase:
    """List the summaries, newest first, with a form for leads to ask for one."""
    summaries = list(Summary.objects.visible_to(request.user).newest()[:100])
    runs = list(SummaryRun.objects.open().select_related("asked_by")) if request.user.is_lead else []
    refused = (
        list(SummaryRun.objects.refused(timezone.now() - _REMEMBERED)[:5]) if request.user.is_lead else []
    )
    # Default to the origins of the newest: with only a demo or an import loaded, "live" would find no messages.
    origins = summaries[0].origins if summaries else [Origin.LIVE]
    form = PeriodForm(initial={"kind": "month", "first": timezone.localdate(), "origin": origins})
    return shown(
        request,
        "summaries/list.html",
        {
            "title": _("Summaries"),
            "summaries": summaries,
            "runs": runs,
            "refused": refused,
            "solved": solved_untold(page_language()) if request.user.is_lead else [],
            "form": form,
            "may_lead": request.user.is_lead,
        },
    )


@lead_action
def ask(request: StaffRequest) -> HttpResponseBase:
    """Have a period summarised by a worker."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_of(form))
        return redirect("summaries:list")
    ask_for(form.period, origins=form.cleaned_data["origin"], actor=request.user, at=timezone.now())
    return redirect("summaries:list")


@staff_page
def runs(request: StaffRequest) -> HttpResponseBase:
    """Show the progress of the running counts; the page polls it every two seconds."""
    found = list(SummaryRun.objects.open().select_related("asked_by")) if request.user.is_lead else []
    return shown(request, "summaries/runs.html", {"runs": found})


@lead_action
def cancel(request: StaffRequest, run_id: int) -> HttpResponseBase:
    """Stop a count that is waiting or running."""
    cancel_run(run_id, at=timezone.now())
    return redirect("summaries:list")


@staff_page
def summary_page(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show what hurts, what is new, worse and better, with plots."""
    summary = summary_or_404(request, public_id)
    same_kind = Summary.objects.visible_to(request.user).filter(kind=summary.kind, origins=summary.origins)
    page = page_of(summary, language=page_language())
    return shown(
        request,
        "summaries/summary.html",
        {
            "title": summary.title,
            "summary": summary,
            "page": page,
            "cautions": cautions_of(summary),
            "method": method_of(page),
            "other_share": summary.other_count / summary.message_count,
            "earlier": same_kind.filter(start_at__lt=summary.start_at).newest().first(),
            "later": same_kind.filter(start_at__gt=summary.start_at)
            .order_by("start_at", "-revision")
            .first(),
            "may_lead": request.user.is_lead,
            "hidden": list(summary.pain_points.filter(is_hidden=True).defer("message_ids").order_by("rank"))
            if request.user.is_lead
            else [],
        },
    )


@staff_page
def point_page(request: StaffRequest, public_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponseBase:
    """Show one pain point with the numbers, quotes, messages and tickets behind it."""
    summary = summary_or_404(request, public_id)
    point = get_object_or_404(summary.pain_points.select_related("theme__merged_into"), public_id=point_id)
    found = FollowUp.objects.filter(theme_id=point.theme_id).select_related("owner").first()
    language = page_language()
    number = number_in(request.GET.get("page", "1")) or 1
    ids = readable_ids(point.message_ids, request.user)
    start = MESSAGES_A_PAGE * (number - 1)
    quotes = list(Quote.objects.filter(pain_point=point).shown().order_by("place"))
    others = (
        Theme.objects.shown().exclude(pk=point.theme_id).filter(pk__in=summary.pain_points.values("theme"))
    )
    return shown(
        request,
        "summaries/point.html",
        {
            "title": point.name_for(language),
            "summary": summary,
            "point": point,
            "card": card_of(point, quotes, found, widest=point.share_high, language=language),
            "together": same_outbreak(point, summary),
            "breakdowns": breakdowns_of(point, summary),
            "split": split_of(point),
            "days": days_of(
                summary.overview,
                date.fromisoformat(summary.overview["first_day"]),
                counts=point.figures["days"],
            ),
            "entries": entries_of(ids[start : start + MESSAGES_A_PAGE], request.user),
            "hidden_count": point.message_count - len(ids),
            "next_page": start // MESSAGES_A_PAGE + 2 if start + MESSAGES_A_PAGE < len(ids) else None,
            "follow_up_form": FollowUpForm(instance=found),
            "fixes": Fix.objects.filter(theme=point.theme.current()).order_by("-id"),
            "others": sorted(others, key=lambda theme: theme.name_for(language)),
            "last_split": point.theme.splits.order_by("-id").first(),
            "split_off": list(Theme.objects.filter(split_from=point.theme).order_by("pk")),
            "events": point.theme.events.select_related("actor", "other").order_by("-id")[:20],
            "may_lead": request.user.is_lead,
        },
    )


@lead_action
def publish_summary(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Publish a draft."""
    publish(summary_or_404(request, public_id), actor=request.user, at=timezone.now())
    return redirect("summaries:summary", public_id)


@lead_action
def count_again(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Ask for the same period to be counted again; a published one gets a new revision."""
    summary = summary_or_404(request, public_id)
    period = Period(summary.kind, summary.start_at, summary.end_at, summary.time_zone)
    ask_for(period, origins=summary.origins, actor=request.user, at=timezone.now())
    return redirect("summaries:list")


@lead_action
def save_follow_up(request: StaffRequest, public_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponseBase:
    """Save who does what about a pain point."""
    point = get_object_or_404(PainPoint, summary=summary_or_404(request, public_id), public_id=point_id)
    form = FollowUpForm(request.POST)
    if form.is_valid():
        follow_up(point.theme, actor=request.user, at=timezone.now(), **form.cleaned_data)
        if form.cleaned_data["status"] == FollowUpStatus.FIXED and not form.cleaned_data["fixed_in"].strip():
            messages.info(request, _("Say in which version, and everybody who reported it can be told."))
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, errors_of(form))
    return redirect("summaries:point", public_id, point_id)


def errors_of(form: forms.BaseForm) -> str:
    """Return the errors of ``form`` in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def id_in(text: str) -> uuid.UUID:
    """Parse an id sent by a form. Raises Http404 when it is not a UUID."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


class NoThemeChosen(Refused):
    code = "no_theme_chosen"
    field = "into"


@lead_action
def change_theme(request: StaffRequest, public_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponseBase:
    """Rename, merge, split, pin or hide the theme of a pain point; published numbers stay as they are."""
    point = get_object_or_404(PainPoint, summary=summary_or_404(request, public_id), public_id=point_id)
    theme, user, at = point.theme, request.user, timezone.now()
    asked = request.POST.get("do", "")
    who: dict[str, Any] = {"actor": user, "at": at}
    if asked == "rename":
        english, chinese = (request.POST.get(field, "")[:120] for field in ("name_en", "name_zh"))
        rename(theme, **who, name_en=english, name_zh=chinese)
    elif asked == "merge":
        if not request.POST.get("into"):
            raise NoThemeChosen(_("Choose the theme that this one is to be part of."))
        into = get_object_or_404(Theme.objects.current(), public_id=id_in(request.POST.get("into", "")))
        merge(theme, into=into, **who)
    elif asked == "unmerge":
        unmerge(theme, **who)
    elif asked == "split":
        ask_to_split(theme, **who)
    elif asked in ("pin", "unpin"):
        pin(theme, is_pinned=asked == "pin", **who)
    elif asked in ("hide", "show"):
        hide(theme, is_hidden=asked == "hide", **who)
    else:
        raise Http404
    if asked in ("rename", "hide", "show"):
        show_in_drafts(theme)
        messages.success(request, _("Done. Drafts show it now; published summaries stay as they are."))
    elif asked == "split":
        messages.success(
            request, _("It is being split; the parts count from the next time the period is counted.")
        )
    else:
        messages.success(request, _("Done. It counts from the next time the period is counted."))
    return redirect("summaries:point", public_id, point_id)


@staff_page
def export(request: StaffRequest, public_id: uuid.UUID, form: str) -> HttpResponseBase:
    """Download the summary as PDF, CSV, JSON or Markdown."""
    summary = summary_or_404(request, public_id)
    name = f'attachment; filename="earshot-{summary.title.replace(" – ", "_")}-r{summary.revision}.{form}"'
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(as_csv(summary), content_type="text/csv; charset=utf-8")
    elif form == "json":
        response = JsonResponse(as_json(summary), json_dumps_params={"ensure_ascii": False, "indent": 1})
    elif form == "pdf":
        response = HttpResponse(as_pdf(summary), content_type="application/pdf")
    else:
        response = HttpResponse(as_markdown(summary), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = name
    return response
