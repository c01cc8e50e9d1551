"""What the desk holds about a person: the work on what they said."""

from __future__ import annotations

from datetime import datetime

from tickets.desk.models import CrisisPlace, Draft, DraftFile, LastSeen, Ticket, TicketEvent
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer

TICKET_COLUMNS = (
    "public_id", "subject", "status", "topic", "language", "urgency", "lane", "category", "flags", "sentiment",
    "opened_at", "solved_at",
)  # fmt: skip


def export_tickets(customer: Customer) -> Rows:
    return Ticket.objects.filter(feedback__customer=customer).order_by("pk").values(*TICKET_COLUMNS)


def erase_tickets(customer: Customer, at: datetime) -> None:
    """Erase texts and flags; queue, priority, times and scores stay as figures of our work."""
    tickets = Ticket.objects.filter(feedback__customer=customer)
    Draft.objects.filter(ticket__in=tickets).delete()
    DraftFile.objects.filter(ticket__in=tickets).delete()
    LastSeen.objects.filter(ticket__in=tickets).delete()
    CrisisPlace.objects.filter(ticket__in=tickets).update(false_alarm_reason="")
    tickets.update(subject="", flags=[])


def export_events(customer: Customer) -> Rows:
    rows = TicketEvent.objects.filter(ticket__feedback__customer=customer).order_by("pk")
    # Without the notes: they may also mention other people, so an administrator reviews them first.
    return rows.values("ticket__public_id", "kind", "at", "old", "new")


def erase_events(customer: Customer, at: datetime) -> None:
    TicketEvent.objects.filter(ticket__feedback__customer=customer).update(note="")


HOLDINGS = (
    Holding(
        "tickets",
        (
            "tickets.Ticket",
            "tickets.CrisisPlace",
            "tickets.Draft",
            "tickets.DraftFile",
            "tickets.LastSeen",
            "tickets.TicketLink",
        ),
        export_tickets,
        erase_tickets,
    ),
    Holding("ticket_events", ("tickets.TicketEvent",), export_events, erase_events),
)
