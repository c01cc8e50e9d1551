"""Decode RFC 2047 encoded words as they occur in practice.

They may be split inside a character or a base64 quartet, be inside quotes, lack spaces between them, have spaces
inside, or be cut off at the end.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from feedback.channels.email.charsets import codec_named, decode

_START = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_WHOLE_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{1,1000}\?=")
MOST_TEXTS = 1_000
_NOT_BASE64 = bytes(
    byte for byte in range(256) if not chr(byte).isascii() or not (chr(byte).isalnum() or chr(byte) in "+/")
)


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """Return the bytes, and whether ``data`` was complete. Foreign characters are skipped, the end is padded."""
    compact = data.translate(None, b"\r\n \t")
    try:
        return binascii.a2b_base64(compact, strict_mode=True), True
    except binascii.Error:
        pass
    # There may be several base64 texts in a row, each with its own padding.
    decoded = []
    for piece in re.split(rb"=+", compact, maxsplit=MOST_TEXTS):
        letters = piece.translate(None, _NOT_BASE64)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        decoded.append(base64.b64decode(letters + b"=" * (-len(letters) % 4)))
    return b"".join(decoded), False


def decode_words(value: str) -> str:
    """Return ``value`` with its encoded words decoded; never raises, linear.

    A result that is again a single encoded word was encoded twice, by two programs, and is decoded once more.
    """
    text = _decoded_once(value)
    return _decoded_once(text) if text != value and _WHOLE_WORD.fullmatch(text) else text


def _decoded_once(value: str) -> str:
    if "=?" not in value:
        return value
    pieces: list[str] = []
    run = _Run("")
    position = 0
    while found := _START.search(value, position):
        between = value[position : found.start()]
        codec = codec_named(found[1])
        # Space between two encoded words is not part of the text.
        if between.strip() or not run.words:
            pieces += [run.text(), between]
            run = _Run(found[1])
        elif codec != codec_named(run.label):
            pieces.append(run.text())
            run = _Run(found[1])
        end = value.find("?=", found.end())
        # The last word may have been cut off when the header was shortened.
        content = value[found.end() : end] if end >= 0 else value[found.end() :]
        run.words.append((found[2].lower(), content))
        position = end + 2 if end >= 0 else len(value)
    pieces += [run.text(), value[position:]]
    return "".join(pieces)


@dataclass
class _Run:
    """Adjacent encoded words in one charset: their bytes are joined before decoding."""

    label: str
    words: list[tuple[str, str]] = field(default_factory=list)

    def text(self) -> str:
        chunks: list[bytes] = []
        pending = ""
        for encoding, content in self.words:
            if encoding == "b":
                # A base64 text cut inside a quartet continues in the next word.
                pending += "".join(content.split())
                if len(pending) % 4 == 0 or pending.endswith("="):
                    chunks.append(_b_bytes(pending))
                    pending = ""
            else:
                chunks += [_b_bytes(pending), _q_bytes(content)]
                pending = ""
        chunks.append(_b_bytes(pending))
        return decode(b"".join(chunks), self.label).text if self.words else ""


def _b_bytes(content: str) -> bytes:
    return decode_base64(content.encode("ascii", "replace"))[0]


def _q_bytes(content: str) -> bytes:
    spaced = content.replace("_", " ").encode("utf-8", "replace")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), spaced)
