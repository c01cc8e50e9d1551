"""Split messages about another matter off into a thread of their own; handle two threads as one."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_line
from feedback.intake.models import Direction, Feedback, Message


class CannotPart(Refused):
    code = "cannot_part"
    field = "message"


@transaction.atomic
def part(feedback: Feedback, messages: Collection[uuid.UUID], *, subject: str = "") -> Feedback:
    """Move ``messages`` (public ids) of the customer in ``feedback`` into a new thread and return it.

    The new thread's ``received_at`` is that of the first message. Everything that refers to a message moves with
    it, including later mail replies to it; our answers stay where the customer read them. The caller must hold the
    lock on ``feedback``. A second call no longer finds the messages. Raises CannotPart.
    """
    moved = _chosen(feedback, messages)
    keys = [message.pk for message in moved]
    made = Feedback.objects.create(
        channel_id=feedback.channel_id,
        customer_id=feedback.customer_id,
        address_id=feedback.address_id,
        part_of=feedback,
        subject=clean_line(subject)[:300],
        language=feedback.language,
        app_version=feedback.app_version,
        platform=feedback.platform,
        device=feedback.device,
        page=feedback.page,
        origin=feedback.origin,
        received_at=moved[0].received_at,
        last_message_at=max(message.sent_at for message in moved),
    )
    Message.objects.filter(pk__in=keys).update(feedback=made)
    return made


def _chosen(feedback: Feedback, public_ids: Collection[uuid.UUID]) -> list[Message]:
    """Return the messages to take out of ``feedback``, oldest first. Raises CannotPart when that is not allowed."""
    if not public_ids:
        raise CannotPart(_("Choose the messages that belong to another matter."))
    chosen = list(Message.objects.filter(feedback=feedback, public_id__in=public_ids).order_by("pk"))
    if len(chosen) != len(set(public_ids)):
        raise CannotPart(_("Some of these messages are not in this ticket any more. Look at it again."))
    if any(message.direction == Direction.OUT for message in chosen):
        raise CannotPart(_("Our answers stay where the customer read them. Choose messages of the customer."))
    incoming = Message.objects.filter(feedback=feedback, direction=Direction.IN)
    if not incoming.exclude(pk__in=[message.pk for message in chosen]).exists():
        raise CannotPart(_("One of the customer's messages must stay."))
    return chosen


def handle_with(feedback: Feedback, other: Feedback | None) -> None:
    """Show the customer that ``feedback`` is handled together with ``other``, or with no other (None)."""
    Feedback.objects.filter(pk=feedback.pk).update(handled_with=other)
    feedback.handled_with = other
