"""Notices about other mail: it bounced, is late, arrived (RFC 3464), or was read (RFC 8098)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedback.channels.email import automatic, phrases
from feedback.channels.email.addresses import emails_in
from feedback.channels.email.body import Body
from feedback.channels.email.envelope import Envelope, message_ids
from feedback.channels.email.headers import Headers, split_head
from feedback.channels.email.parsed import BouncedRecipient

MOST_RECIPIENTS = 50
MOST_TEXT = 20_000


@dataclass(frozen=True)
class Notice:
    is_automatic: bool
    is_bounce: bool
    recipients: tuple[BouncedRecipient, ...] = ()
    message_id: str = ""


def read_notice(headers: Headers, body: Body, envelope: Envelope, text: str, flags: set[str]) -> Notice:
    """Tell whether a program wrote this mail, and what it says about another one."""
    kinds = {kind for kind, _content in body.reports}
    subject = envelope.subject
    if "message/disposition-notification" in kinds:
        flags.add("read_receipt")
    if "message/feedback-report" in kinds:
        flags.add("abuse_report")
    is_auto = automatic.is_automatic(headers, subject) or bool({"read_receipt", "abuse_report"} & flags)
    recipients = [
        recipient
        for kind, content in body.reports
        if kind.endswith("delivery-status")
        for recipient in _read_delivery_status(content)
    ]
    declared = headers.raw("content-type").lower()
    has_report = "report-type=delivery-status" in declared.replace('"', "").replace(" ", "")
    has_report = has_report or any(kind.endswith("delivery-status") for kind in kinds)
    is_loose = not has_report and _looks_like_bounce(headers, envelope.sender.email, subject)
    if not (has_report or is_loose):
        return Notice(is_auto or automatic.has_null_sender(headers), False)
    if not recipients:
        own = frozenset(email.lower() for email in (*envelope.to, *envelope.cc, *envelope.delivered_to))
        recipients = _read_loose_bounce(headers, text, own=own)
    actions = {recipient.action for recipient in recipients}
    if actions and actions <= {"delivered", "relayed", "expanded"}:
        flags.add("delivery_receipt")
        return Notice(True, False, tuple(recipients), _bounced_id(body, text))
    if (
        (actions and actions <= {"delayed"})
        or ("failed" not in actions and phrases.DELAYED_SUBJECT.search(subject))
        or (is_loose and phrases.DELAYED_SUBJECT.search(subject))
    ):
        flags.add("delivery_delayed")
        return Notice(True, False, tuple(recipients), _bounced_id(body, text))
    return Notice(True, True, tuple(recipients), _bounced_id(body, text))


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
        status = phrases.ENHANCED_STATUS.search(fields.text("status"))
        emails = emails_in(fields.text("original-recipient").partition(";")[2]) or emails_in(address)
        recipients.append(
            BouncedRecipient(
                email=emails[0] if emails else address.rpartition(";")[2].strip()[:254],
                action=fields.text("action").lower()[:20],
                status=status[1] if status else _status_in(diagnostic),
                diagnostic=diagnostic[:500],
            )
        )
    return recipients[:MOST_RECIPIENTS]


def _looks_like_bounce(headers: Headers, sender: str, subject: str) -> bool:
    """Return whether a mail without RFC 3464 part is a delivery notice all the same.

    A complaint "my mails are undeliverable" has such a subject but a person's address.
    """
    if headers.has("x-failed-recipients"):
        return True
    has_subject = bool(phrases.BOUNCE_SUBJECT.match(subject) or phrases.DELAYED_WARNING.match(subject))
    is_postmaster = bool(phrases.BOUNCE_SENDER.match(sender))
    return has_subject and (is_postmaster or automatic.has_null_sender(headers) or not sender)


def _read_loose_bounce(headers: Headers, text: str, *, own: frozenset[str]) -> list[BouncedRecipient]:
    """Return the recipients named in the prose of a bounce, without the addresses in ``own``."""
    named = emails_in(headers.text("x-failed-recipients"))
    if not named:
        notice = _before_original(text[:MOST_TEXT])
        named = [
            email
            for email in emails_in(notice)
            if email.lower() not in own and not phrases.BOUNCE_SENDER.match(email)
        ]
    status = _status_in(text[:MOST_TEXT])
    diagnostic = next((line.strip() for line in text[:MOST_TEXT].split("\n") if _status_in(line)), "")
    return [BouncedRecipient(email, "failed", status, diagnostic[:500]) for email in named[:5]]


def _message_id_in(text: str) -> str:
    """Return the Message-ID quoted somewhere in a bounce, "" for none."""
    found = re.search(r"(?im)^[ \t>|]*message-id:\s*(<[^<>\s]{3,250}>)", text)
    return found[1] if found else ""


def _before_original(text: str) -> str:
    found = re.search(r"(?im)^[- ]*(?:this is a copy of|below this line|original message|received: )", text)
    return text[: found.start()] if found else text


def _status_in(text: str) -> str:
    if found := phrases.ENHANCED_STATUS.search(text):
        return found[1]
    found = phrases.SMTP_CODE.search(text)
    return f"{found[1][0]}.0.0" if found else ""
