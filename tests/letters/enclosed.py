"""Files inside a text, in the encodings that came before MIME, or went past it."""

from __future__ import annotations

import binascii
import hashlib
import struct
from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several

FRESH = {"In-Reply-To": None, "References": None, "Subject": "Log"}
# Each byte, those with a meaning of their own in the encodings too, and a run.
CONTENT = bytes(range(256)) * 2 + b"\x90" * 5 + b"x" + b"\0" * 300
_BINHEX_LETTERS = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"


def yenc(name: str, content: bytes) -> bytes:
    lines = [b"=ybegin line=128 size=%d name=%s" % (len(content), name.encode())]
    line = b""
    for byte in content:
        value = (byte + 42) % 256
        line += b"=" + bytes([(value + 64) % 256]) if value in b"\0\n\r=" else bytes([value])
        if len(line) >= 128:
            lines.append(line)
            line = b""
    return b"\r\n".join([*lines, line, b"=yend size=%d" % len(content), b""])


def binhex(name: str, content: bytes) -> bytes:
    head = bytes([len(name)]) + name.encode() + b"\0BINAtest\0\0" + struct.pack(">LL", len(content), 0)
    whole = b"".join(piece + struct.pack(">H", binascii.crc_hqx(piece, 0)) for piece in (head, content, b""))
    packed = whole.replace(b"\x90", b"\x90\0").replace(b"\0" * 200, b"\0\x90\xc8")
    bits = "".join(f"{byte:08b}" for byte in packed)
    bits += "0" * (-len(bits) % 6)
    letters = bytes(_BINHEX_LETTERS[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))
    rows = [letters[at : at + 64] for at in range(0, len(letters), 64)]
    return b"(This file must be converted with BinHex 4.0)\r\n\r\n:" + b"\r\n".join(rows) + b":\r\n"


def in_text() -> Iterator[Letter]:
    file = {"filename": "log.bin", "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    for kind, block in (("yenc", yenc("log.bin", CONTENT)), ("binhex", binhex("log.bin", CONTENT))):
        yield Letter(
            f"enclosed-{kind}",
            mail(part(b"See the log.\r\n\r\n" + block + b"\r\nThanks\r\n"), **FRESH),
            {"reply_text": "See the log.\n\nThanks", "attachments": [file], "flags": [kind]},
        )
    packed = part(
        binhex("log.bin", CONTENT),
        "application/mac-binhex40",
        Content_Disposition='attachment; filename="log.hqx"',
    )
    yield Letter(
        "enclosed-binhex-part",
        mail(several("mixed", part("See the log."), packed), **FRESH),
        {"reply_text": "See the log.", "attachments": [file], "flags": ["binhex"]},
    )


def no_files() -> Iterator[Letter]:
    bodies = {
        "yenc-open": "=ybegin line=128 size=9 name=a\nwhat does that mean?",
        "binhex-open": "(This file must be converted with BinHex 4.0)\nwhat does that mean?",
        "binhex-empty": "Why?\n\n(This file must be converted with BinHex 4.0)\n:a:",
    }
    for name, body in bodies.items():
        yield Letter(f"enclosed-none-{name}", mail(part(body), **FRESH), {"attachments": []})


def all_enclosed() -> list[Letter]:
    return [letter for make in (in_text, no_files) for letter in make()]
