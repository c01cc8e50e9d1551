"""Personal data held about outgoing answers. Their texts are held with the messages."""

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
    """Hold back what has not been sent yet, and clear errors."""
    rows = Delivery.objects.filter(address__customer=customer)
    rows.filter(state=DeliveryState.PENDING).update(state=DeliveryState.HELD)
    rows.update(last_error="")


def export_waiting_replies(customer: Customer) -> Rows:
    """Export when we answered; the text of an answer that still waits has not been said yet, like a draft's."""
    rows = WaitingReply.objects.filter(ticket__feedback__customer=customer).order_by("pk")
    return rows.values("ticket__public_id", "pressed_at", "state", "settled_at")


def erase_waiting_replies(customer: Customer, at: datetime) -> None:
    """Delete answers about to leave, with their files. The code that sends one locks out erasure meanwhile."""
    WaitingReply.objects.filter(ticket__feedback__customer=customer).delete()


HOLDINGS = (
    Holding("deliveries", ("tickets.Delivery",), export_deliveries, erase_deliveries),
    Holding("waiting_replies", ("tickets.WaitingReply",), export_waiting_replies, erase_waiting_replies),
)
