"""The personal data webhooks hold: deliveries about a customer, and the receivers' answers, which may quote them."""

from __future__ import annotations

from datetime import datetime

from feedback.intake.models import Rating
from tickets.desk.models import TicketEvent
from tickets.hooks.models import HookDelivery, HookTry
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_deliveries(customer: Customer) -> Rows:
    rows = HookDelivery.objects.filter(pk__in=_about(customer)).order_by("pk")
    return rows.values("type", "state", "happened_at", "ended_at")


def erase_deliveries(customer: Customer, at: datetime) -> None:
    """Erase the answers; nothing else is kept, since bodies are made from rows that are erased themselves."""
    HookTry.objects.filter(delivery__in=_about(customer)).update(response="", error="")


def _about(customer: Customer) -> list[int]:
    """Return the keys of the deliveries about ``customer``. Two queries, each with an index; an OR would have none."""
    events = TicketEvent.objects.filter(ticket__feedback__customer=customer)
    ratings = Rating.objects.filter(feedback__customer=customer)
    of_events = HookDelivery.objects.filter(event__in=events.values("pk"))
    of_ratings = HookDelivery.objects.filter(rating__in=ratings.values("pk"))
    return [*of_events.values_list("pk", flat=True), *of_ratings.values_list("pk", flat=True)]


HOLDINGS = (
    Holding(
        "webhook_deliveries",
        ("tickets.HookDelivery", "tickets.HookTry"),
        export_deliveries,
        erase_deliveries,
    ),
)
