"""Links between tickets, made by agents."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.desk.access import check_may_work_on
from tickets.desk.locks import hold, touch
from tickets.desk.models import EventKind, LinkKind, Ticket, TicketEvent, TicketLink
from users.accounts.models import User


class CannotLink(Refused):
    code = "cannot_link"
    field = "number"


@transaction.atomic
def link(ticket: Ticket, *, to: Ticket, kind: LinkKind, actor: User, at: datetime) -> tuple[TicketLink, bool]:
    """Record that ``ticket`` is a ``kind`` of ``to``; return the link and whether it is new.

    Linking again, or from the other side, changes nothing. Raises CannotLink, CannotWorkOn.
    """
    if ticket.pk == to.pk:
        raise CannotLink(_("This is the same ticket."))
    # Both threads are locked: two agents linking the same tickets from both sides make one link.
    check_may_work_on(hold(ticket, to), actor)
    either_way = Q(source=ticket, target=to) | Q(source=to, target=ticket)
    known = TicketLink.objects.filter(either_way, kind=kind).first()
    if known is not None:
        return known, False
    made = TicketLink.objects.create(source=ticket, target=to, kind=kind, at=at, actor=actor)
    _tell_both(made, EventKind.LINKED, actor=actor, at=at)
    return made, True


@transaction.atomic
def unlink(made: TicketLink, *, actor: User, at: datetime) -> None:
    """Remove the link, if it still exists. Raises CannotWorkOn unless ``actor`` may work on its source."""
    check_may_work_on(hold(made.source, made.target), actor)
    if TicketLink.objects.filter(pk=made.pk).delete()[0]:
        _tell_both(made, EventKind.UNLINKED, actor=actor, at=at)


def _tell_both(made: TicketLink, kind: EventKind, *, actor: User, at: datetime) -> None:
    for one, other in ((made.source, made.target), (made.target, made.source)):
        touch(one, at=at)
        TicketEvent.objects.create(
            ticket=one, kind=kind, at=at, actor=actor, new=other.number, details={"kind": made.kind}
        )
