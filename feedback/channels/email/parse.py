"""Parse one mail from bytes to ParsedMail. Pure and bounded; defects give flags, not errors.

Bounds: 25 MB, 1,000 header fields in 100 kB, 100 parts, depth 20, 50 recipients per header. Run it
through ``sandbox.parse_safely``: a bound missing here must not block the mailbox.
"""

from __future__ import annotations

from dataclasses import replace

from feedback.channels.email import automatic
from feedback.channels.email.body import Body, clean, read_body
from feedback.channels.email.envelope import Envelope, read_envelope
from feedback.channels.email.headers import split_head
from feedback.channels.email.markup import read_page
from feedback.channels.email.mime import read_tree
from feedback.channels.email.notices import read_notice
from feedback.channels.email.parsed import MOST_BYTES, ParsedMail
from feedback.channels.email.quotes import Cut, cut_reply


def parse(raw: bytes) -> ParsedMail:
    """Return the parsed form of ``raw``, one mail as it arrived."""
    flags: set[str] = set()
    raw = _normalised(raw, flags)
    root, tree_flags = read_tree(raw)
    flags |= tree_flags
    headers = root.headers
    body = read_body(root)
    flags |= body.flags
    text = body.text
    envelope = read_envelope(headers, flags, text=text)
    if text.strip() and not any((segment.plain or "").strip() for segment in body.segments):
        flags.add("html_only")
    notice = read_notice(headers, body, envelope, text, flags)
    cut = _cut(text, body, envelope)
    flags |= {"quoted"} if cut.was_quoting else set()
    flags |= {"forwarded"} if cut.is_forward else set()
    if automatic.is_list(headers):
        flags.add("mailing_list")
    if automatic.is_marked_as_spam(headers):
        flags.add("spam")
    if not text.strip() and not body.attachments:
        flags.add("empty")
    return replace(
        _addressed(envelope),
        text=text.strip("\n"),
        html=body.markup,
        reply_text=cut.text,
        attachments=tuple(body.attachments),
        auto_submitted=notice.is_automatic,
        bounce=notice.is_bounce,
        bounced=notice.recipients,
        bounced_message_id=notice.message_id,
        flags=tuple(sorted(flags)),
    )


def salvage(raw: bytes) -> ParsedMail:
    """Return what a bounded, minimal parse can extract from a mail that crashed the parser."""
    flags = {"parse_failed"}
    headers, body = split_head(raw[: 64 * 1024])
    envelope = read_envelope(headers, flags)
    text = clean(body[: 16 * 1024].decode("utf-8", "replace"), flags).strip()
    return replace(
        _addressed(envelope),
        text=text,
        reply_text=text,
        auto_submitted=automatic.is_automatic(headers, envelope.subject),
        flags=tuple(sorted(flags)),
    )


def _addressed(envelope: Envelope) -> ParsedMail:
    """Return a mail with only the ``envelope`` filled in."""
    return ParsedMail(
        from_email=envelope.sender.email,
        from_name=envelope.sender.name,
        to=envelope.to,
        cc=envelope.cc,
        reply_to=envelope.reply_to,
        subject=envelope.subject,
        message_id=envelope.message_id,
        in_reply_to=envelope.in_reply_to,
        references=envelope.references,
        date=envelope.date,
        delivered_to=envelope.delivered_to,
        authentication=envelope.authentication,
    )


def _normalised(raw: bytes, flags: set[str]) -> bytes:
    if len(raw) > MOST_BYTES:
        flags.add("too_large")
        raw = raw[:MOST_BYTES]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\r\r\n" in raw[:4096]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw


def _cut(text: str, body: Body, envelope: Envelope) -> Cut:
    is_reply = bool(envelope.in_reply_to or envelope.references)
    page = read_page(body.markup)
    cut = cut_reply(text, subject=envelope.subject, sender=envelope.sender, is_reply=is_reply, page=page)
    if cut.was_quoting or not is_reply or "<blockquote" not in body.markup.lower():
        return cut
    # The plain part does not show where the quote begins; the HTML may.
    other = cut_reply(page.text, subject=envelope.subject, sender=envelope.sender, is_reply=True, page=page)
    return other if other.was_quoting and other.text else cut
