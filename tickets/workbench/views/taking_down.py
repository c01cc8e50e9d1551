"""Tickets created at the desk: the form, and the page shown until the ticket is open."""

from __future__ import annotations

import uuid

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from feedback.intake.bounds import MOST_TEXT
from feedback.intake.models import Channel, FeedbackState
from tickets.desk.models import Ticket
from tickets.workbench.taking_down import take_down, taken_down
from tickets.workbench.views.frame import desk_page, page
from users.accounts.requests import StaffRequest
from users.profiles.models import Customer
from users.profiles.services import current


class TakingDownForm(forms.Form):
    """The form for a new ticket; ``key`` makes submitting it twice harmless."""

    channel = forms.ModelChoiceField(
        Channel.objects.filter(is_active=True).order_by("name"),
        label=_("How they reached us"),
        help_text=_("Figures count it there."),
    )
    address = forms.CharField(
        label=_("E-mail or phone"),
        required=False,
        max_length=320,
        help_text=_("An e-mail address gets the answers. Empty when they gave none."),
    )
    name = forms.CharField(label=_("Their name"), required=False, max_length=200)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=300)
    text = forms.CharField(
        label=_("What they said, in their words"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


@desk_page
def new_ticket(request: StaffRequest) -> HttpResponseBase:
    """Take down what a customer said by phone or letter; ``customer`` in the URL names a known one."""
    if not request.user.is_agent:
        raise PermissionDenied
    customer = _customer(request)
    form = TakingDownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = take_down(**form.cleaned_data, customer=customer, actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "address", str(refusal))
        else:
            return redirect("desk:taken_down", receipt.feedback.public_id)
    context = {"title": _("New ticket"), "form": form, "customer": customer}
    return page(request, "workbench/new_ticket.html", context)


def _customer(request: StaffRequest) -> Customer | None:
    """Return the requested customer, None without a request. Raises Http404 unless a ticket of theirs is readable."""
    asked = request.GET.get("customer", "")
    if not asked:
        return None
    readable = Ticket.objects.visible_to(request.user).order_by()
    try:
        known = Customer.objects.select_related("merged_into").filter(public_id=uuid.UUID(asked)).first()
    except ValueError:
        raise Http404 from None
    people = Customer.objects.one_person(current(known)) if known else Customer.objects.none()
    if known is None or not readable.filter(feedback__customer__in=people).exists():
        raise Http404
    return current(known)


@desk_page
def taken_down_page(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Redirect to the ticket once a worker has opened it; until then the page polls every second."""
    feedback = taken_down(public_id, by=request.user)
    if feedback is None:
        raise Http404
    ticket = Ticket.objects.filter(feedback=feedback).first()
    if ticket is not None and Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists():
        return redirect("desk:conversation", ticket.public_id)
    context = {
        "title": feedback.number,
        "feedback": feedback,
        "is_elsewhere": ticket is not None,
        "is_over": ticket is None and feedback.state == FeedbackState.CLOSED,
    }
    return page(request, "workbench/taken_down.html", context)
