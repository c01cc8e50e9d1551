"""Say that two tickets have to do with each other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.desk.models import EventKind, LinkKind, Ticket, TicketEvent, TicketLink
from tickets.desk.services import touch
from users.accounts.models import User


class LinkedToItself(Refused):
    code = "linked_to_itself"


@transaction.atomic
def link(ticket: Ticket, *, to: Ticket, kind: LinkKind, actor: User, at: datetime) -> TicketLink:
    """Note that ``ticket`` is a ``kind`` of ``to``; again, or from the other side, changes nothing.

    Raises LinkedToItself.
    """
    if ticket.pk == to.pk:
        raise LinkedToItself(_("A ticket cannot be linked with itself."))
    # In the order of their keys: two agents linking the same two from both sides wait, and do not lock each other.
    list(Ticket.objects.select_for_update().filter(pk__in=(ticket.pk, to.pk)).order_by("pk"))
    either_way = Q(source=ticket, target=to) | Q(source=to, target=ticket)
    known = TicketLink.objects.filter(either_way, kind=kind).first()
    if known is not None:
        return known
    for one, other in ((ticket, to), (to, ticket)):
        touch(one, at=at)
        TicketEvent.objects.create(
            ticket=one, kind=EventKind.LINKED, at=at, actor=actor, new=other.number, details={"kind": kind}
        )
    return TicketLink.objects.create(source=ticket, target=to, kind=kind, at=at, actor=actor)
