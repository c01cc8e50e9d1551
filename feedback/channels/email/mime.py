"""Parse the tree of a mail's parts. Bounded: 100 parts, depth 20; anything beyond stays an attachment."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from feedback.channels.email.enclosed import decode_uuencoded
from feedback.channels.email.encoded_words import decode_base64
from feedback.channels.email.headers import Headers, Parameterised, parse_parameters, split_head, split_part

MOST_PARTS = 100
MOST_DEPTH = 20

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")
_LIKELY_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s][^\r\n]{0,199}?)[ \t]*\r?\n(?=[Cc]ontent-)")
_FOOTER = re.compile(
    rb"=[ \t]*\r?\n\s{0,50}([^A-Za-z0-9+/=\s]|[A-Za-z0-9+/]{1,40}[^A-Za-z0-9+/=\s]|[A-Za-z]{1,20} [A-Za-z])"
)
# Relays may pad lines with spaces: RFC 2045, 6.7 (3).
_SPACED_SOFT_BREAK = re.compile(rb"=[ \t]{1,80}\r?\n")
_BETWEEN_WORDS = re.compile(rb"(?<=[^\s]) (?=[^\s])")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")


@dataclass
class Part:
    """One node. ``body`` is still transfer-encoded; a multipart has ``children`` and no body."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    body: bytes = b""
    children: list[Part] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)

    @property
    def filename(self) -> str:
        return self.disposition_parameters.get("filename", "") or self.parameters.get("name", "")


@dataclass
class _Budget:
    parts: int
    flags: set[str]


def read_tree(data: bytes) -> tuple[Part, set[str]]:
    """Return the root part and the flags raised while reading; never raises."""
    budget = _Budget(MOST_PARTS, set())
    headers, body = split_head(data)
    root = _build(headers, body, budget, depth=0, default="text/plain")
    if headers.is_cut:
        budget.flags.add("headers_truncated")
    return root, budget.flags


def _build(headers: Headers, body: bytes, budget: _Budget, *, depth: int, default: str) -> Part:
    budget.parts -= 1
    declared = parse_parameters(headers.raw("content-type"))
    disposition = parse_parameters(headers.raw("content-disposition"))
    content_type = _plausible_type(declared.value, default)
    part = Part(headers, content_type, declared.parameters, disposition.value, disposition.parameters)
    if content_type.startswith("multipart/"):
        if depth >= MOST_DEPTH:
            budget.flags.add("too_deep")
            part.content_type = "application/octet-stream"
        else:
            _build_children(part, declared, body, budget, depth=depth)
            if part.children:
                return part
            # No delimiter anywhere: treat the whole body as the text.
            budget.flags.add("broken_mime")
            part.content_type, part.parameters = "text/plain", {}
            boundary = declared.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
            body = body.replace(b"--" + boundary + b"--", b"") if boundary else body
    part.body = body
    return part


def _build_children(part: Part, declared: Parameterised, body: bytes, budget: _Budget, *, depth: int) -> None:
    boundary = declared.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
    pieces, is_closed = _split_at(body, boundary) if boundary else ([], False)
    if not pieces:
        guessed = _LIKELY_BOUNDARY.search(body)
        pieces, is_closed = _split_at(body, guessed[1]) if guessed else ([], False)
        budget.flags.add("broken_mime")
    if not is_closed:
        budget.flags.add("broken_mime")
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for piece in pieces:
        if budget.parts <= 0:
            budget.flags.add("too_many_parts")
            return
        headers, content = split_part(piece)
        part.children.append(_build(headers, content, budget, depth=depth + 1, default=default))


def _split_at(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """Return the content between the delimiter lines, and whether the closing one was there."""
    delimiter = re.compile(re.escape(b"--" + boundary) + rb"(--)?[ \t]{0,200}(?:\r?\n|\r|\Z)")
    pieces: list[bytes] = []
    start: int | None = None
    is_closed = False
    for found in delimiter.finditer(body):
        if found.start() and body[found.start() - 1] not in b"\r\n":
            continue
        if start is not None:
            pieces.append(_without_last_line_end(body[start : found.start()]))
        if len(pieces) > MOST_PARTS:
            break
        # More parts may follow a closing delimiter if an inner multipart reused the boundary.
        is_closed = found[1] is not None
        start = None if is_closed else found.end()
    if start is not None and len(pieces) <= MOST_PARTS and (pieces or body[start:].strip()):
        pieces.append(body[start:])
    return pieces, is_closed or len(pieces) > MOST_PARTS


def _without_last_line_end(piece: bytes) -> bytes:
    for end in (b"\r\n", b"\n", b"\r"):
        if piece.endswith(end):
            return piece[: -len(end)]
    return piece


def _plausible_type(value: str, default: str) -> str:
    if value in ("text", "plain", "html"):
        return "text/html" if value == "html" else "text/plain"
    if not value:
        return default
    # RFC 2045, 5.2: an unreadable type means plain text; RFC 2046: an unknown one means a file.
    return (
        value if _TYPE.fullmatch(value) else "text/plain" if "/" not in value else "application/octet-stream"
    )


def decoded_body(part: Part) -> tuple[bytes, bool]:
    """Return the part's bytes without transfer encoding, and whether the encoding was intact."""
    encoding = part.headers.raw("content-transfer-encoding").lower().strip(" \"'").partition(";")[0].strip()
    if encoding == "base64":
        return _decode_base64_body(part.body)
    if encoding in ("quoted-printable", "quoted-printable.", "qp", "quotedprintable"):
        return binascii.a2b_qp(_SPACED_SOFT_BREAK.sub(b"=\n", part.body)), True
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = re.search(rb"(?m)^begin [0-7]{3,4} [^\r\n]*\r?\n", part.body)
        return (decode_uuencoded(part.body[found.end() :]) if found else part.body), found is not None
    return part.body, encoding in ("", "7bit", "8bit", "binary", "7-bit", "8-bit")


def _decode_base64_body(body: bytes) -> tuple[bytes, bool]:
    if footer := _FOOTER.search(body):
        # A mailing list appended its footer unencoded.
        decoded, is_whole = decode_base64(body[: footer.start(1)])
        if is_whole:
            return decoded, False
    if _is_in_clear(body[:4096]):
        return body, False
    return (decoded, False) if footer else decode_base64(body)


def _is_in_clear(sample: bytes) -> bool:
    """Return whether a part labelled base64 is not encoded: base64 has no words and no other characters."""
    return len(_NOT_BASE64.findall(sample)) * 10 > len(sample) or len(
        _BETWEEN_WORDS.findall(sample)
    ) * 40 > len(sample)
