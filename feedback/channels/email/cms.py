"""Read S/MIME that needs no key: the content of signed and compressed data (RFC 5652, RFC 3274).

Pure and bounded. Signatures are not verified: only the content matters here.
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
    """``kind`` is "signed", "compressed", "encrypted" or "" for anything else; ``content`` is a part of a mail."""

    kind: str
    content: bytes = b""


def open_cms(data: bytes) -> Opened:
    """Return the content of ``data``, DER or BER; never raises. Truncated data gives what is there."""
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
        # A detached signature, or broken data.
        content = b""
    return Opened(name, content)


def _content(cursor: _Cursor) -> bytes:
    """Read what follows the outer type: version, algorithms, then the type of the content and the content."""
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
    """A position in ``data``. Each step raises ValueError when it finds something unexpected."""

    data: bytes
    at: int = 0
    steps_left: int = MOST_ELEMENTS

    def head(self) -> tuple[int, int | None]:
        """Read a tag and its length; the length is None when an end marker delimits the content."""
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
        """Skip one element with everything inside it."""
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
        """Return an octet string, joining its pieces if it is split, even when nested."""
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
