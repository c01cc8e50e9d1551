"""The single entry point: here every message of every channel becomes a row, or its channel gets an error."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import owed, ring
from config.kit.remembered import remembered
from config.kit.text import clean_line, clean_text, digest
from config.kit.trees import Row, insert_tree
from feedback.intake.bounds import MOST_ANSWER_BYTES, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, MOST_TEXT
from feedback.intake.files import kind_of_content, safe_filename
from feedback.intake.incoming import Incoming, IncomingFile
from feedback.intake.models import (
    Attachment,
    Channel,
    ChannelKind,
    Direction,
    Feedback,
    FeedbackState,
    Idempotency,
    Message,
    RawMessage,
)
from feedback.intake.screen import Hit, screen
from users.accounts.models import User
from users.profiles.services import contact_of, current, known_address, newcomer, reachable_address

received = Counter(
    "earshot_messages_received_total", "Messages of customers stored.", ["channel", "origin", "danger"]
)

#: Prefix of the external id of a copy: an answer that is also shown in another thread of the same person.
_COPY = "copy:"

#: The outbox kind whose handler assesses the message and opens or reopens its ticket.
MESSAGE_RECEIVED = "message.received"
#: The outbox kind whose handler acknowledges a first message to its sender; its subject is the message.
MESSAGE_ACCEPTED = "message.accepted"


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
    """The result of intake; ``is_new`` is False when this message was already stored."""

    feedback: Feedback
    message: Message
    is_new: bool


def receive(incoming: Incoming, *, at: datetime, once: IdempotencyKey | None = None) -> Receipt:
    """Store ``incoming`` and queue its assessment, all or nothing; ``at`` is the time of arrival.

    The same message again (same channel, external id and text) or the same idempotency key returns
    the first one. Raises EmptyMessage, TextTooLong, TooManyFiles, FileTooLarge, KeyReused. Two
    queries for a new feedback: one to recognise its sender, one that writes everything.
    """
    text = _checked_text(incoming)
    for is_last_try in (False, True):
        try:
            with _all_or_nothing(incoming):
                return _write(incoming, text=text, at=at, once=once)
        except IntegrityError:
            # Unique constraints decide, so that the usual case needs no query beforehand. Either this message
            # is already stored, or its sender was created concurrently: then try once more.
            earlier = earlier_receipt(once) or _duplicate(incoming, text)
            if earlier is not None:
                return earlier
            if is_last_try:
                raise
    raise AssertionError("unreachable")


def _all_or_nothing(incoming: Incoming) -> AbstractContextManager[object]:
    """Return the transaction that writing ``incoming`` needs, a null context when a single statement suffices.

    BEGIN and COMMIT would be two more round trips, each as expensive as the statement.
    """
    writes_more = incoming.thread is not None or isinstance(incoming.raw, RawMessage)
    if writes_more or connection.in_atomic_block:
        return transaction.atomic()
    return nullcontext()


def _write(incoming: Incoming, *, text: str, at: datetime, once: IdempotencyKey | None) -> Receipt:
    rows: list[Row] = []
    refers: dict[str, str] = {}
    if incoming.thread is not None:
        feedback = _lock_thread(incoming.thread, incoming.sent_at)
    else:
        feedback, rows = _opened(incoming, at=at)
        refers["feedback_id"] = "feedback"
    raw = incoming.raw
    if isinstance(raw, bytes):
        rows.append(Row("raw", _raw_of(incoming, raw, at=at)))
        refers["raw_id"] = "raw"
    hits = screen(text)
    message = _message_of(incoming, feedback, text=text, hits=hits, at=at)
    rows.append(Row("message", message, refers))
    for number, file in enumerate(incoming.attachments):
        stored = Attachment(is_inline=file.is_inline, **stored_values(file))
        rows.append(Row(f"file_{number}", stored, {"message_id": "message"}))
    if once is not None:
        used = Idempotency(**asdict(once), created_at=at)
        rows.append(Row("idempotency", used, {"message_id": "message"}))
    owing = _owing(incoming, is_urgent=bool(hits), at=at)
    rows += [Row(name, work, {"subject_id": "message"}) for name, work in owing.items()]
    insert_tree(rows)
    if isinstance(raw, RawMessage):
        RawMessage.objects.filter(pk=raw.pk).update(handled_at=at)
    for work in owing.values():
        ring(work)
    # Possibly before the commit, which may still fail, if rarely: a metric, not an exact count.
    received.labels(incoming.channel.kind, incoming.origin, "yes" if hits else "no").inc()
    return Receipt(feedback, message, is_new=True)


def _message_of(
    incoming: Incoming, feedback: Feedback, *, text: str, hits: Sequence[Hit], at: datetime
) -> Message:
    return Message(
        feedback=feedback,
        channel=incoming.channel,
        external_id=incoming.external_id[:400],
        content_hash=digest(text.encode()),
        text=text,
        html=incoming.html,
        author_name=clean_line(incoming.handle.display_name)[:200] if incoming.handle else "",
        author=incoming.taken_down_by,
        is_automatic=incoming.is_automatic,
        raw=incoming.raw if isinstance(incoming.raw, RawMessage) else None,
        danger_hits=[asdict(hit) for hit in hits],
        origin=incoming.origin,
        sent_at=incoming.sent_at,
        received_at=at,
    )


def _owing(incoming: Incoming, *, is_urgent: bool, at: datetime) -> dict[str, OutboxRow]:
    """Return the outbox rows of a new message, by name: its assessment and the acknowledgement to its sender."""
    if incoming.origin in (Origin.LIVE, Origin.DRILL):
        lane, priority = Lane.CRISIS, Priority.URGENT if is_urgent else Priority.NORMAL
    else:
        lane, priority = Lane.BULK, Priority.BULK
    owing = {"work": owed(MESSAGE_RECEIVED, at=at, lane=lane, priority=priority)}
    if incoming.is_confirmed:
        owing["confirmation"] = owed(MESSAGE_ACCEPTED, at=at)
    return owing


def earlier_receipt(once: IdempotencyKey | None) -> Receipt | None:
    """Return the receipt of the first request with this key, None when it is new.

    Raises KeyReused when that request was a different one.
    """
    if once is None:
        return None
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


def _checked_text(incoming: Incoming) -> str:
    text = clean_text(incoming.text)
    if not text and not incoming.attachments and incoming.rating is None:
        raise EmptyMessage(_("Write what happened: the text is empty."))
    if len(text) > MOST_TEXT:
        raise TextTooLong(
            _("The text has %(have)d characters; at most %(most)d are taken. Attach the rest as a file.")
            % {"have": len(text), "most": MOST_TEXT}
        )
    check_files([len(file.content) for file in incoming.attachments])
    return text


def check_files(sizes: Sequence[int]) -> None:
    """Raise TooManyFiles or FileTooLarge when files of these ``sizes`` in bytes exceed the limits of a message."""
    if len(sizes) > MOST_ATTACHMENTS:
        raise TooManyFiles(_("At most %(most)d files are taken.") % {"most": MOST_ATTACHMENTS})
    if any(size > MOST_ATTACHMENT_BYTES for size in sizes):
        raise FileTooLarge(
            _("A file may have %(most)d MB at most.") % {"most": MOST_ATTACHMENT_BYTES // 1024**2}
        )


def check_answer_files(sizes: Sequence[int]) -> None:
    """Raise TooManyFiles or FileTooLarge when files of these ``sizes`` in bytes exceed the limits of an answer."""
    check_files(sizes)
    if sum(sizes) > MOST_ANSWER_BYTES:
        raise FileTooLarge(
            _("The files of an answer may have %(most)d MB together: mail servers take no more.")
            % {"most": MOST_ANSWER_BYTES // 1024**2}
        )


def _duplicate(incoming: Incoming, text: str) -> Receipt | None:
    message = (
        Message.objects.select_related("feedback__channel")
        .filter(
            channel=incoming.channel,
            external_id=incoming.external_id[:400],
            content_hash=digest(text.encode()),
        )
        .first()
    )
    return Receipt(message.feedback, message, is_new=False) if message else None


def _lock_thread(thread: Feedback, sent_at: datetime) -> Feedback:
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    feedback.last_message_at = max(feedback.last_message_at, sent_at)
    feedback.save(update_fields=["last_message_at"])
    return feedback


def _opened(incoming: Incoming, *, at: datetime) -> tuple[Feedback, list[Row]]:
    feedback = Feedback(
        channel=incoming.channel,
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
    if incoming.customer is not None:
        feedback.customer, feedback.address = incoming.customer, reachable_address(incoming.customer)
        return feedback, [Row("feedback", feedback)]
    address = known_address(incoming.handle) if incoming.handle else None
    rows, refers = [], {}
    if address is not None:
        feedback.customer, feedback.address = current(address.customer), address
    else:
        # A new customer. Without a handle they have this one feedback, answered only on its secret link.
        rows = newcomer(incoming.handle, at=at, origin=incoming.origin)
        refers = {f"{row.name}_id": row.name for row in rows}
    if incoming.contact is not None:
        contact = known_address(incoming.contact) if address is not None else None
        if contact is None:
            customer = feedback.customer if address is not None else None
            rows.append(contact_of(customer, incoming.contact, at=at))
            refers["address_id"] = "contact"
        else:
            feedback.address = contact
    return feedback, [*rows, Row("feedback", feedback, refers)]


def _raw_of(incoming: Incoming, content: bytes, *, at: datetime) -> RawMessage:
    return RawMessage(
        channel=incoming.channel,
        external_id=incoming.external_id[:400],
        digest=digest(content),
        content=content,
        media_type=incoming.raw_media_type,
        origin=incoming.origin,
        received_at=at,
        handled_at=at,
    )


def stored_values(file: IncomingFile) -> dict[str, Any]:
    """Return the fields of a StoredFile for ``file``: a safe name, and the type detected from its content."""
    return {
        "filename": safe_filename(file.filename),
        "content_type": kind_of_content(file.content),
        "size_bytes": len(file.content),
        "sha256": digest(file.content),
        "content": file.content,
    }


@transaction.atomic
def record_answer(
    feedback: Feedback,
    *,
    text: str,
    author: User | None,
    author_name: str,
    at: datetime,
    is_automatic: bool = False,
    copy_of: Message | None = None,
    files: Sequence[IncomingFile] = (),
    once: IdempotencyKey | None = None,
) -> Message:
    """Add an outgoing message to the conversation, visible to the customer over the API at once.

    ``copy_of`` is the same answer in another thread of the same person, when their tickets are worked on as one.
    Raises EmptyMessage when there is neither text nor file, TooManyFiles, FileTooLarge.
    """
    text = checked_answer(text, [len(file.content) for file in files])
    message = Message.objects.create(
        feedback=feedback,
        channel=feedback.channel,
        direction=Direction.OUT,
        external_id=f"{_COPY}{copy_of.public_id}:{feedback.pk}" if copy_of else f"out:{uuid.uuid4()}",
        content_hash=digest(text.encode()),
        text=text,
        author=author,
        author_name=author_name[:200],
        is_automatic=is_automatic,
        origin=feedback.origin,
        sent_at=at,
        received_at=at,
    )
    Attachment.objects.bulk_create(
        Attachment(message=message, is_inline=file.is_inline, **stored_values(file)) for file in files
    )
    if once is not None:
        Idempotency.objects.create(**asdict(once), message=message, created_at=at)
    Feedback.objects.filter(pk=feedback.pk).update(last_message_at=at)
    return message


def checked_answer(text: str, sizes: Sequence[int]) -> str:
    """Return the cleaned ``text`` of an answer with files of these ``sizes`` in bytes.

    Raises EmptyMessage when there is neither text nor file, TooManyFiles, FileTooLarge.
    """
    text = clean_text(text)
    if not text and not sizes:
        raise EmptyMessage(_("Write an answer: the text is empty."))
    check_answer_files(sizes)
    return text


def original_of(message: Message) -> uuid.UUID | None:
    """Return the public id of the answer that ``message`` is a copy of, None when it is not a copy."""
    if not message.external_id.startswith(_COPY):
        return None
    return uuid.UUID(message.external_id.removeprefix(_COPY).partition(":")[0])


def show_state(feedback: Feedback, state: FeedbackState) -> None:
    """Show the customer ``state``; called by the code that moves the ticket, in the same transaction."""
    Feedback.objects.filter(pk=feedback.pk).exclude(state=state).update(state=state)
    feedback.state = state


@remembered
def channel_of(integration: User) -> Channel:
    """Return the REST channel of ``integration``, created on first use."""
    channel = Channel.objects.filter(owner=integration, kind=ChannelKind.REST).order_by("pk").first()
    if channel is None:
        channel, _created = Channel.objects.get_or_create(
            slug=f"rest-{integration.pk}",
            defaults={"kind": ChannelKind.REST, "name": integration.name[:100], "owner": integration},
        )
    return channel


@remembered
def default_channel(kind: str) -> Channel:
    """Return the channel whose slug is its ``kind``, created on first use."""
    channel, _created = Channel.objects.get_or_create(slug=kind, defaults={"kind": kind, "name": kind})
    return channel
