"""The tickets linked to a ticket."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from tickets.desk.models import LinkKind, Ticket, TicketLink
from users.accounts.models import User


@dataclass(frozen=True)
class Linked:
    """A linked ticket; ``how`` reads from this ticket to the other: "Duplicate of", "Has the duplicate"."""

    how: str
    ticket: Ticket
    link_id: int


def linked_tickets(ticket: Ticket, user: User) -> list[Linked]:
    """Return the linked tickets that ``user`` may read. Two queries."""
    links = list(TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)).order_by("pk"))
    others = {link.target_id if link.source_id == ticket.pk else link.source_id for link in links}
    visible = Ticket.objects.visible_to(user).in_bulk(others)
    found = []
    for link in links:
        is_source = link.source_id == ticket.pk
        other = visible.get(link.target_id if is_source else link.source_id)
        if other is not None:
            how = str(LinkKind(link.kind).label) if is_source else _backwards(link.kind)
            found.append(Linked(how, other, link.pk))
    return found


def _backwards(kind: str) -> str:
    backwards = {
        LinkKind.DUPLICATE: _("Has the duplicate"),
        LinkKind.FOLLOWS: _("Followed by"),
        LinkKind.SPLIT: _("Was split into"),
    }
    return backwards.get(LinkKind(kind), str(LinkKind(kind).label))
