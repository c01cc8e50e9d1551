"""Decide which thread a mail belongs to: our signed addresses and ids, and who may use them. Pure.

A mail joins a thread only if it proves that its sender had mail from us (the signed reply address, or a
signed Message-ID of ours) *and* comes from a participant of the thread. Anyone who was in copy, found a
number, or was forwarded a mail opens a new thread that is linked to the first.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.channels.email.parsed import ParsedMail

#: 80 bits: guessing one takes more attempts than any mail server tolerates.
MAC_BYTES = 10
#: RFC 5321, 4.5.3.1.1.
MOST_LOCAL_PART = 64
_NUMBER = re.compile(r"\bE-(\d{5,12})\b", re.IGNORECASE)
_OWN_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{16})@[^<>@\s]+>")
_BARE_ID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([A-Za-z0-9.\-]+)")
_UNTRUSTED = {"multiple_from", "missing_from", "address_hidden_in_name", "parse_failed"}


def reply_address(address: str, feedback_id: uuid.UUID, *, key: bytes) -> str:
    """Return ``support+TOKEN@domain``, the address for answers about this feedback.

    The plain address if a token would make it longer than mail allows.
    """
    local, _at, domain = address.rpartition("@")
    token = _text(feedback_id.bytes + _mac(b"address", feedback_id, key))
    signed = f"{local}+{token}"
    return f"{signed}@{domain}" if len(signed) <= MOST_LOCAL_PART else address


def feedback_named_by(address: str, *, own: str, keys: Iterable[bytes]) -> uuid.UUID | None:
    """Return the feedback that ``address``, a reply address made from ``own``, identifies; None for any other."""
    local, _at, domain = address.lower().rpartition("@")
    own_local, _at, own_domain = own.lower().rpartition("@")
    name, plus, token = local.rpartition("+")
    if not plus or name != own_local or domain != own_domain:
        return None
    content = _bytes(token)
    if len(content) != 16 + MAC_BYTES:
        return None
    feedback_id = uuid.UUID(bytes=content[:16])
    return feedback_id if _is_signed(b"address", feedback_id, content[16:], keys) else None


def message_id(external_id: str, *, key: bytes) -> str:
    """Return the signed Message-ID of our message ``uuid@host``; any other id only gets brackets."""
    found = _BARE_ID.fullmatch(external_id.strip("<>"))
    if found is None:
        return f"<{external_id.strip('<>')}>"
    mac = _text(_mac(b"message", uuid.UUID(found[1]), key))
    return f"<{found[1]}.{mac}@{found[2]}>"


def message_named_by(identifier: str, *, keys: Iterable[bytes]) -> uuid.UUID | None:
    """Return our message that the Message-ID ``identifier`` identifies; None for a foreign or forged one."""
    found = _OWN_ID.fullmatch(identifier.lower())
    if found is None:
        return None
    named = uuid.UUID(found[1])
    return named if _is_signed(b"message", named, _bytes(found[2]), keys) else None


@dataclass(frozen=True)
class Claim:
    """What a mail claims about where it belongs. Only feedback and message ids are proof; a number is not."""

    feedback_ids: tuple[uuid.UUID, ...]
    message_ids: tuple[uuid.UUID, ...]
    numbers: tuple[int, ...]


def read_claim(mail: ParsedMail, *, own: str, keys: Sequence[bytes]) -> Claim:
    """Return the threads that ``mail``, received by the mailbox ``own``, refers to, best first."""
    addresses = (*mail.to, *mail.cc, *mail.delivered_to)
    feedbacks = [feedback_named_by(address, own=own, keys=keys) for address in addresses]
    identifiers = (mail.in_reply_to, *reversed(mail.references))
    messages = [message_named_by(identifier, keys=keys) for identifier in identifiers]
    return Claim(
        feedback_ids=tuple(dict.fromkeys(found for found in feedbacks if found)),
        message_ids=tuple(dict.fromkeys(found for found in messages if found)),
        numbers=tuple(dict.fromkeys(int(number) for number in _NUMBER.findall(mail.subject)))[:3],
    )


@dataclass(frozen=True)
class Candidate:
    """A thread that a mail refers to; ``participants`` are its customer's addresses in lower case."""

    feedback: int
    is_proved: bool
    participants: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """``joins``: the thread that the mail is part of. ``mentions``: one that it only refers to."""

    joins: int | None
    mentions: int | None


def decide(candidates: Sequence[Candidate], *, sender: str, flags: Iterable[str]) -> Decision:
    """Return where a mail from ``sender`` belongs, given the threads it refers to, best first."""
    is_somebody = not _UNTRUSTED & set(flags) and bool(sender)
    for candidate in candidates:
        if is_somebody and candidate.is_proved and sender.lower() in candidate.participants:
            return Decision(joins=candidate.feedback, mentions=None)
    return Decision(joins=None, mentions=candidates[0].feedback if candidates else None)


def _mac(purpose: bytes, named: uuid.UUID, key: bytes) -> bytes:
    return hmac.digest(key, purpose + b":" + named.bytes, "sha256")[:MAC_BYTES]


def _is_signed(purpose: bytes, named: uuid.UUID, mac: bytes, keys: Iterable[bytes]) -> bool:
    return any(hmac.compare_digest(mac, _mac(purpose, named, key)) for key in keys)


def _text(content: bytes) -> str:
    # Base 32: mail servers may change the case of a local part.
    return base64.b32encode(content).decode("ascii").rstrip("=").lower()


def _bytes(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return b""
