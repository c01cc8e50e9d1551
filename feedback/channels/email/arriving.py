"""Record the outcome of a stored mail, once: the outbox handlers of ``mail.stored`` and ``mail.wanted``."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from config.kit.text import digest
from feedback.channels.email.models import Bounce
from feedback.channels.email.polling import MAIL_STORED
from feedback.channels.email.understanding import (
    BouncedMail,
    Understood,
    understand,
    with_bytes_in_name,
)
from feedback.intake.incoming import Incoming
from feedback.intake.models import Direction, Message, RawMessage
from feedback.intake.services import MESSAGE_ACCEPTED, receive

log = structlog.get_logger(__name__)

#: The outbox kind that informs the sender of the message; its subject is a Bounce.
MAIL_BOUNCED = "mail.bounced"
#: The outbox kind that turns a mail that was set aside into a message; its subject is the raw message.
MAIL_WANTED = "mail.wanted"
MAIL = "message/rfc822"
HOUR = timedelta(hours=1)
#: Automatic mail from one sender beyond this is set aside until it slows down.
MOST_AUTOMATIC_PER_HOUR = 10
#: So is mail in a thread where two machines answer each other unmarked.
MOST_PER_THREAD_AND_HOUR = 30
#: RFC 3463: the address does not exist or will never accept mail. Full mailboxes and policies do not count.
_GONE = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.0.0")


class CannotBeWanted(Refused):
    code = "cannot_be_wanted"


def understand_mail(raw_id: int, at: datetime) -> Understood | None:
    """Parse the mail outside any transaction, in a child process; None when it was already handled."""
    raw = RawMessage.objects.select_related("channel").get(pk=raw_id)
    return None if raw.handled_at else understand(raw)


def settle_mail(raw_id: int, understood: Understood | None, at: datetime) -> None:
    """Write the message, the bounces, or the reason for neither. Twice is harmless: the raw row is locked."""
    raw = RawMessage.objects.select_for_update(of=("self",)).select_related("channel").get(pk=raw_id)
    if raw.handled_at is not None or understood is None:
        return
    if understood.bounces:
        _record_bounces(raw, understood.bounces, at=at)
        _set_aside(raw, "bounce", at=at)
    elif understood.incoming is None:
        _set_aside(raw, understood.set_aside, at=at)
    else:
        _receive(raw, understood.incoming, at=at)


def _receive(raw: RawMessage, incoming: Incoming, *, at: datetime) -> None:
    flood = _flood(incoming, at=raw.received_at)
    if flood:
        log.warning("mail_flood", channel=raw.channel.slug, raw=raw.pk, reason=flood)
        _set_aside(raw, flood, at=at)
        return
    receipt = receive(incoming, at=raw.received_at)
    if not receipt.is_new and _differs(receipt.message, incoming):
        # Two mails may carry the same Message-ID: an attacker may have sent the first.
        receipt = receive(with_bytes_in_name(incoming, raw), at=raw.received_at)
    if not receipt.is_new:
        _set_aside(raw, "received_before", at=at)
    elif incoming.thread is None and not incoming.is_automatic:
        owe(MESSAGE_ACCEPTED, receipt.message.pk, at=at)


def _differs(message: Message, incoming: Incoming) -> bool:
    """Return whether a message with the same id and text has different attachments."""
    had = sorted(message.attachments.values_list("sha256", flat=True))
    return had != sorted(digest(file.content) for file in incoming.attachments)


def _flood(incoming: Incoming, *, at: datetime) -> str:
    """Return why this mail exceeds a limit, "" when it does not."""
    recent = Message.objects.filter(
        direction=Direction.IN, channel=incoming.channel, received_at__gt=at - HOUR
    )
    if incoming.thread is not None:
        count = recent.filter(feedback=incoming.thread).count()
        return "too_many_in_thread" if count >= MOST_PER_THREAD_AND_HOUR else ""
    if incoming.is_automatic and incoming.handle is not None:
        sent = recent.filter(is_automatic=True, feedback__address__value=incoming.handle.value)
        return "too_many_automatic" if sent.count() >= MOST_AUTOMATIC_PER_HOUR else ""
    return ""


def _record_bounces(raw: RawMessage, bounces: tuple[BouncedMail, ...], *, at: datetime) -> None:
    for bounced in bounces:
        bounce, created = Bounce.objects.get_or_create(
            raw=raw,
            email=bounced.email[:320],
            defaults={
                "message_id": bounced.message,
                "status": bounced.status,
                "diagnostic": bounced.diagnostic[:500],
                "is_permanent": bounced.status in _GONE,
                "at": at,
            },
        )
        if created:
            owe(MAIL_BOUNCED, bounce.pk, at=at)


def _set_aside(raw: RawMessage, reason: str, *, at: datetime) -> None:
    RawMessage.objects.filter(pk=raw.pk).update(handled_at=at, set_aside=reason[:60])


@transaction.atomic
def want(raw: RawMessage, *, at: datetime) -> None:
    """Schedule a mail that was set aside to become a message after all: a person disagrees with the reason.

    Raises CannotBeWanted; also on a second call, whatever the result of the first.
    """
    if not raw.set_aside or raw.media_type != MAIL:
        raise CannotBeWanted(_("It was not set aside."))
    if not raw.content:
        raise CannotBeWanted(_("Its content was erased."))
    if owe(MAIL_WANTED, raw.pk, at=at) is None:
        raise CannotBeWanted(_("Somebody asked for it already."))


def understand_wanted(raw_id: int, at: datetime) -> Understood | None:
    """Parse the mail in a child process; None when it has already become a message."""
    raw = RawMessage.objects.select_related("channel").get(pk=raw_id)
    return understand(raw, is_wanted=True) if raw.set_aside else None


def settle_wanted(raw_id: int, understood: Understood | None, at: datetime) -> None:
    """Write the message as if the mail had just arrived. Twice is harmless: the raw row is locked."""
    raw = RawMessage.objects.select_for_update(of=("self",)).get(pk=raw_id)
    if not raw.set_aside or understood is None or understood.incoming is None:
        return
    receipt = receive(understood.incoming, at=at)
    if not receipt.is_new:
        _set_aside(raw, "received_before", at=at)
    else:
        RawMessage.objects.filter(pk=raw.pk).update(set_aside="", handled_at=at)


MAIL_STORED_HANDLER = Handler(kind=MAIL_STORED, lane=Lane.DEFAULT, work=understand_mail, effect=settle_mail)
MAIL_WANTED_HANDLER = Handler(
    kind=MAIL_WANTED, lane=Lane.DEFAULT, work=understand_wanted, effect=settle_wanted
)
