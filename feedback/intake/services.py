"""The one door: every message of every channel becomes a row here, or an error there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.services import owe
from config.kit.text import clean_line, clean_text, digest
from feedback.intake.files import kind_of_content, safe_filename
from feedback.intake.incoming import (
    MOST_ATTACHMENT_BYTES,
    MOST_ATTACHMENTS,
    MOST_TEXT,
    Incoming,
    IncomingFile,
)
from feedback.intake.models import (
    Attachment,
    Channel,
    Direction,
    Feedback,
    FeedbackState,
    Idempotency,
    Message,
    RawMessage,
)
from feedback.intake.screen import screen
from users.accounts.models import User
from users.profiles.models import Address, Customer
from users.profiles.services import identify

#: The outbox kind whose handler assesses the message and opens or reopens its ticket.
MESSAGE_RECEIVED = "message.received"


class EmptyMessage(Refused):
    code = "empty"
    field = "text"


class TextTooLong(Refused):
    code = "too_long"
    field = "text"


class TooManyFiles(Refused):
    code = "too_many_files"
    field = "attachments"


class FileTooLarge(Refused):
    code = "file_too_large"
    field = "attachments"


class KeyReused(Refused):
    """The same idempotency key came with a different body."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class IdempotencyKey:
    principal: str
    key: str
    request_hash: str


@dataclass(frozen=True)
class Receipt:
    """What intake did: ``is_new`` is False when this very message was here already."""

    feedback: Feedback
    message: Message
    is_new: bool


def receive(incoming: Incoming, *, at: datetime, once: IdempotencyKey | None = None) -> Receipt:
    """Store ``incoming`` and owe its assessment, all in one transaction; ``at`` is the time of arrival.

    The same message again (same channel, external id and text) or the same idempotency key returns
    the first one. Raises EmptyMessage, TextTooLong, TooManyFiles, FileTooLarge, KeyReused.
    """
    try:
        return _receive(incoming, at=at, once=once)
    except IntegrityError:
        # Its twin committed between our look and our insert: this time the look finds it. Anything
        # else that breaks a constraint breaks it again and is raised.
        return _receive(incoming, at=at, once=once)


@transaction.atomic
def _receive(incoming: Incoming, *, at: datetime, once: IdempotencyKey | None) -> Receipt:
    if once is not None:
        earlier = _earlier(once)
        if earlier is not None:
            return earlier
    text = _checked_text(incoming)
    content_hash = digest(text.encode())
    duplicate = _duplicate(incoming, content_hash)
    if duplicate is not None:
        return duplicate

    feedback = _locked_thread(incoming) or _open_feedback(incoming, at=at)
    hits = screen(text)
    message = Message(
        feedback=feedback,
        channel=incoming.channel,
        external_id=incoming.external_id[:400],
        content_hash=content_hash,
        text=text,
        html=incoming.html,
        author_name=clean_line(incoming.handle.display_name)[:200] if incoming.handle else "",
        is_automatic=incoming.is_automatic,
        raw=_stored_raw(incoming, at=at),
        danger_hits=[asdict(hit) for hit in hits],
        origin=incoming.origin,
        sent_at=incoming.sent_at,
        received_at=at,
    )
    message.save(force_insert=True)
    _attach(message, incoming.attachments)
    if once is not None:
        _remember(once, message, at=at)
    live = incoming.origin in (Origin.LIVE, Origin.DRILL)
    owe(
        MESSAGE_RECEIVED,
        message.pk,
        at=at,
        lane=Lane.CRISIS if live else Lane.BULK,
        priority=Priority.BULK if not live else Priority.URGENT if hits else Priority.NORMAL,
    )
    return Receipt(feedback, message, is_new=True)


def _earlier(once: IdempotencyKey) -> Receipt | None:
    row = (
        Idempotency.objects.select_related("message__feedback__channel")
        .filter(principal=once.principal, key=once.key)
        .first()
    )
    if row is None:
        return None
    if row.request_hash != once.request_hash:
        raise KeyReused(
            _("This Idempotency-Key was used for another request. Use a new key for new content.")
        )
    return Receipt(row.message.feedback, row.message, is_new=False)


def _remember(once: IdempotencyKey, message: Message, *, at: datetime) -> None:
    # Of two equal requests at once the second insert waits for the first's commit, then fails.
    Idempotency.objects.create(
        principal=once.principal, key=once.key, request_hash=once.request_hash, message=message, created_at=at
    )


def _checked_text(incoming: Incoming) -> str:
    text = clean_text(incoming.text)
    if not text and not incoming.attachments and incoming.rating is None:
        raise EmptyMessage(_("Write what happened: the text is empty."))
    if len(text) > MOST_TEXT:
        raise TextTooLong(
            _("The text has %(have)d characters; at most %(most)d are taken. Attach the rest as a file.")
            % {"have": len(text), "most": MOST_TEXT}
        )
    if len(incoming.attachments) > MOST_ATTACHMENTS:
        raise TooManyFiles(_("At most %(most)d files are taken.") % {"most": MOST_ATTACHMENTS})
    for file in incoming.attachments:
        if len(file.content) > MOST_ATTACHMENT_BYTES:
            raise FileTooLarge(
                _("A file may have %(most)d MB at most.") % {"most": MOST_ATTACHMENT_BYTES // 1024**2}
            )
    return text


def _duplicate(incoming: Incoming, content_hash: str) -> Receipt | None:
    message = (
        Message.objects.select_related("feedback")
        .filter(channel=incoming.channel, external_id=incoming.external_id[:400], content_hash=content_hash)
        .first()
    )
    return Receipt(message.feedback, message, is_new=False) if message else None


def _locked_thread(incoming: Incoming) -> Feedback | None:
    if incoming.thread is None:
        return None
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=incoming.thread.pk)
    feedback.last_message_at = max(feedback.last_message_at, incoming.sent_at)
    feedback.save(update_fields=["last_message_at"])
    return feedback


def _open_feedback(incoming: Incoming, *, at: datetime) -> Feedback:
    customer, address = _who(incoming, at=at)
    feedback = Feedback(
        channel=incoming.channel,
        customer=customer,
        address=address,
        follows=incoming.mentions,
        subject=clean_line(incoming.subject)[:300],
        topic_hint=incoming.topic_hint,
        rating=incoming.rating,
        language=incoming.language,
        app_version=clean_line(incoming.app_version)[:40],
        platform=clean_line(incoming.platform)[:40],
        device=clean_line(incoming.device)[:100],
        page=clean_line(incoming.page)[:300],
        origin=incoming.origin,
        received_at=at,
        last_message_at=incoming.sent_at,
    )
    feedback.save(force_insert=True)
    return feedback


def _who(incoming: Incoming, *, at: datetime) -> tuple[Customer, Address | None]:
    if incoming.customer is not None:
        return incoming.customer, _address_of(incoming.customer)
    if incoming.handle is None:
        # An anonymous sender: a customer of one feedback, answered by its secret status link only.
        return Customer.objects.create(created_at=at, origin=incoming.origin), None
    customer, _created = identify(incoming.handle, at=at, origin=incoming.origin)
    return customer, _address_of(customer, incoming.handle)


def _address_of(customer: Customer, handle: object = None) -> Address | None:
    addresses = list(customer.addresses.filter(is_reachable=True).order_by("id"))
    wanted = getattr(handle, "value", "").strip()
    return next(
        (address for address in addresses if address.value == wanted), addresses[0] if addresses else None
    )


def _stored_raw(incoming: Incoming, *, at: datetime) -> RawMessage | None:
    if isinstance(incoming.raw, RawMessage):
        RawMessage.objects.filter(pk=incoming.raw.pk).update(handled_at=at)
        return incoming.raw
    if incoming.raw is None:
        return None
    return RawMessage.objects.create(
        channel=incoming.channel,
        external_id=incoming.external_id[:400],
        digest=digest(incoming.raw),
        content=incoming.raw,
        media_type=incoming.raw_media_type,
        origin=incoming.origin,
        received_at=at,
        handled_at=at,
    )


def _attach(message: Message, files: Sequence[IncomingFile]) -> None:
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=message,
                filename=safe_filename(file.filename),
                content_type=kind_of_content(file.content),
                size_bytes=len(file.content),
                sha256=digest(file.content),
                content=file.content,
                is_inline=file.is_inline,
            )
            for file in files
        ]
    )


@transaction.atomic
def record_answer(
    feedback: Feedback,
    *,
    text: str,
    author: User | None,
    author_name: str,
    at: datetime,
    is_automatic: bool = False,
) -> Message:
    """Add an outgoing message to the conversation, which the customer sees at once over the API."""
    text = clean_text(text)
    if not text:
        raise EmptyMessage(_("Write an answer: the text is empty."))
    message = Message.objects.create(
        feedback=feedback,
        channel=feedback.channel,
        direction=Direction.OUT,
        external_id=f"out:{uuid.uuid4()}",
        content_hash=digest(text.encode()),
        text=text,
        author=author,
        author_name=author_name[:200],
        is_automatic=is_automatic,
        origin=feedback.origin,
        sent_at=at,
        received_at=at,
    )
    Feedback.objects.filter(pk=feedback.pk).update(last_message_at=at)
    return message


def show_state(feedback: Feedback, state: FeedbackState) -> None:
    """Let the customer see ``state``; called by whoever moves the ticket, in the same transaction."""
    Feedback.objects.filter(pk=feedback.pk).exclude(state=state).update(state=state)
    feedback.state = state


def default_channel(kind: str, *, slug: str | None = None, name: str = "") -> Channel:
    """Return the channel ``slug`` (default: named like its kind), made on first need."""
    channel, _created = Channel.objects.get_or_create(
        slug=slug or kind, defaults={"kind": kind, "name": name or slug or kind}
    )
    return channel
