"""The type and safe name of a file, decided here and never trusted from the sender. Pure."""

from __future__ import annotations

import re
import unicodedata

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
#: The types that a browser may show inside a page; all others are offered as downloads only.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_NOT_IN_NAMES = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
)


def kind_of_content(content: bytes) -> str:
    """Return the media type that the first bytes show; ``application/octet-stream`` when unsure.

    Never a type that a browser would run: no HTML, no SVG.
    """
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return "application/octet-stream"


def safe_filename(name: str) -> str:
    """Return ``name`` without path, control, bidi and zero-width characters, 200 characters at most."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    return name[-200:] or "file"
