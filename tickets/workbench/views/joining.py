"""Merge and unmerge, link and unlink, and split tickets."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from feedback.analysis.lexemes import read_query
from feedback.intake.models import Feedback
from tickets.desk.linking import link, unlink
from tickets.desk.merging import merge, unmerge
from tickets.desk.models import LinkKind, Ticket, TicketLink
from tickets.routing.splitting import split
from tickets.workbench.choices import MERGE
from tickets.workbench.views.frame import desk_action, ticket_or_404


class NoSuchTicket(Refused):
    code = "no_such_ticket"
    field = "number"


def named(text: str, user: Any) -> Ticket:
    """Return the ticket with the number ``text``, E-10042 or 10042. Raises NoSuchTicket, also if it is not readable."""
    number = read_query(text.strip()).number
    tickets = Ticket.objects.visible_to(user)
    found = tickets.filter(feedback=Feedback.key_of(number)).first() if number else None
    if found is None:
        raise NoSuchTicket(_("There is no ticket with this number that you may read."))
    return found


@desk_action
def join(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Merge the ticket into another one, or link it; after a merge, go to the other ticket."""
    user: Any = request.user
    ticket = ticket_or_404(request, public_id)
    other = named(request.POST.get("number", ""), user)
    how = request.POST.get("how", "")
    if how == MERGE:
        merge(ticket, into=other, actor=user, at=timezone.now())
        done = _("%(number)s was merged into this ticket.") % {"number": ticket.number}
        return {"done": done, "next": reverse("desk:conversation", args=[other.public_id])}
    if how not in LinkKind.values:
        raise Http404
    link(ticket, to=other, kind=LinkKind(how), actor=user, at=timezone.now())
    return {"done": _("Linked.")}


@desk_action
def split_off(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Move the chosen messages into a new ticket, and go to it."""
    user: Any = request.user
    ticket = ticket_or_404(request, public_id)
    try:
        chosen = [uuid.UUID(one) for one in request.POST.getlist("message")]
    except ValueError:
        raise Http404 from None
    subject = request.POST.get("subject", "")
    made = split(ticket, chosen, subject=subject, actor=user, at=timezone.now())
    done = _("%(number)s is a ticket of its own now.") % {"number": made.number}
    return {"done": done, "next": reverse("desk:conversation", args=[made.public_id])}


@desk_action
def part(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Undo the merge of the ticket."""
    user: Any = request.user
    ticket = ticket_or_404(request, public_id)
    unmerge(ticket, actor=user, at=timezone.now())
    done = _("%(number)s is a ticket of its own again.") % {"number": ticket.number}
    return {"done": done, "next": reverse("desk:conversation", args=[ticket.public_id])}


@desk_action
def remove_link(request: HttpRequest, public_id: uuid.UUID, link_id: int) -> dict[str, Any]:
    """Remove a link of the ticket."""
    user: Any = request.user
    ticket = ticket_or_404(request, public_id)
    found = TicketLink.objects.select_related("source", "target").filter(pk=link_id).first()
    if found is None or ticket not in (found.source, found.target):
        raise Http404
    unlink(found, actor=user, at=timezone.now())
    return {"done": _("Link removed.")}
