"""Tags that agents and rules put on tickets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_line
from tickets.desk.locks import touch
from tickets.desk.models import EventKind, Tag, Ticket, TicketEvent
from users.accounts.models import User


class EmptyTag(Refused):
    code = "empty"
    field = "tag"


def add_tags(ticket: Ticket, names: Iterable[str]) -> None:
    """Tag ``ticket`` with ``names``, each cut to 50 characters; create unknown tags. Records no event."""
    for name in names:
        tag, _created = Tag.objects.get_or_create(name=name[:50])
        ticket.tags.add(tag)


@transaction.atomic
def tag(ticket: Ticket, name: str, *, actor: User, at: datetime) -> TicketEvent | None:
    """Tag ``ticket`` by hand; return None when it already had the tag. Raises EmptyTag."""
    name = clean_line(name).lstrip("#")[:50]
    if not name:
        raise EmptyTag(_("Write the tag."))
    if ticket.tags.filter(name=name).exists():
        return None
    add_tags(ticket, [name])
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.TAGGED, at=at, actor=actor, new=name)


@transaction.atomic
def untag(ticket: Ticket, name: str, *, actor: User, at: datetime) -> TicketEvent | None:
    """Remove a tag from ``ticket``; return None when it did not have the tag."""
    found = ticket.tags.filter(name=name).first()
    if found is None:
        return None
    ticket.tags.remove(found)
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.TAGGED, at=at, actor=actor, old=name)
