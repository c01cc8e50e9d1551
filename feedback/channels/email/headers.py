"""Parse the header block: lines to fields, fields to parameters. Bounded: 1,000 fields, 100 kB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from feedback.channels.email.charsets import decode
from feedback.channels.email.encoded_words import decode_words

MOST_FIELDS = 1_000
MOST_HEAD_BYTES = 100 * 1024
MOST_VALUE_BYTES = 32 * 1024
MOST_SEGMENTS = 100

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
# The separator of an mbox file; "From : kim@..." is a header.
_MBOX_LINE = re.compile(rb"From [^\s:]")
# How an incomplete value ends, and how its next line begins: parameters, encoded words, addresses.
_LIKELY_TO_GO_ON = (
    (b";", re.compile(rb"[A-Za-z*0-9]{2,20}=[^\s]")),
    (b"?=", re.compile(rb"=\?[^?\s]{1,60}\?[bBqQ]\?")),
    (b",", re.compile(rb"[^\s@]{0,80}[ <\"]{0,3}[^\s@<>]{1,64}@[^\s@]{3,200}$")),
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
# Needed to answer a mail: searched for even beyond the bounds of the block.
_WANTED = re.compile(
    rb"^(from|to|cc|reply-to|subject|date|message-id|in-reply-to|references|content-type"
    rb"|content-transfer-encoding|auto-submitted|precedence|return-path)[ \t]*:"
    rb"([^\n]{0,8192}(?:\n[ \t][^\n]{0,1024}){0,20})",
    re.IGNORECASE | re.MULTILINE,
)
_AROUND_SLASH = re.compile(r" {0,9}/ {0,9}")
_HIGH_PERCENT = re.compile(r"%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Headers:
    """Fields in their original order, names in lower case, values as unfolded bytes."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    is_cut: bool = False

    def raw_all(self, name: str) -> list[str]:
        """Return the values of ``name`` as text, encoded words still encoded."""
        return [_readable(decode(value).text) for key, value in self.fields if key == name]

    def raw(self, name: str) -> str:
        """Return the first value of ``name`` as text, "" when there is none."""
        return next(iter(self.raw_all(name)), "")

    def text(self, name: str) -> str:
        """Return the first value of ``name`` with its encoded words decoded, on one line."""
        return _readable(" ".join(decode_words(self.raw(name)).split()))

    def has(self, name: str) -> bool:
        return any(key == name for key, _value in self.fields)


def _readable(text: str) -> str:
    return _CONTROLS.sub("", text).strip()


def split_head(data: bytes) -> tuple[Headers, bytes]:
    """Return the headers and the body of a message or of one of its parts; never raises."""
    start = len(data) - len(data.lstrip(b"\r\n \t"))
    if _MBOX_LINE.match(data, start):
        start = min(data.find(b"\n", start) + 1 or len(data), len(data))
    if data[start : start + 3] == b"\xef\xbb\xbf":
        start += 3
    blank = _BLANK_LINE.search(data, start)
    head_end, body_start = (blank.start(), blank.end()) if blank else (len(data), len(data))
    headers, left_at = _read_fields(data, start, head_end)
    if left_at is not None:
        # Lines after the last field that are not fields: the blank line is missing.
        return headers, data[left_at:]
    return headers, data[body_start:]


def split_part(data: bytes) -> tuple[Headers, bytes]:
    """Like split_head() for a part of a multipart, where an empty first line means no headers."""
    for end in (b"\r\n", b"\n", b"\r"):
        if data.startswith(end):
            return Headers(), data[len(end) :]
    return split_head(data)


def _read_fields(data: bytes, start: int, end: int) -> tuple[Headers, int | None]:
    headers = Headers()
    left_at: int | None = None
    bound = min(end, start + MOST_HEAD_BYTES)
    position = start
    while position < bound:
        line_match = _LINE.match(data, position, bound)
        line = line_match[0].rstrip(b"\r\n") if line_match else b""
        following = line_match.end() if line_match else bound
        found = _FIELD.match(line)
        if line[:1] in (b" ", b"\t") and headers.fields and left_at is None:
            name, value = headers.fields[-1]
            if len(value) < MOST_VALUE_BYTES:
                headers.fields[-1] = (name, value + line[:MOST_VALUE_BYTES])
            else:
                headers.is_cut = True
        elif found and len(headers.fields) >= MOST_FIELDS:
            break
        elif found:
            headers.fields.append((found[1].decode("ascii").lower(), found[2][:MOST_VALUE_BYTES]))
            headers.is_cut = headers.is_cut or len(found[2]) > MOST_VALUE_BYTES
            left_at = None
        elif headers.fields and left_at is None and _goes_on(line, after=headers.fields[-1][1]):
            name, value = headers.fields[-1]
            headers.fields[-1] = (name, (value + b" " + line)[:MOST_VALUE_BYTES])
        elif line.strip() and left_at is None:
            left_at = position
        position = max(following, position + 1)
    if position < end:
        headers.is_cut = True
        headers.fields += _wanted_fields(data[position:end])
        left_at = None
    return headers, left_at


def _goes_on(line: bytes, *, after: bytes) -> bool:
    """Return whether ``line`` continues the value ``after`` although it is not indented."""
    return any(after.rstrip().endswith(end) and start.match(line) for end, start in _LIKELY_TO_GO_ON)


def _wanted_fields(rest: bytes) -> Iterator[tuple[str, bytes]]:
    for count, found in enumerate(_WANTED.finditer(rest)):
        if count >= 50:
            return
        yield found[1].decode("ascii").lower(), re.sub(rb"\r?\n", b"", found[2])


@dataclass(frozen=True)
class Parameterised:
    """``text/plain; charset=utf-8``: ``value`` in lower case, parameters decoded, names in lower case."""

    value: str
    parameters: dict[str, str]


def parse_parameters(text: str) -> Parameterised:
    """Parse a Content-Type or Content-Disposition: RFC 2231 and its common violations."""
    pieces = list(_split_outside_quotes(text[:MOST_VALUE_BYTES]))
    value, _space, rest = _AROUND_SLASH.sub("/", pieces[0].strip(), count=1).partition(" ")
    # "text/html charset=utf-8": the semicolon was forgotten.
    pieces[0] = rest
    plain: dict[str, str] = {}
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[: 4 * MOST_SEGMENTS]:
        name, equals, raw = piece.partition("=")
        name = name.strip().lower()
        if not equals or not name:
            continue
        base, star, number = name.partition("*")
        if not star:
            plain.setdefault(name, _without_percent(decode_words(_unquoted(raw))))
            continue
        index = number.rstrip("*")
        if index.isascii() and index.isdigit() and len(index) < 4 and int(index) < MOST_SEGMENTS:
            segments.setdefault(base, {})[int(index)] = (_unquoted(raw), number.endswith("*"))
        elif not index:
            segments.setdefault(base, {}).setdefault(0, (_unquoted(raw), True))
    extended = {base: _joined(parts) for base, parts in segments.items()}
    return Parameterised(value.strip().lower(), {**plain, **{k: v for k, v in extended.items() if v}})


def _split_outside_quotes(text: str) -> Iterator[str]:
    start, is_quoted, position = 0, False, 0
    last_quote = text.rfind('"')
    while position < len(text):
        character = text[position]
        if character == "\\" and is_quoted:
            position += 1
        elif character == '"':
            # An opening quote follows "="; a stray one inside a word opens nothing.
            is_quoted = not is_quoted and text[max(start, position - 8) : position].rstrip().endswith("=")
        elif character == ";" and (not is_quoted or position > last_quote):
            is_quoted = False
            yield text[start:position]
            start = position + 1
        position += 1
    yield text[start:]


def _unquoted(raw: str) -> str:
    raw = raw.strip()
    if raw.startswith('"'):
        # A backslash before anything else is a Windows path, not an escape.
        raw = re.sub(r'\\(["\\])', r"\1", raw[1:].removesuffix('"'))
    elif raw.startswith("'") and raw.endswith("'") and len(raw) > 1 and raw.count("'") == 2:
        raw = raw[1:-1]
    return raw


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """Join RFC 2231 segments as bytes, because a character may be split between two of them."""
    label, data, pending = "", b"", ""
    for index in sorted(parts):
        text, is_extended = parts[index]
        if is_extended and index == min(parts) and text.count("'") >= 2:
            label, _language, text = text.split("'", 2)
        if is_extended:
            # Some programs even split "%E5".
            pending += text
        else:
            data += percent_decoded(pending) + text.encode("utf-8", "surrogateescape")
            pending = ""
    return decode_words(decode(data + percent_decoded(pending), label).text)


def _without_percent(text: str) -> str:
    """Decode a value encoded as in RFC 2231 but not declared so; "100%25" stays."""
    if not _HIGH_PERCENT.search(text):
        return text
    try:
        return percent_decoded(text).decode("utf-8")
    except UnicodeDecodeError:
        return text


def percent_decoded(text: str) -> bytes:
    encoded = text.encode("utf-8", "replace")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), encoded)
