"""Feedback by phone or letter, taken down by an agent and then treated like any other message."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from feedback.intake.incoming import Incoming
from feedback.intake.models import Channel, Direction, Feedback, Message
from feedback.intake.services import Receipt, receive
from users.accounts.models import User
from users.profiles.models import AddressKind, Customer
from users.profiles.services import Handle, current, known_address, rename


@transaction.atomic
def take_down(
    text: str,
    *,
    subject: str,
    channel: Channel,
    customer: Customer | None,
    name: str = "",
    address: str = "",
    key: uuid.UUID,
    actor: User,
    at: datetime,
) -> Receipt:
    """Store what ``customer`` said to ``actor``; it is assessed and routed as if it had come in by ``channel``.

    Without ``customer``, it belongs to the customer who proved ``address`` (mail or phone), else to a new one called
    ``name``, whose address stays unproven, since a call proves nothing. The same ``key`` again stores nothing. Raises
    NotAnAddress and whatever ``receive`` raises.
    """
    handle = None
    if customer is None and address.strip():
        kind = AddressKind.EMAIL if "@" in address else AddressKind.PHONE
        known = known_address(Handle(kind, address, is_proven=True))
        customer = current(known.customer) if known else None
        handle = None if known else Handle(kind, address, display_name=name)
    receipt = receive(
        Incoming(
            channel=channel,
            external_id=str(key),
            text=text,
            sent_at=at,
            handle=handle,
            customer=customer,
            subject=subject,
            taken_down_by=actor,
        ),
        at=at,
    )
    if receipt.is_new and customer is None and handle is None:
        # A name comes in with an address; without one it is written here.
        rename(receipt.feedback.customer, name=name)
    return receipt


def taken_down(public_id: uuid.UUID, *, by: User) -> Feedback | None:
    """Return the feedback with this id if ``by`` took it down, else None. One query."""
    told = Message.objects.filter(feedback=OuterRef("pk"), direction=Direction.IN, author=by)
    return Feedback.objects.filter(Exists(told), public_id=public_id).first()
