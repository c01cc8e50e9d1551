"""Read winmail.dat: body and attachments in Microsoft's TNEF wrapper. Pure; a broken file gives what was read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from feedback.channels.email.charsets import decode
from feedback.channels.email.rtf import read_rtf, unsqueezed

MOST_ATTRIBUTES = 2_000
MOST_PROPERTIES = 500
MOST_FILES = 50
MOST_NAME = 1_000
MOST_TEXT = 2_000_000

_SIGNATURE = 0x223E9F78
_BODY = 0x0002800C
_RENDERING = 0x00069002
_TITLE = 0x00018010
_CONTENT = 0x0006800F
_CODE_PAGE = 0x00069007
# Two lists of MAPI properties: the message's and an attachment's.
_MESSAGE_PROPERTIES = 0x00069003
_FILE_PROPERTIES = 0x00069005
# Properties: the title above is the short DOS name ("REPORT~1.DOC"), this is the name the sender saw.
_LONG_NAME = 0x3707
_PLAIN = 0x1000
_HTML = 0x1013
_RICH = 0x1009
_TOLD = {_LONG_NAME, _PLAIN, _HTML, _RICH}

# MAPI types: the size of one value, padded to four-byte cells; types of variable length store theirs.
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_ANY_LENGTH = {0x0D, 0x1E, 0x1F, 0x102}
_UNICODE = 0x1F
_SEVERAL = 0x1000


@dataclass
class Unwrapped:
    """What a winmail.dat holds; ``files`` are (file name, content)."""

    text: str = ""
    markup: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def is_tnef(data: bytes) -> bool:
    return data[:4] == struct.pack("<I", _SIGNATURE)


def read_tnef(data: bytes) -> Unwrapped:
    """Return the body and the attachments; never raises."""
    found = Unwrapped()
    label = ""
    file = _File()
    is_told = False
    for attribute, value in _attributes(data):
        if attribute == _CODE_PAGE and len(value) >= 4:
            label = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            found.text = decode(value[:MOST_TEXT].rstrip(b"\0"), label).text
        elif attribute == _MESSAGE_PROPERTIES and not is_told:
            is_told = True
            properties = _properties(value, label)
            found.text = found.text or properties.get(_PLAIN, "")
            found.markup = properties.get(_HTML, "")
            if not (found.text or found.markup) and _RICH in properties:
                rich = read_rtf(properties[_RICH])
                found.text, found.markup = rich.text, rich.markup
        elif attribute == _RENDERING:
            _keep(file, found, label)
            file = _File()
        elif attribute == _TITLE:
            file.title = file.title or value
        elif attribute == _CONTENT:
            file.content = value
        elif attribute == _FILE_PROPERTIES:
            file.properties = value
    _keep(file, found, label)
    return found


@dataclass
class _File:
    """An attachment being read. Names are guessed last, and only for files with content, as guessing is expensive."""

    title: bytes = b""
    properties: bytes = b""
    content: bytes = b""


def _keep(file: _File, found: Unwrapped, label: str) -> None:
    if file.content and len(found.files) < MOST_FILES:
        long_name = _properties(file.properties, label).get(_LONG_NAME, "")
        title = decode(file.title[:MOST_NAME].rstrip(b"\0"), label).text
        found.files.append((long_name or title, file.content))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    for _count in range(MOST_ATTRIBUTES):
        if position + 9 > len(data):
            return
        _level, attribute, length = struct.unpack_from("<BII", data, position)
        yield attribute, data[position + 9 : position + 9 + length]
        # Two bytes of checksum follow each value.
        position += 9 + length + 2


def _properties(data: bytes, label: str) -> dict[int, str]:
    """Return the texts we need from the MAPI properties in ``data``, by property id, up to where it breaks off."""
    texts: dict[int, str] = {}
    position = 4
    try:
        for _count in range(min(struct.unpack_from("<I", data)[0], MOST_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", data, position)
            position = _after_name(data, position + 4, name)
            value, position = _value(data, position, kind)
            # The attached file is a property too: megabytes that are not text.
            if name not in _TOLD or name in texts:
                continue
            if name == _RICH:
                texts[name] = unsqueezed(value)
            elif kind == _UNICODE:
                texts[name] = value[:MOST_TEXT].decode("utf-16-le", "replace").rstrip("\0")
            elif kind in _ANY_LENGTH:
                texts[name] = decode(value[:MOST_TEXT].rstrip(b"\0"), label).text
    except (struct.error, KeyError):
        # Truncated, or an unknown type: whatever follows cannot be located.
        pass
    return texts


def _after_name(data: bytes, position: int, name: int) -> int:
    """Return where the value begins; a property above 0x8000 is first named by a number or a text."""
    if name < 0x8000:
        return position
    (is_text,) = struct.unpack_from("<I", data, position + 16)
    (length,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + (_padded(length) if is_text else 0)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """Return the first value at ``position`` and where the next property begins."""
    count = 1
    if kind & _SEVERAL or kind in _ANY_LENGTH:
        (count,) = struct.unpack_from("<I", data, position)
        position += 4
    plain = kind & ~_SEVERAL
    if plain not in _ANY_LENGTH:
        size = _FIXED[plain]
        return data[position : position + size], position + size * count
    first = b""
    for number in range(min(count, MOST_PROPERTIES)):
        (length,) = struct.unpack_from("<I", data, position)
        if not number:
            first = data[position + 4 : position + 4 + length]
        position += 4 + _padded(length)
    return first, position


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
