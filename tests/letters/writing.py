"""Builds mails byte by byte, right or wrong as the test wants them."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BOUNDARY = "----=_Part_7_1"
HEAD = {
    "Return-Path": "<kim@mail.example>",
    "From": "Kim Lee <kim@mail.example>",
    "To": "Support <support@earshot.example>",
    "Subject": "Re: [E-10007] The app closes",
    "Message-ID": "<c0ffee@mail.example>",
    "In-Reply-To": "<0001@earshot.example>",
    "References": "<0001@earshot.example>",
    "Date": "Fri, 20 Nov 2026 10:15:00 +0800",
    "MIME-Version": "1.0",
}


@dataclass(frozen=True)
class Letter:
    """``expected`` names fields of the parser's JSON; lists and dicts inside may say less than there is."""

    name: str
    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)


def head(**changes: str | bytes | None) -> bytes:
    """Return the header block; ``in_reply_to=None`` leaves one out, any other name adds one."""
    fields: dict[str, str | bytes | None] = dict(HEAD)
    known = {name.lower(): name for name in HEAD}
    for name, value in changes.items():
        spelt = name.rstrip("_").replace("_", "-")
        fields[known.get(spelt.lower(), spelt)] = value
    lines = [_field(name, value) for name, value in fields.items() if value is not None]
    return b"".join(lines)


def _field(name: str, value: str | bytes) -> bytes:
    return name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"


def part(
    content: str | bytes,
    kind: str = "text/plain",
    *,
    charset: str | None = "utf-8",
    codec: str = "",
    encoding: str = "8bit",
    **fields: str,
) -> bytes:
    """Return one MIME part. ``codec`` is how ``content`` is really written, ``charset`` what is said."""
    data = content if isinstance(content, bytes) else content.encode(codec or charset or "utf-8")
    data = re.sub(rb"\r?\n", b"\r\n", data) if isinstance(content, str) else data
    declared = f'; charset="{charset}"' if charset and isinstance(content, str) else ""
    lines = _field("Content-Type", kind + declared) + _field("Content-Transfer-Encoding", encoding)
    for name, value in fields.items():
        lines += _field(name.replace("_", "-"), value)
    return lines + b"\r\n" + _encoded(data, encoding)


def _encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return data


def several(kind: str, *parts: bytes, boundary: str = BOUNDARY, parameters: str = "") -> bytes:
    """Return a multipart of ``parts``."""
    delimiter = b"--" + boundary.encode()
    body = b"".join(delimiter + b"\r\n" + each + b"\r\n" for each in parts) + delimiter + b"--\r\n"
    declared = f'multipart/{kind}; boundary="{boundary}"{parameters}'
    return _field("Content-Type", declared) + b"\r\n" + body


def mail(body: bytes, **changes: str | bytes | None) -> bytes:
    """Return a mail: the usual header with ``changes``, then ``body``, which begins with its own fields."""
    return head(**changes) + body


def written(plain: str, markup: str = "", **changes: str | bytes | None) -> bytes:
    """Return a mail with ``plain`` and, when there is ``markup``, that beside it."""
    if not markup:
        return mail(part(plain), **changes)
    return mail(
        several(
            "alternative",
            part(plain, encoding="base64"),
            part(markup, "text/html", encoding="quoted-printable"),
        ),
        **changes,
    )


def reply(
    name: str, new: str, *, plain: str = "", markup: str = "", **changes: str | bytes | None
) -> Iterator[Letter]:
    """Yield the reply as a client sends it, and with only its plain or its HTML part."""
    expected = {"reply_text": new}
    if plain and markup:
        yield Letter(name, written(plain, markup, **changes), expected)
    if plain:
        yield Letter(f"{name}-plain", written(plain, **changes), expected)
    if markup:
        yield Letter(
            f"{name}-html",
            mail(part(markup, "text/html", encoding="base64"), **changes),
            expected,
        )


#: One answer to one message of ours, which many programs quote below it.
OURS = "support+k7q2@earshot.example"
BO = f"Bo Li <{OURS}>"
NEW = "Still no sound.\n\nShall I send the log?"
OLD = "Please restart the app and try again."
_NEW_PAGE = "<div>Still no sound.</div><div><br></div><div>Shall I send the log?</div>"


def answer_as_page(name: str, quote: str) -> Letter:
    """Return the answer as HTML alone, above ``quote``."""
    return Letter(name, mail(part(f"{_NEW_PAGE}<br>{quote}", "text/html")), {"reply_text": NEW})
