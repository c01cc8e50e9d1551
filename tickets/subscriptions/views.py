"""Summaries by mail: subscribe, preview, unsubscribe."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.kit.errors import Refused
from config.kit.naming import page_language
from config.kit.pages import public_page, secret_page
from config.kit.secret_links import opened_id
from config.kit.staff import shown_in_frame, staff_page
from tickets.subscriptions.composing import compose
from tickets.subscriptions.models import KINDS, Subscription, SummaryMail
from tickets.subscriptions.services import SALT, subscribe, unsubscribe
from tickets.summaries.frame import shown, summary_or_404
from tickets.summaries.models import Kind, Summary
from users.accounts.requests import StaffRequest

_RECENT = 50


@staff_page
def subscriptions_page(request: StaffRequest) -> HttpResponseBase:
    """Show and change what this login gets by mail; a lead also sees other subscribers and the mails sent."""
    if request.method == "POST":
        return _change(request)
    own = {one.kind: one for one in Subscription.objects.filter(user=request.user, is_active=True)}
    everybody = (
        Subscription.objects.filter(is_active=True).select_related("user") if request.user.is_lead else []
    )
    mails = SummaryMail.objects.select_related("summary", "subscription__user").order_by("-id")
    return shown(
        request,
        "subscriptions/page.html",
        {
            "title": _("Summaries by mail"),
            "kinds": [(kind, label, own.get(kind)) for kind, label in KINDS],
            "languages": settings.LANGUAGES,
            "language": get_language(),
            "everybody": everybody,
            "mails": mails[:_RECENT] if request.user.is_lead else [],
            "newest": Summary.objects.visible_to(request.user).newest().first(),
            "email": request.user.email,
            "may_lead": request.user.is_lead,
        },
    )


def _change(request: StaffRequest) -> HttpResponseBase:
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    if kind not in dict(KINDS):
        raise Http404
    if request.POST.get("do") == "end":
        for one in Subscription.objects.filter(user=request.user, kind=kind):
            unsubscribe(one, at=timezone.now())
    else:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        try:
            subscribe(request.user, kind=Kind(kind), language=language, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("summary-mail")


@shown_in_frame
def mail_preview(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show the mail of a summary as its reader gets it, or would get it."""
    summary = summary_or_404(request, public_id)
    own = Subscription.objects.filter(user=request.user, kind=summary.kind, is_active=True).first()
    sample = Subscription(user=request.user, kind=Kind.MONTH, language=page_language())
    mail = compose(summary, own or sample, message_id="preview", at=timezone.now())
    return HttpResponse(str(mail.alternatives[0][0]))


# The secret in the URL gives access, not a cookie; and mail programs post to it by themselves (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
@public_page
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for the press of a button, because mail scanners follow links; then end the subscription."""
    public_id = opened_id(SALT, token)
    found = Subscription.objects.filter(public_id=public_id).first() if public_id else None
    if found is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(found, at=timezone.now())
        found.refresh_from_db()
    return render(request, "subscriptions/unsubscribe.html", {"subscription": found})
