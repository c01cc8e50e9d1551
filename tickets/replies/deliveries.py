"""Send one answer to one address: claim, send, mark. The outbox handlers of ``delivery.send`` and ``.again``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from config.kit.mails import mail_domain
from config.kit.outbox.claims import claim
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import MOST_ATTEMPTS
from feedback.channels.contract import Outgoing, SendState
from feedback.channels.registry import kind_reaching
from feedback.intake.links import status_link
from feedback.intake.models import Direction, Feedback, Message
from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.replies.models import Delivery, DeliveryState
from users.profiles.services import hold_unerased

log = structlog.get_logger(__name__)

#: The outbox kind whose handler sends one delivery.
DELIVERY_SEND = "delivery.send"
#: Sends it again on an agent's request; its subject is the event that records the request.
DELIVERY_AGAIN = "delivery.again"
#: The most messages of a thread that a reply refers to; mail clients need only the last few.
MOST_REFERENCES = 20

ENDS = {
    SendState.SENT: DeliveryState.SENT,
    SendState.REFUSED: DeliveryState.FAILED,
    SendState.HELD: DeliveryState.HELD,
}


class TakesItLater(Exception):
    """The receiving server could not take it now: the outbox retries the same delivery."""


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended: SENT, FAILED or HELD; ``detail`` is for operators and contains no message text."""

    state: DeliveryState
    external_id: str = ""
    detail: str = ""


def send_delivery(delivery_id: int, at: datetime) -> Outcome | None:
    """Try to send the delivery once, within 5 s; return None when it no longer needs sending.

    Running twice is harmless: `sending` is committed before anything leaves. When a row is found `sending`,
    it is unknown whether it left: an automatic message is given up, an agent's is resent once under its old id.
    Raises TakesItLater, and NotNow when its state changed concurrently.
    """
    delivery = Delivery.objects.select_related("message__feedback__customer", "address").get(pk=delivery_id)
    is_again = delivery.state == DeliveryState.SENDING
    if is_again and (delivery.message.is_automatic or delivery.was_resent):
        return Outcome(
            DeliveryState.FAILED,
            detail=gettext_noop("unknown whether it was sent: the sender stopped meanwhile"),
        )
    if not is_again and delivery.state != DeliveryState.PENDING:
        return None
    kind = kind_reaching(delivery.address.kind)
    if kind is None:
        return Outcome(DeliveryState.FAILED, detail=gettext_noop("no channel reaches this kind of address"))
    outgoing = outgoing_of(delivery)
    seen = Delivery.objects.filter(pk=delivery_id, state=delivery.state, was_resent=delivery.was_resent)
    claim(seen, state=DeliveryState.SENDING, sending_at=at, was_resent=is_again or delivery.was_resent)
    result = kind.send(outgoing)
    if result.state is SendState.TRY_LATER:
        return put_back(Delivery.objects.filter(pk=delivery.pk), tries=delivery.tries, detail=result.detail)
    return Outcome(ENDS[result.state], external_id=result.external_id, detail=result.detail)


def put_back(row: QuerySet[Any], *, tries: int, detail: str) -> Outcome:
    """Return a ``row`` that was not accepted to `pending`, or give it up after the last try.

    ``row`` selects one row; ``tries`` is the number of earlier tries. Raises TakesItLater, so that the outbox
    retries.
    """
    if tries + 1 >= MOST_ATTEMPTS:
        return Outcome(DeliveryState.FAILED, detail=f"given up after {MOST_ATTEMPTS} tries: {detail}")
    row.update(state=DeliveryState.PENDING, tries=F("tries") + 1, last_error=detail[:300])
    raise TakesItLater(detail)


def mark_delivery(delivery_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record how the delivery ended; a failure is shown on the ticket."""
    if outcome is None:
        return
    delivery = Delivery.objects.select_related("message", "address").get(pk=delivery_id)
    delivery.state = outcome.state
    delivery.tries += 1
    if outcome.state == DeliveryState.SENT:
        delivery.sent_at, delivery.last_error = at, ""
        delivery.external_id = outcome.external_id or delivery.external_id
    else:
        # Mail servers quote the address that they refuse, so an erased customer's error is not kept.
        is_kept = bool(hold_unerased({delivery.address.customer_id}))
        delivery.last_error = outcome.detail[:300] if is_kept else ""
        if outcome.state == DeliveryState.FAILED:
            log.warning("delivery_failed", delivery=delivery.pk)
            show_failure(delivery, at=at)
    delivery.save(update_fields=["state", "tries", "sent_at", "last_error", "external_id"])


def send_delivery_again(event_id: int, at: datetime) -> Outcome | None:
    """Send a delivery again on an agent's request, as ``send_delivery`` does."""
    return send_delivery(_wanted_by(event_id), at)


def mark_delivery_again(event_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record how the delivery ended this time."""
    mark_delivery(_wanted_by(event_id), outcome, at)


def _wanted_by(event_id: int) -> int:
    return int(TicketEvent.objects.get(pk=event_id).details["delivery"])


def show_failure(delivery: Delivery, *, at: datetime, **details: int) -> None:
    """Record on its ticket, if it has one, that ``delivery`` did not arrive; the event keeps ``details`` too."""
    ticket = Ticket.objects.filter(feedback_id=delivery.message.feedback_id).first()
    if ticket is not None:
        TicketEvent.objects.create(
            ticket_id=ticket.top_id,
            kind=EventKind.DELIVERY_FAILED,
            at=at,
            details={"delivery": delivery.pk, "message": delivery.message_id, **details},
        )


def outgoing_of(delivery: Delivery) -> Outgoing:
    """Return ``delivery`` as its channel needs it. The admin shows held mail with it too."""
    feedback = delivery.message.feedback
    return Outgoing(
        message=delivery.message,
        address=delivery.address,
        external_id=delivery.external_id,
        language=delivery.language,
        subject=feedback.subject,
        in_reply_to=thread_ids(feedback, before=delivery.message_id),
        status_link=status_link(feedback),
    )


def external_id_of(message: Message) -> str:
    """Return the external id of ``message``, the same at each try: for mail, its Message-ID.

    It contains the message's random public id, so that a reply referring to it proves that its sender knows the id.
    """
    return f"{message.public_id}@{mail_domain()}"


def thread_ids(feedback: Feedback, *, before: int) -> tuple[str, ...]:
    """Return the channel's ids of the messages before ``before``, oldest first, at most MOST_REFERENCES."""
    heard = feedback.messages.filter(pk__lt=before, direction=Direction.IN).values_list("pk", "external_id")
    answered = Delivery.objects.filter(message__feedback=feedback, message_id__lt=before).values_list(
        "message_id", "external_id"
    )
    ids = [external_id for _pk, external_id in sorted([*heard, *answered])]
    return tuple(ids[-MOST_REFERENCES:])


DELIVERY_HANDLER = Handler(kind=DELIVERY_SEND, lane=Lane.DEFAULT, work=send_delivery, effect=mark_delivery)
DELIVERY_AGAIN_HANDLER = Handler(
    kind=DELIVERY_AGAIN, lane=Lane.DEFAULT, work=send_delivery_again, effect=mark_delivery_again
)
