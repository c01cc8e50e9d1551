"""Read the headers that name people, subject, thread and time."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from feedback.channels.email.addresses import (
    BIDI,
    ZERO_WIDTH,
    Mailbox,
    emails_in,
    parse_addresses,
    plain_name,
)
from feedback.channels.email.dates import CST_OF_CHINA, parse_date
from feedback.channels.email.encoded_words import decode_words
from feedback.channels.email.headers import Headers

MOST_SUBJECT = 1_000
MOST_REFERENCES = 100
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_STRAY_SPACE = re.compile(r"(?<=\S)[ \t]{1,9}(?=[@>])|(?<=[@<])[ \t]{1,9}")
_HANZI = re.compile("[\u4e00-\u9fff]")
_CHINESE_SENDER = re.compile(
    r"[@.](?:[a-z0-9-]+\.cn|(?:qq|163|126|139|189|sina|sohu|aliyun|foxmail)\.com|yeah\.net)$", re.IGNORECASE
)
_TRACES = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to")


@dataclass(frozen=True)
class Envelope:
    """What the headers say."""

    sender: Mailbox
    to: tuple[str, ...]
    cc: tuple[str, ...]
    reply_to: tuple[str, ...]
    delivered_to: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date: str | None
    authentication: tuple[str, ...]


def read_envelope(headers: Headers, flags: set[str], *, text: str = "") -> Envelope:
    """Read the headers that name people, subject, thread and time; oddities are added to ``flags``.

    ``text``, the text of the mail, resolves a time zone abbreviation with two meanings.
    """
    own_ids = message_ids(headers, "message-id")
    references = message_ids(headers, "references")
    in_reply_to = message_ids(headers, "in-reply-to")
    if any(b"\0" in value for _name, value in headers.fields):
        flags.add("nul")
    if not own_ids:
        flags.add("no_message_id")
    subject = headers.text("subject")[:MOST_SUBJECT]
    _note_hidden(subject, flags)
    sender = _read_sender(headers, flags)
    is_chinese = bool(
        _HANZI.search(f"{subject} {sender.name} {text}") or _CHINESE_SENDER.search(sender.email)
    )
    return Envelope(
        sender=sender,
        to=_emails(headers, "to", flags),
        cc=_emails(headers, "cc", flags),
        reply_to=_emails(headers, "reply-to", flags),
        delivered_to=tuple(
            dict.fromkeys(email for name in _TRACES for email in _emails(headers, name, flags))
        ),
        subject=subject,
        message_id=own_ids[0] if own_ids else "",
        in_reply_to=in_reply_to[0] if in_reply_to else "",
        # The first identifies the thread, the last ones the message answered: the middle is dispensable.
        references=(*references[:1], *references[1:][-MOST_REFERENCES:]),
        date=_read_date(headers, flags, is_chinese=is_chinese),
        authentication=tuple(value[:1_000] for value in headers.raw_all("authentication-results")[:5]),
    )


def _read_sender(headers: Headers, flags: set[str]) -> Mailbox:
    values = headers.raw_all("from")
    mailboxes, _is_more = parse_addresses(values, most=5)
    if len(values) > 1 or len({mailbox.email for mailbox in mailboxes if mailbox.email}) > 1:
        flags.add("multiple_from")
    if not any(mailbox.email for mailbox in mailboxes):
        flags.add("missing_from")
    if not values:
        mailboxes, _is_more = parse_addresses([headers.raw("sender"), headers.raw("return-path")], most=2)
    sender = next((mailbox for mailbox in mailboxes if mailbox.email), None) or next(
        iter(mailboxes), Mailbox("", "")
    )
    raw = " ".join(values)
    if sender.email and sender.email.partition("@")[0] not in raw and values:
        flags.add("address_hidden_in_name")
    if any(email.lower() != sender.email.lower() for email in emails_in(sender.name)):
        flags.add("display_name_spoof")
    _note_hidden(headers.text("from"), flags)
    if _is_mixed_script(sender.email.rpartition("@")[2]):
        flags.add("mixed_script_address")
    return sender


def _note_hidden(text: str, flags: set[str]) -> None:
    if BIDI.search(text):
        flags.add("bidi")
    if ZERO_WIDTH.search(text):
        flags.add("zero_width")


def _is_mixed_script(domain: str) -> bool:
    """Return whether Latin letters are mixed with Cyrillic or Greek ones that look like them."""
    if domain.isascii():
        return False
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in domain if letter.isalpha()}
    return bool(scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def _emails(headers: Headers, name: str, flags: set[str]) -> tuple[str, ...]:
    mailboxes, is_more = parse_addresses(headers.raw_all(name))
    if is_more:
        flags.add("too_many_recipients")
    return tuple(dict.fromkeys(mailbox.email for mailbox in mailboxes if mailbox.email))


def message_ids(headers: Headers, name: str) -> list[str]:
    """Return the ids in the header ``name``, in brackets even when a program left them out."""
    value = decode_words(headers.raw(name)[:32_000])
    found = _MESSAGE_ID.findall(_STRAY_SPACE.sub("", value))
    # In other headers only a single word counts: some programs put a sentence about the answered mail there.
    is_bare = name == "message-id" or (name == "in-reply-to" and "@" in value and " " not in value)
    if not found and is_bare and value and not value.startswith("<"):
        bare = plain_name(value).split(" ")[0].strip("<>")
        found = [f"<{bare[:500]}>"] if bare else []
    return [identifier for identifier in found if identifier.isprintable()]


def _read_date(headers: Headers, flags: set[str], *, is_chinese: bool) -> str | None:
    # The topmost Received was written by our own relay.
    received = parse_date(headers.text("received").rpartition(";")[2])
    moment = _sent_at(headers.text("date"), received, is_chinese=is_chinese)
    if moment is None:
        flags.add("missing_date")
        moment = received
        if moment is not None:
            flags.add("date_from_received")
    return moment.isoformat() if moment else None


def _sent_at(value: str, received: datetime | None, *, is_chinese: bool) -> datetime | None:
    """Return the time in ``value``; of the two meanings of CST, the likelier one."""
    american, chinese = parse_date(value), parse_date(value, cst=CST_OF_CHINA)
    if american is None or chinese is None or american == chinese:
        return american
    if received is not None:
        return min((american, chinese), key=lambda moment: abs(received - moment))
    return chinese if is_chinese else american
