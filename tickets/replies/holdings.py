"""What is held about answers on their way to a person. Their texts are messages and are held there."""

from __future__ import annotations

from datetime import datetime

from tickets.desk.models import WaitingReply
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


def export_waiting_replies(customer: Customer) -> Rows:
    """When we answered; the text of what still waits is not said yet, as that of a draft is not."""
    rows = WaitingReply.objects.filter(ticket__feedback__customer=customer).order_by("pk")
    return rows.values("ticket__public_id", "pressed_at", "state", "settled_at")


def erase_waiting_replies(customer: Customer, at: datetime) -> None:
    """What was about to leave does not; its files go with it. Whoever lets one go holds this back."""
    WaitingReply.objects.filter(ticket__feedback__customer=customer).delete()


HOLDINGS = (
    Holding("deliveries", ("tickets.Delivery",), export_deliveries, erase_deliveries),
    Holding("waiting_replies", ("tickets.WaitingReply",), export_waiting_replies, erase_waiting_replies),
)
