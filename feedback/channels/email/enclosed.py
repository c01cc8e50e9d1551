"""Extract files encoded within a plain text: uuencoded, yEnc, BinHex 4.0. Pure, linear, bounded."""

from __future__ import annotations

import binascii
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

MOST_FILES = 100
MOST_UNPACKED = 25 * 1024 * 1024

_UUENCODED = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?=[ -`])")
_UUENCODED_END = re.compile(rb"(?m)^end[ \t]*\r?$")
_YENC = re.compile(rb"(?m)^=ybegin [^\r\n]{1,200}?name=([^\r\n]{1,200})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?")
_YENC_END = re.compile(rb"(?m)^=yend[^\r\n]{0,200}\r?$")
_BINHEX = re.compile(rb"(?m)^\(This file must be converted with BinHex[^\r\n]{0,80}\r?\n\s{0,20}:")
_BINHEX_END = re.compile(rb":[ \t]{0,20}\r?$", re.MULTILINE)
# Each encodes six bits as one character: once one alphabet is translated to the other, base64 decodes both.
_FROM_BINHEX = bytes.maketrans(
    b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
)
_REPEAT = re.compile(rb"\x90(.)", re.DOTALL)
_FROM_YENC = bytes((value - 42) % 256 for value in range(256))


class File(NamedTuple):
    """One file. ``name`` is in its original bytes; ``content`` is b"" when nothing could be read."""

    name: bytes
    content: bytes


@dataclass(frozen=True)
class Enclosed:
    """``text`` without the ``files``; ``kinds``: how they were encoded."""

    text: bytes
    files: tuple[File, ...]
    kinds: frozenset[str]


def take_enclosed(data: bytes) -> Enclosed:
    """Remove the files from ``data``, a plain text; whatever only begins like one stays."""
    files: list[File] = []
    kinds: set[str] = set()
    for kind, begin, end, read in _KINDS:
        kept: list[bytes] = []
        position = 0
        while len(files) < MOST_FILES and (found := begin.search(data, position)):
            closing = end.search(data, found.end())
            if closing is None:
                break
            file = read(found[1] if begin.groups else b"", data[found.end() : closing.start()])
            if file.content:
                kept.append(data[position : found.start()])
                files.append(file)
                kinds.add(kind)
            else:
                kept.append(data[position : closing.end()])
            position = closing.end()
        data = b"".join([*kept, data[position:]])
    return Enclosed(data, tuple(files), frozenset(kinds))


def decode_uuencoded(lines: bytes) -> bytes:
    """Return the bytes of uuencoded ``lines`` up to their ``end``; a broken line is decoded as far as possible."""
    decoded: list[bytes] = []
    for line in lines.splitlines():
        if line in (b"end", b"`", b" ") or not line:
            if line == b"end":
                break
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders pad incorrectly: the first character gives the number of bytes.
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                continue
    return b"".join(decoded)


def open_binhex(data: bytes) -> File:
    """Return the file in ``data``, BinHex with or without its header line; the resource fork is left out."""
    begin = _BINHEX.search(data)
    start = begin.end() if begin else data.find(b":") + 1
    return _read_binhex(b"", data[start:].partition(b":")[0])


def _read_uuencoded(name: bytes, lines: bytes) -> File:
    return File(name, decode_uuencoded(lines))


def _read_yenc(name: bytes, lines: bytes) -> File:
    """Decode yEnc: each byte is stored plus 42; after "=" the next one is stored plus another 64."""
    first, *others = lines.replace(b"\r", b"").replace(b"\n", b"").split(b"=")
    escaped = (bytes([(piece[0] - 64) % 256]) + piece[1:] for piece in others if piece)
    return File(name.strip(), b"".join([first, *escaped]).translate(_FROM_YENC))


def _read_binhex(_name: bytes, characters: bytes) -> File:
    """Read name, lengths and content from six bits per character with compressed runs."""
    letters = b"".join(characters.split()).translate(_FROM_BINHEX)
    # A single last character is less than a byte.
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    try:
        unpacked = _with_runs(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    except binascii.Error:
        return File(b"", b"")
    end_of_name = 1 + unpacked[0] if unpacked else 0
    # After the name: a zero, type and creator, flags, the lengths of data and resource fork, a checksum.
    start = end_of_name + 1 + 4 + 4 + 2 + 4 + 4 + 2
    if not unpacked or len(unpacked) < start:
        return File(b"", b"")
    (size,) = struct.unpack_from(">L", unpacked, end_of_name + 11)
    return File(unpacked[1:end_of_name], unpacked[start : start + size])


def _with_runs(packed: bytes) -> bytes:
    """Expand the runs: a byte, 0x90 and the number of repetitions; 0x90 followed by 0 is a literal 0x90."""
    written = bytearray()
    position = 0
    for found in _REPEAT.finditer(packed):
        written += packed[position : found.start()]
        count = found[1][0]
        written += b"\x90" if not count else written[-1:] * (count - 1)
        position = found.end()
        if len(written) > MOST_UNPACKED:
            return bytes(written[:MOST_UNPACKED])
    return bytes(written + packed[position:])


_Reader = Callable[[bytes, bytes], File]
_KINDS: tuple[tuple[str, re.Pattern[bytes], re.Pattern[bytes], _Reader], ...] = (
    ("uuencode", _UUENCODED, _UUENCODED_END, _read_uuencoded),
    ("yenc", _YENC, _YENC_END, _read_yenc),
    ("binhex", _BINHEX, _BINHEX_END, _read_binhex),
)
