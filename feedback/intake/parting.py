"""Two matters in one thread: take messages out of it into a thread of their own; and threads handled as one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_line
from feedback.intake.models import Direction, Feedback, Message


class CannotPart(Refused):
    code = "cannot_part"
    field = "message"


@transaction.atomic
def part(feedback: Feedback, messages: Sequence[Message], *, subject: str = "") -> Feedback:
    """Move ``messages``, which the customer wrote in ``feedback``, into a new thread, and return it.

    It was received when the first of them was. Everything that hangs on a message moves with it, also what answers to
    it by mail; our answers stay where they were read. The caller holds the lock of ``feedback``. A second time finds
    the messages gone. Raises CannotPart.
    """
    moved = sorted(messages, key=lambda message: message.pk)
    incoming = Message.objects.filter(feedback=feedback, direction=Direction.IN)
    keys = [message.pk for message in moved]
    if not moved or incoming.filter(pk__in=keys).count() != len(set(keys)):
        raise CannotPart(_("Choose messages of the customer that stand in this thread."))
    if not incoming.exclude(pk__in=keys).exists():
        raise CannotPart(_("One of the customer's messages must stay."))
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
    for message in moved:
        message.feedback = made
    return made


def handle_with(feedback: Feedback, other: Feedback | None) -> None:
    """Let the customer see that ``feedback`` is worked on together with ``other``, or no longer with any."""
    Feedback.objects.filter(pk=feedback.pk).update(handled_with=other)
    feedback.handled_with = other
