"""Read notices about other mail: it bounced, is delayed, arrived (RFC 3464) or was read (RFC 8098)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from feedback.channels.email import automatic, notice_phrases
from feedback.channels.email.addresses import emails_in
from feedback.channels.email.body import Body, read_body
from feedback.channels.email.bounces import (
    MOST_RECIPIENTS,
    MOST_TEXT,
    is_bounce,
    is_delay,
    read_recipients,
    status_in,
)
from feedback.channels.email.envelope import Envelope, message_ids
from feedback.channels.email.headers import Headers, split_head
from feedback.channels.email.parsed import BouncedRecipient


@dataclass(frozen=True)
class Notice:
    is_automatic: bool
    is_bounce: bool
    recipients: tuple[BouncedRecipient, ...] = ()
    message_id: str = ""


def read_notice(headers: Headers, body: Body, envelope: Envelope, text: str, flags: set[str]) -> Notice:
    """Return whether a program wrote this mail, and what it says about another one."""
    kinds = {kind for kind, _content in body.reports}
    if "message/feedback-report" in kinds:
        flags.add("abuse_report")
    has_report = _has_report(headers, kinds)
    is_loose = not has_report and is_bounce(headers, envelope, text)
    if not (has_report or is_loose):
        if "message/disposition-notification" in kinds:
            flags.add("read_receipt")
        is_auto = automatic.is_automatic(headers, envelope.subject) or automatic.has_null_sender(headers)
        return Notice(is_auto or bool({"read_receipt", "abuse_report"} & flags), False)
    recipients = [
        recipient for content in _status_parts(body) for recipient in _read_delivery_status(content)
    ]
    if not recipients:
        recipients = read_recipients(headers, body, envelope, text)
    actions = {recipient.action for recipient in recipients}
    subject_tells = bool(notice_phrases.DELAYED_SUBJECT.search(envelope.subject))
    is_late = subject_tells or is_delay(text) if is_loose else subject_tells and "failed" not in actions
    if actions and actions <= {"delivered", "relayed", "expanded"}:
        flags.add("delivery_receipt")
    elif is_late or (actions and actions <= {"delayed"}):
        flags.add("delivery_delayed")
        recipients = [replace(recipient, action="delayed") for recipient in recipients]
    is_lost = not {"delivery_receipt", "delivery_delayed"} & flags
    return Notice(True, is_lost, tuple(recipients), _bounced_id(body, text))


def _has_report(headers: Headers, kinds: set[str]) -> bool:
    declared = headers.raw("content-type").lower().replace('"', "").replace(" ", "")
    return "report-type=delivery-status" in declared or any(map(_is_status, kinds))


def _is_status(kind: str) -> bool:
    return kind.endswith("delivery-status")


def _status_parts(body: Body) -> list[bytes]:
    """Return the status reports of the mail, or of one that a gateway wrapped in it."""
    own = [content for kind, content in body.reports if _is_status(kind)]
    wrapped = (read_body(tree).reports for tree in body.embedded[:1] if not own)
    return own or [content for reports in wrapped for kind, content in reports if _is_status(kind)]


def _bounced_id(body: Body, text: str) -> str:
    for tree in body.embedded:
        if identifiers := message_ids(tree.headers, "message-id"):
            return identifiers[0]
    for kind, content in body.reports:
        if kind == "text/rfc822-headers" and (found := message_ids(split_head(content)[0], "message-id")):
            return found[0]
    return _message_id_in(text[:50_000])


def _read_delivery_status(report: bytes) -> list[BouncedRecipient]:
    """Return the recipients of a message/delivery-status part (RFC 3464), at most 50."""
    recipients = []
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", report[: 4 * MOST_TEXT].strip(), maxsplit=2 * MOST_RECIPIENTS)
    for block in blocks:
        fields, _body = split_head(block + b"\n\n")
        address = fields.text("final-recipient") or fields.text("original-recipient")
        if not address:
            continue
        diagnostic = fields.text("diagnostic-code").partition(";")[2].strip() or fields.text(
            "diagnostic-code"
        )
        status = notice_phrases.ENHANCED_STATUS.search(fields.text("status"))
        emails = emails_in(fields.text("original-recipient").partition(";")[2]) or emails_in(address)
        recipients.append(
            BouncedRecipient(
                email=emails[0] if emails else address.rpartition(";")[2].strip()[:254],
                action=fields.text("action").lower()[:20],
                status=status[1] if status else status_in(diagnostic),
                diagnostic=diagnostic[:500],
            )
        )
    return recipients[:MOST_RECIPIENTS]


def _message_id_in(text: str) -> str:
    """Return the Message-ID quoted somewhere in a bounce, "" for none."""
    found = re.search(r"(?im)^[ \t>|]*message-id:\s*(<[^<>\s]{3,250}>)", text)
    return found[1] if found else ""
