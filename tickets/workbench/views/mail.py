"""Outgoing mail: what was sent, what failed, and what would be sent, as the recipient would see it."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.origins import Origin
from config.kit.staff import shown_in_frame
from config.kit.text import number_in
from feedback.channels.email.compose import Composed, NotAddressable, compose
from tickets.desk.models import Ticket
from tickets.replies.deliveries import outgoing_of
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import STOPPED, send_again
from tickets.workbench.views.frame import desk_action, desk_page, page
from users.accounts.requests import StaffRequest
from users.profiles.models import AddressKind

PAGE_SIZE = 50


def deliveries_for(user: Any) -> QuerySet[Delivery]:
    """Return the mail deliveries for tickets that ``user`` may read."""
    readable = Ticket.objects.visible_to(user).order_by().values("feedback")
    return Delivery.objects.filter(message__feedback__in=readable, address__kind=AddressKind.EMAIL)


@desk_page
def outgoing_mail(request: StaffRequest) -> HttpResponseBase:
    """List mails, newest first; ``state`` filters the list, ``before`` gives the next page."""
    chosen = request.GET.get("state", "")
    before = number_in(request.GET.get("before", ""))
    mails = deliveries_for(request.user).select_related("address", "message__feedback", "message__author")
    if chosen in DeliveryState.values:
        mails = mails.filter(state=chosen)
    if before is not None:
        mails = mails.filter(pk__lt=before)
    found = list(mails.order_by("-pk")[: PAGE_SIZE + 1])
    tickets = Ticket.objects.in_bulk([one.message.feedback_id for one in found], field_name="feedback_id")
    context = {
        "title": _("Outgoing mail"),
        "mails": [(one, tickets[one.message.feedback_id]) for one in found[:PAGE_SIZE]],
        "before": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
        "states": [(value, label, value == chosen) for value, label in DeliveryState.choices],
        "chosen": chosen,
    }
    return page(request, "workbench/mail.html", context)


@desk_page
def one_mail(request: StaffRequest, delivery_id: int) -> HttpResponseBase:
    """Show one mail with its headers; its HTML is in a sandboxed frame."""
    delivery = delivery_or_404(request, delivery_id)
    composed = composed_or_none(delivery)
    context = {
        "title": _("Outgoing mail"),
        "delivery": delivery,
        "may_send_again": delivery.state in STOPPED and delivery.message.origin == Origin.LIVE,
        "ticket": Ticket.objects.get(feedback=delivery.message.feedback_id),
        "headers": [(name, str(value)) for name, value in composed.mail.items()] if composed else [],
        "files": delivery.message.attachments.defer("content").order_by("pk"),
        "text": part_of(composed.mail, "plain") if composed else delivery.message.text,
    }
    return page(request, "workbench/one_mail.html", context)


@desk_action
def send_mail_again(request: StaffRequest, delivery_id: int) -> dict[str, Any]:
    """Resend a mail that did not reach its customer."""
    send_again(delivery_or_404(request, delivery_id), actor=request.user, at=timezone.now())
    return {"done": _("It is being sent.")}


@shown_in_frame
def mail_html(request: StaffRequest, delivery_id: int) -> HttpResponseBase:
    """Serve the HTML of the mail, which our own template wrote, for the frame."""
    composed = composed_or_none(delivery_or_404(request, delivery_id))
    if composed is None:
        raise Http404
    return HttpResponse(part_of(composed.mail, "html"))


def delivery_or_404(request: StaffRequest, delivery_id: int) -> Delivery:
    """Return the delivery. Raises Http404 unless this user may read its ticket."""
    delivery = (
        deliveries_for(request.user)
        .select_related("address", "message__feedback__channel", "message__feedback__customer")
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None:
        raise Http404
    return delivery


def composed_or_none(delivery: Delivery) -> Composed | None:
    """Return the exact mail that is or would be sent; None if its address cannot be used in a mail."""
    try:
        return compose(outgoing_of(delivery))
    except NotAddressable:
        return None


def part_of(mail: EmailMessage, subtype: str) -> str:
    """Return the text of the mail's ``plain`` or ``html`` part."""
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
