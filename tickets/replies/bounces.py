"""The outbox handler of ``mail.bounced``: update the delivery that a bounce is about."""

from __future__ import annotations

from datetime import datetime

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.channels.email.arriving import MAIL_BOUNCED
from feedback.channels.email.models import Bounce
from tickets.replies.deliveries import show_failure
from tickets.replies.models import Delivery, DeliveryState
from users.profiles.models import AddressKind
from users.profiles.services import mark_unreachable, normalised


def mark_bounced(bounce_id: int, _nothing: None, at: datetime) -> None:
    """Mark the delivery as bounced, record it on its ticket, and stop writing to an address that is gone.

    Only for an address that the message was really sent to: a bounce proves only that its sender knows our
    Message-ID. Running twice is harmless: a delivery bounces once.
    """
    bounce = Bounce.objects.select_related("message").get(pk=bounce_id)
    wanted = normalised(AddressKind.EMAIL, bounce.email)
    deliveries = Delivery.objects.select_related("address", "message").filter(
        message=bounce.message, address__normalised=wanted
    )
    for delivery in deliveries.exclude(state=DeliveryState.BOUNCED):
        error = f"{bounce.status} {bounce.diagnostic}".strip()[:300]
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.BOUNCED, last_error=error)
        if bounce.is_permanent:
            mark_unreachable(delivery.address)
        show_failure(delivery, at=at, bounce=bounce.pk)


MAIL_BOUNCED_HANDLER = Handler(kind=MAIL_BOUNCED, lane=Lane.DEFAULT, effect=mark_bounced)
