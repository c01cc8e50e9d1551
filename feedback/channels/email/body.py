"""Turn the tree of parts into text, HTML and attachments."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from feedback.channels.email.addresses import plain_name
from feedback.channels.email.charsets import decode
from feedback.channels.email.cms import open_cms
from feedback.channels.email.enclosed import MOST_FILES, open_binhex, take_enclosed
from feedback.channels.email.filenames import safe_name
from feedback.channels.email.markup import html_to_text
from feedback.channels.email.mime import Part, decoded_body, read_tree
from feedback.channels.email.parsed import ParsedAttachment
from feedback.channels.email.plain import is_stub, unflow, without_armour, without_entities
from feedback.channels.email.rtf import read_rtf
from feedback.channels.email.tnef import is_tnef, read_tnef

MOST_TEXT = 500_000
MOST_HTML = 2_000_000
MOST_EMBEDDED = 5
MOST_SECURED = 5

_DOCUMENT = re.compile(rb"\s{0,100}<(?:!doctype html|html)\b", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_TOLD_BY_CALENDAR = re.compile(
    r"(?m)^(?:SUMMARY|LOCATION|DESCRIPTION)(?:;[^:\r\n]{0,200})?:([^\r\n]{1,5000})"
)
_ESCAPED = re.compile(r"\\([,;\\])")
_SHOWN = re.compile(r"\bcid:([^\s\"'<>)]{1,300})", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r+\n|\r")
# Invisible characters that advertisers use as padding. Persian and Indic words, and emoji, need their joiners.
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u200b\u2060\ufeff]|\u200c(?!\\w)|(?<!\\w)\u200c")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TEXTS = ("text/plain", "text/html", "text/enriched", "text/x-markdown", "text/markdown")
_REPORTS = (
    *("message/delivery-status", "message/global-delivery-status", "message/disposition-notification"),
    *("message/feedback-report", "text/rfc822-headers", "text/calendar"),
)
_SECURED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_RICH = ("text/rtf", "application/rtf", "application/x-rtf")


@dataclass
class Segment:
    """One piece of the body: the same content as plain text, as HTML, or as both."""

    plain: str | None = None
    markup: str | None = None


@dataclass
class Body:
    """The collected content; ``embedded`` are the trees of attached mails, ``reports`` the status parts.

    ``secured`` counts the opened S/MIME wrappers, nested or side by side.
    """

    segments: list[Segment] = field(default_factory=list)
    attachments: list[ParsedAttachment] = field(default_factory=list)
    embedded: list[Part] = field(default_factory=list)
    reports: list[tuple[str, bytes]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    charset: str = ""
    secured: int = 0

    @property
    def markup(self) -> str:
        if not any(segment.markup for segment in self.segments):
            return ""
        pieces = [
            segment.markup or f"<pre>{html.escape(segment.plain or '')}</pre>" for segment in self.segments
        ]
        return "\n".join(pieces)

    @property
    def text(self) -> str:
        pieces = []
        for segment in self.segments:
            plain, markup = segment.plain or "", segment.markup or ""
            if plain.strip() and not is_stub(plain, markup):
                pieces.append(without_entities(plain, markup).strip("\n"))
            elif markup:
                pieces.append(html_to_text(markup))
        return _UNSEEN.sub("", "\n\n".join(pieces))


def read_body(root: Part, *, most_wraps: int = MOST_EMBEDDED) -> Body:
    """Collect the body of the mail whose tree is ``root``; never raises.

    ``most_wraps``: how many levels of mails that contain only another mail are searched for a text.
    """
    body = Body()
    _walk(root, body, parent="", is_root=True)
    if not body.segments and most_wraps:
        _promote(root, body, most_wraps)
    _note_shown(body)
    return body


def _note_shown(body: Body) -> None:
    """Mark attachments that the HTML shows as inline, whatever their disposition. A Content-ID alone means nothing."""
    shown = {unquote(name) for name in _SHOWN.findall(body.markup)}
    if shown:
        body.attachments = [
            replace(file, inline=True) if file.content_id in shown else file for file in body.attachments
        ]


def clean(text: str, flags: set[str]) -> str:
    """Return ``text`` with ``\\n`` line ends, without control characters and lone surrogates."""
    if "\0" in text:
        flags.add("nul")
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _walk(part: Part, body: Body, *, parent: str, is_root: bool = False) -> None:
    if part.content_type == "multipart/alternative" and part.is_multipart:
        _walk_alternative(part, body)
    elif part.is_multipart:
        _note_container(part, body)
        for child in part.children:
            _walk(child, body, parent=part.content_type)
    elif part.content_type in ("message/rfc822", "message/global"):
        _read_embedded(part, body, is_root=is_root)
    elif _is_body(part, parent=parent, is_root=is_root):
        body.segments.append(_read_text(part, body))
    elif parent == "multipart/alternative" and _is_same_again(part):
        return
    else:
        _read_file(part, body, parent=parent)


def _note_container(part: Part, body: Body) -> None:
    if part.content_type == "multipart/signed":
        body.flags.add("signed")
    if part.content_type == "multipart/encrypted":
        body.flags |= {"encrypted", "pgp"}


def _walk_alternative(part: Part, body: Body) -> None:
    """Read the children of a multipart/alternative as versions of the same content."""
    inner = Body(charset=body.charset, secured=body.secured)
    for child in part.children:
        _walk(child, inner, parent=part.content_type)
    plain = [segment.plain for segment in inner.segments if segment.plain is not None]
    markup = [segment.markup for segment in inner.segments if segment.markup is not None]
    if inner.segments:
        body.segments.append(
            Segment("\n\n".join(plain) if plain else None, "\n".join(markup) if markup else None)
        )
    body.attachments += inner.attachments
    body.embedded += inner.embedded
    body.reports += inner.reports
    body.flags |= inner.flags
    body.secured = inner.secured


def _is_body(part: Part, *, parent: str, is_root: bool) -> bool:
    if part.content_type not in _TEXTS:
        return False
    if part.disposition == "attachment":
        return is_root and not part.filename
    if is_root:
        return True
    return not part.filename or parent == "multipart/alternative"


def _is_same_again(part: Part) -> bool:
    """Return whether a part repeats the text for another program: AMP, a watch, a reaction."""
    return (
        part.content_type.startswith("text/") and part.content_type != "text/calendar" and not part.filename
    )


def _read_text(part: Part, body: Body) -> Segment:
    data, is_whole = decoded_body(part)
    if not is_whole:
        body.flags.add("broken_encoding")
    if part.content_type == "text/plain":
        data = _without_enclosed(data, body)
    most = MOST_TEXT if part.content_type == "text/plain" else MOST_HTML
    if len(data) > 4 * most:
        body.flags.add("text_truncated")
        data = data[: 4 * most]
    label = part.parameters.get("charset", "")
    if part.content_type == "text/plain" and _DOCUMENT.match(data):
        is_whole = data.rstrip()[-7:].lower() == b"</html>"
        if is_whole or not part.headers.has("content-type"):
            part.content_type = "text/html"
    if part.content_type == "text/html" and (meta := _META_CHARSET.search(data[:4096])):
        label = label or meta[1].decode("ascii")
    decoded = decode(data, label)
    if decoded.is_damaged:
        body.flags.add("charset_repaired")
    text = _capped(clean(decoded.text, body.flags), most, body)
    if part.content_type == "text/plain":
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        return Segment(plain=without_armour(text, body.flags))
    if part.content_type == "text/html":
        return Segment(markup=text)
    return Segment(plain=html_to_text(text) if "enriched" in part.content_type else text)


def _capped(text: str, most: int, body: Body) -> str:
    if len(text) > most:
        body.flags.add("text_truncated")
    return text[:most]


def _without_enclosed(data: bytes, body: Body) -> bytes:
    """Remove files encoded within a plain text; each becomes an attachment."""
    enclosed = take_enclosed(data)
    body.flags |= enclosed.kinds
    for file in enclosed.files[: max(MOST_FILES - len(body.attachments), 0)]:
        body.attachments.append(
            _attachment(decode(file.name).text, "application/octet-stream", file.content, body)
        )
    return enclosed.text


def _read_embedded(part: Part, body: Body, *, is_root: bool) -> None:
    data, _is_whole = decoded_body(part)
    if len(body.embedded) < MOST_EMBEDDED:
        tree, _flags = read_tree(data)
        body.embedded.append(tree)
        subject = tree.headers.text("subject")
    else:
        subject = ""
    if not is_root:
        body.flags.add("attached_message")
        name = part.filename or (f"{subject[:80]}.eml" if subject else "")
        body.attachments.append(_attachment(name, "message/rfc822", data, body))


def _read_file(part: Part, body: Body, *, parent: str) -> None:
    content, is_whole = decoded_body(part)
    if not is_whole:
        body.flags.add("broken_encoding")
    if part.content_type in _REPORTS:
        body.reports.append((part.content_type, content))
    _note_kind(part, body)
    name = part.filename
    kind = part.content_type
    if kind == "application/mac-binhex40" and (inner := open_binhex(content)).content:
        body.flags.add("binhex")
        name, kind, content = decode(inner.name).text, "application/octet-stream", inner.content
    if part.content_type in _SECURED or name.lower().endswith(".p7m"):
        _open_secured(part, content, body)
    if part.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or is_tnef(content):
        _open_tnef(content, body)
        name = name or "winmail.dat"
    content_id = plain_name(part.headers.raw("content-id")).strip("<>")
    is_related = part.disposition != "attachment" and parent == "multipart/related"
    is_inline = part.disposition == "inline" or is_related
    body.attachments.append(
        _attachment(name, kind, content, body, is_inline=is_inline, content_id=content_id)
    )


def _note_kind(part: Part, body: Body) -> None:
    kind = part.content_type
    if kind in ("text/calendar", "application/ics"):
        body.flags.add("calendar")
    elif kind in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
        body.flags |= {"smime", "signed"}
    elif kind == "application/pgp-signature":
        body.flags |= {"pgp", "signed"}
    elif kind == "application/pgp-encrypted":
        body.flags |= {"pgp", "encrypted"}


def _open_secured(part: Part, content: bytes, body: Body) -> None:
    """Read the mail inside S/MIME data that is signed or compressed, but not encrypted, as if it were not wrapped.

    The limit is checked before anything is unpacked: 20 kB may hold 20 MB.
    """
    if body.secured >= MOST_SECURED:
        return
    opened = open_cms(content)
    body.secured += bool(opened.content)
    tree, flags = read_tree(opened.content)
    if opened.content and not tree.headers.has("content-type"):
        # Not a mail but a signed file: "invoice.pdf.p7m".
        return
    is_said_signed = "signed" in part.parameters.get("smime-type", "")
    kind = opened.kind or ("signed" if is_said_signed else "encrypted")
    body.flags |= {"smime", kind} - {"compressed"}
    if opened.content:
        body.flags |= flags
        _walk(tree, body, parent="", is_root=True)


def _open_tnef(content: bytes, body: Body) -> None:
    body.flags.add("tnef")
    inner = read_tnef(content)
    if not body.segments and (inner.text.strip() or inner.markup.strip()):
        plain = clean(inner.text, body.flags) if inner.text.strip() else None
        markup = clean(inner.markup, body.flags) if inner.markup.strip() else None
        body.segments.append(Segment(plain and plain[:MOST_TEXT], markup and markup[:MOST_HTML]))
    for name, file in inner.files:
        body.attachments.append(_attachment(name, "application/octet-stream", file, body))


def _attachment(
    name: str, content_type: str, content: bytes, body: Body, *, is_inline: bool = False, content_id: str = ""
) -> ParsedAttachment:
    return ParsedAttachment(
        filename=safe_name(name, content_type, len(body.attachments) + 1, body.flags),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=is_inline,
        content_id=content_id,
        content=content,
    )


def _promote(root: Part, body: Body, most_wraps: int) -> None:
    """Find a text for a mail that has none: in an attached mail, or in a text sent as a nameless file."""
    if body.embedded:
        inner = read_body(body.embedded[0], most_wraps=most_wraps - 1)
        body.segments += inner.segments
        if root.content_type.startswith("message/"):
            body.attachments += inner.attachments
        return
    for kind, content in body.reports:
        if kind == "text/calendar":
            told = _TOLD_BY_CALENDAR.findall(decode(content.replace(b"\r\n ", b"").replace(b"\n ", b"")).text)
            text = _ESCAPED.sub(r"\1", "\n".join(told).replace("\\n", "\n"))
            body.segments.append(Segment(plain=clean(text, body.flags)))
            return
    for part in _leaves(root):
        is_meant_as_text = not part.filename or part.disposition != "attachment"
        if part.content_type in ("text/plain", "text/html") and is_meant_as_text:
            body.segments.append(_read_text(part, body))
            return
        if part.content_type in _RICH and is_meant_as_text:
            rich = read_rtf(decoded_body(part)[0].decode("latin-1"))
            body.segments.append(
                Segment(clean(rich.text, body.flags) or None, clean(rich.markup, body.flags) or None)
            )
            return


def _leaves(part: Part) -> list[Part]:
    return [leaf for child in part.children for leaf in _leaves(child)] if part.is_multipart else [part]
