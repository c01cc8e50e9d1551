"""winmail.dat: the attachments inside Microsoft's TNEF wrapper. Pure; a broken file gives what was read."""

from __future__ import annotations

import struct

from feedback.channels.email.charsets import decode

_SIGNATURE = 0x223E9F78
_BODY = 0x0002800C
_RENDERING = 0x00069002
_TITLE = 0x00018010
_CONTENT = 0x0006800F
MOST_ATTRIBUTES = 2_000


def is_tnef(data: bytes) -> bool:
    return data[:4] == struct.pack("<I", _SIGNATURE)


def read_tnef(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the plain body, "" when there is none, and (file name, content) of each attachment."""
    body = ""
    files: list[tuple[str, bytes]] = []
    title, content = "", b""
    position = 6
    for _count in range(MOST_ATTRIBUTES):
        if position + 9 > len(data):
            break
        _level, attribute, length = struct.unpack_from("<BII", data, position)
        value = data[position + 9 : position + 9 + length]
        # Two bytes of checksum follow each value.
        position += 9 + length + 2
        if attribute == _BODY:
            body = decode(value.rstrip(b"\0")).text
        elif attribute == _RENDERING:
            files += [(title, content)] if content else []
            title, content = "", b""
        elif attribute == _TITLE:
            title = decode(value.rstrip(b"\0")).text
        elif attribute == _CONTENT:
            content = value
    files += [(title, content)] if content else []
    return body, files
