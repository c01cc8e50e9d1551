"""Changes to a ticket since its page was loaded."""

from __future__ import annotations

from django.db.models import Max

from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.workbench.history import Names, described


def newest_event(ticket: Ticket) -> int:
    """Return the id of the ticket's newest event, 0 for none; the page uses it to ask for later changes. One query."""
    return TicketEvent.objects.filter(ticket=ticket).aggregate(newest=Max("pk"))["newest"] or 0


def changes_since(ticket: Ticket, seen: int) -> list[str]:
    """Return a sentence for each of the ten newest events after event ``seen``, oldest first. At most four queries."""
    events = (
        TicketEvent.objects.filter(ticket=ticket, pk__gt=seen).select_related("actor").order_by("-pk")[:10]
    )
    names = Names()
    return [_sentence(event, names) for event in reversed(events)]


def _sentence(event: TicketEvent, names: Names) -> str:
    who = event.actor.name if event.actor else "Earshot"
    if event.kind in (EventKind.MESSAGE_IN, EventKind.REPLIED, EventKind.NOTED):
        what = str(EventKind(event.kind).label)
        return what if event.kind == EventKind.MESSAGE_IN else f"{who}: {what}"
    sentence, _icon = described(event, names)
    return f"{who} {sentence}"
