"""Decide what a stored mail becomes: a message, a bounce, or set aside with a reason."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext

from config.kit.origins import Origin
from feedback.channels.contract import NotUnderstood
from feedback.channels.email.keys import accepted_keys
from feedback.channels.email.mailbox import BadSettings, read_mailbox
from feedback.channels.email.parsed import ParsedAttachment, ParsedMail
from feedback.channels.email.sandbox import parse_safely
from feedback.channels.email.threads import Candidate, Claim, Decision, decide, message_named_by, read_claim
from feedback.intake.bounds import MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, MOST_TEXT
from feedback.intake.incoming import Incoming, IncomingFile
from feedback.intake.models import Direction, Feedback, Message, RawMessage
from users.profiles.models import Address, AddressKind
from users.profiles.services import Handle, current

#: A mail whose date is further off than this counts as sent when it arrived.
OLDEST_SENT = timedelta(days=30)
_NO_REPLY = re.compile(r"^(?:no|do-?not)[-_.]?reply|^noreply|^nobody@|^donotreply", re.IGNORECASE)
_FAILS = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


class SetAside(NotUnderstood):
    """The mail is kept but does not become a message; ``reason`` is short and stable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BouncedMail:
    """Our ``message`` did not reach ``email``."""

    message: int
    email: str
    status: str
    diagnostic: str


@dataclass(frozen=True)
class Understood:
    """Exactly one of three: an ``incoming`` message, some ``bounces``, or ``set_aside`` with a reason."""

    incoming: Incoming | None = None
    bounces: tuple[BouncedMail, ...] = ()
    set_aside: str = ""


def understand(raw: RawMessage, *, is_wanted: bool = False) -> Understood:
    """Parse ``raw`` in a child process and decide what becomes of it. Reads the database, writes nothing.

    ``is_wanted``: it was set aside, and a person wants it to become a message, whatever it is.
    """
    mail = parse_safely(bytes(raw.content))
    if is_wanted:
        return Understood(incoming=incoming_of(raw, mail, is_wanted=True))
    if mail.bounce:
        bounces = _bounces(mail)
        return Understood(bounces=bounces) if bounces else Understood(set_aside="bounce_of_foreign_mail")
    try:
        return Understood(incoming=incoming_of(raw, mail))
    except SetAside as aside:
        return Understood(set_aside=aside.reason)


def incoming_of(raw: RawMessage, mail: ParsedMail, *, is_wanted: bool = False) -> Incoming:
    """Return ``mail`` as a message in the thread it belongs to. Raises SetAside, unless ``is_wanted``."""
    own = _own_address(raw)
    decision = _thread_of(mail, own)
    if not is_wanted:
        _refuse_notices(mail)
        if own and mail.from_email.lower() == own.lower():
            raise SetAside("from_ourselves")
        if mail.auto_submitted and (decision.joins or decision.mentions):
            # "I am on holiday": it answers our mail, so it must neither reopen the ticket nor be answered.
            raise SetAside("automatic_reply")
    text = _text_of(mail)
    return Incoming(
        channel=raw.channel,
        external_id=raw.external_id,
        text=text[:MOST_TEXT],
        sent_at=_sent_at(mail, raw.received_at),
        handle=_handle_of(raw, mail),
        thread=Feedback.objects.get(pk=decision.joins) if decision.joins else None,
        mentions=Feedback.objects.get(pk=decision.mentions) if decision.mentions else None,
        subject=mail.subject,
        html=mail.html,
        attachments=_files_of(raw, mail, text),
        raw=raw,
        is_automatic=mail.auto_submitted,
        origin=Origin(raw.origin),
    )


def _own_address(raw: RawMessage) -> str:
    try:
        return read_mailbox(raw.channel.config, os.environ).address
    except BadSettings:
        # Stored while the settings were valid. Without an address only Message-IDs identify the thread.
        return str(raw.channel.config.get("address", ""))


def _refuse_notices(mail: ParsedMail) -> None:
    for flag in ("delivery_delayed", "delivery_receipt", "read_receipt", "abuse_report"):
        if flag in mail.flags:
            raise SetAside(flag)


def _thread_of(mail: ParsedMail, own: str) -> Decision:
    claim = read_claim(mail, own=own, keys=accepted_keys())
    return decide(_candidates(claim), sender=mail.from_email, flags=mail.flags)


def _candidates(claim: Claim) -> list[Candidate]:
    """Return the threads of ``claim`` that exist, proved ones first."""
    proved = list(Feedback.objects.filter(public_id__in=claim.feedback_ids).select_related("customer"))
    answers = Message.objects.filter(public_id__in=claim.message_ids, direction=Direction.OUT)
    proved += [message.feedback for message in answers.select_related("feedback__customer")]
    named = Feedback.objects.filter(pk__in=map(Feedback.key_of, claim.numbers))
    candidates = [
        Candidate(feedback.pk, is_proved, _participants(feedback))
        for feedbacks, is_proved in ((proved, True), (named.select_related("customer"), False))
        for feedback in feedbacks
    ]
    return list({candidate.feedback: candidate for candidate in reversed(candidates)}.values())[::-1]


def _participants(feedback: Feedback) -> frozenset[str]:
    """Return the mail addresses of the feedback's customer and of customers merged with them."""
    person = current(feedback.customer)
    mails = Address.objects.filter(kind=AddressKind.EMAIL)
    values = mails.filter(customer=person).union(mails.filter(customer__merged_into=person))
    return frozenset(values.values_list("normalised", flat=True))


def _handle_of(raw: RawMessage, mail: ParsedMail) -> Handle | None:
    email = mail.from_email
    is_proven = not {"multiple_from", "missing_from", "address_hidden_in_name"} & set(mail.flags)
    if _NO_REPLY.match(email) and len(mail.reply_to) == 1:
        # A web form writes on behalf of a person: answer that person, whose identity is not proven.
        email, is_proven = mail.reply_to[0], False
    if not email:
        return None
    return Handle(
        AddressKind.EMAIL,
        email,
        is_proven=is_proven and not _is_refuted(raw, mail),
        display_name=mail.from_name,
    )


def _is_refuted(raw: RawMessage, mail: ParsedMail) -> bool:
    """Return whether our own relay, the channel's ``authentication_server``, found the sender forged (DMARC).

    Read directly from the settings, so that it works even while another setting is invalid.
    """
    server = str(raw.channel.config.get("authentication_server", "")).lower()
    if not server:
        return False
    ours = (header for header in mail.authentication if header.lower().split(";")[0].split()[:1] == [server])
    return any(_FAILS.search(header) for header in ours)


def _sent_at(mail: ParsedMail, received_at: datetime) -> datetime:
    if mail.date is None:
        return received_at
    sent_at = datetime.fromisoformat(mail.date)
    return sent_at if received_at - OLDEST_SENT <= sent_at <= received_at else received_at


def _text_of(mail: ParsedMail) -> str:
    """Return the newly written text, or if there is none, the next best thing that says something."""
    if mail.reply_text.strip():
        return mail.reply_text.strip()
    if mail.attachments and "quoted" in mail.flags:
        return ""
    if "encrypted" in mail.flags and not mail.text.strip():
        # Otherwise an agent would see only a subject and a file that no program opens.
        closed = gettext(
            "[This mail is encrypted and cannot be read here. Ask the sender to send it without encryption.]"
        )
        return f"{mail.subject.strip()}\n\n{closed}".strip()
    return mail.text.strip() or mail.subject.strip()


def _files_of(raw: RawMessage, mail: ParsedMail, text: str) -> tuple[IncomingFile, ...]:
    files = [_file(attachment) for attachment in mail.attachments]
    if len(text) > MOST_TEXT:
        files.insert(0, IncomingFile("text.txt", text.encode(), "text/plain"))
    files = [file for file in files if file.content and len(file.content) <= MOST_ATTACHMENT_BYTES]
    is_incomplete = len(files) < len(mail.attachments) or len(files) > MOST_ATTACHMENTS
    if "parse_failed" in mail.flags or is_incomplete or not (text or files):
        # Whatever happened, the agent gets the original mail.
        content = bytes(raw.content)[:MOST_ATTACHMENT_BYTES]
        files = [*files[: MOST_ATTACHMENTS - 1], IncomingFile("original.eml", content, "message/rfc822")]
    return tuple(files[:MOST_ATTACHMENTS])


def _file(attachment: ParsedAttachment) -> IncomingFile:
    return IncomingFile(
        attachment.filename, attachment.content, attachment.content_type, is_inline=attachment.inline
    )


def _bounces(mail: ParsedMail) -> tuple[BouncedMail, ...]:
    """Return the recipients of our message that the notice names. Only a signed Message-ID proves it is ours."""
    named = message_named_by(mail.bounced_message_id, keys=accepted_keys())
    message = Message.objects.filter(public_id=named, direction=Direction.OUT).first() if named else None
    if message is None:
        return ()
    return tuple(
        BouncedMail(message.pk, recipient.email, recipient.status, recipient.diagnostic)
        for recipient in mail.bounced
        if recipient.action == "failed"
    )


def with_bytes_in_name(incoming: Incoming, raw: RawMessage) -> Incoming:
    """Return ``incoming`` with a unique id, for a mail whose Message-ID another mail carries too."""
    return replace(incoming, external_id=f"{raw.external_id[:360]} {raw.digest[:32]}")
