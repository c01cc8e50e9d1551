"""S/MIME that anybody can read: what is inside signed and compressed data (RFC 5652, RFC 3274).

Pure and bounded. No signature is verified: who signed is no matter here, what was said is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

MOST_ELEMENTS = 100_000
MOST_UNPACKED = 25 * 1024 * 1024

_OBJECT, _SEQUENCE, _CONTENT = 0x06, 0x30, 0xA0
_OCTETS, _PIECES = 0x04, 0x24
_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_CLOSED = {
    bytes.fromhex("2a864886f70d010703"),
    bytes.fromhex("2a864886f70d010706"),
    bytes.fromhex("2a864886f70d0109100117"),
}


@dataclass(frozen=True)
class Opened:
    """``kind`` is "signed", "compressed", "encrypted", or "" for none of these; ``content`` is a part of a mail."""

    kind: str
    content: bytes = b""


def open_cms(data: bytes) -> Opened:
    """Return what ``data``, DER or BER, holds; never raises. What is cut off gives what is there."""
    cursor = _Cursor(data)
    try:
        cursor.enter(_SEQUENCE)
        kind = cursor.take(_OBJECT)
        if kind in _CLOSED:
            return Opened("encrypted")
        if kind not in (_SIGNED, _COMPRESSED):
            return Opened("")
    except ValueError:
        return Opened("")
    name = "signed" if kind == _SIGNED else "compressed"
    try:
        content = _content(cursor)
        if kind == _COMPRESSED:
            content = zlib.decompressobj().decompress(content, MOST_UNPACKED)
    except (ValueError, zlib.error):
        # A signature alone; or broken.
        content = b""
    return Opened(name, content)


def _content(cursor: _Cursor) -> bytes:
    """Read on behind the kind of the whole: version, algorithms, then the kind of the content and itself."""
    cursor.enter(_CONTENT)
    cursor.enter(_SEQUENCE)
    cursor.skip()
    cursor.skip()
    cursor.enter(_SEQUENCE)
    cursor.take(_OBJECT)
    cursor.enter(_CONTENT)
    return cursor.octets()


@dataclass
class _Cursor:
    """A place in ``data``. Each step raises ValueError where something else stands there than expected."""

    data: bytes
    at: int = 0
    steps_left: int = MOST_ELEMENTS

    def head(self) -> tuple[int, int | None]:
        """Step over a tag and its length; the length is None where a mark tells the end."""
        self.steps_left -= 1
        if self.at + 2 > len(self.data) or self.steps_left < 0:
            raise ValueError("cut off")
        tag, length = self.data[self.at : self.at + 2]
        self.at += 2
        if length < 0x80:
            return tag, length
        if length == 0x80:
            return tag, None
        count = length & 0x7F
        if count > 8:
            raise ValueError("too long")
        length = int.from_bytes(self.data[self.at : self.at + count], "big")
        self.at += count
        return tag, length

    def enter(self, expected: int) -> int | None:
        tag, length = self.head()
        if tag != expected:
            raise ValueError(f"{tag:#x} instead of {expected:#x}")
        return length

    def take(self, expected: int) -> bytes:
        length = self.enter(expected)
        if length is None:
            raise ValueError("no length")
        value = self.data[self.at : self.at + length]
        self.at += length
        return value

    def skip(self) -> None:
        """Step over one element with all that is in it."""
        marks_missing = 0
        while True:
            tag, length = self.head()
            if length is None:
                marks_missing += 1
            elif tag == length == 0 and marks_missing:
                marks_missing -= 1
            else:
                self.at += length
            if not marks_missing:
                return

    def octets(self) -> bytes:
        """Return a text of bytes, put together where it comes in pieces, pieces of pieces among them."""
        tag, length = self.head()
        if tag == _OCTETS and length is not None:
            return self.data[self.at : self.at + length]
        if tag != _PIECES:
            raise ValueError("no octets")
        end = len(self.data) if length is None else self.at + length
        marks_missing = int(length is None)
        pieces: list[bytes] = []
        while self.at < min(end, len(self.data) - 1):
            tag, length = self.head()
            if tag == _OCTETS and length is not None:
                pieces.append(self.data[self.at : self.at + length])
                self.at += length
            elif tag == length == 0:
                marks_missing -= 1
                if marks_missing <= 0:
                    break
            elif tag == _PIECES:
                marks_missing += length is None
            else:
                break
        return b"".join(pieces)
