"""What is held about answers on their way to a person. Their texts are messages and are held there."""

from __future__ import annotations

from datetime import datetime

from tickets.replies.models import Delivery, DeliveryState
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_deliveries(customer: Customer) -> Rows:
    rows = Delivery.objects.filter(address__customer=customer).order_by("pk")
    return rows.values("message__public_id", "address__value", "state", "created_at", "sent_at")


def erase_deliveries(customer: Customer, at: datetime) -> None:
    """What has not left does not leave any more."""
    rows = Delivery.objects.filter(address__customer=customer)
    rows.filter(state=DeliveryState.PENDING).update(state=DeliveryState.HELD)
    rows.update(last_error="")


HOLDINGS = (Holding("deliveries", ("tickets.Delivery",), export_deliveries, erase_deliveries),)
