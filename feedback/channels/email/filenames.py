"""Make names of attached files safe to show and to save. Pure."""

from __future__ import annotations

import re

from feedback.channels.email.addresses import BIDI, plain_name

MOST_NAME = 150

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]')
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "image/webp": ".webp",
    "application/zip": ".zip",
    "video/mp4": ".mp4",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
}


def safe_name(name: str, content_type: str, number: int, flags: set[str]) -> str:
    """Return ``name`` without its path and anything that hides its extension; a nameless file gets its ``number``.

    Problems found are added to ``flags``.
    """
    if BIDI.search(name):
        flags |= {"bidi", "suspicious_filename"}
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if last != name.strip() and (".." in name or name[:1] in "/\\"):
        flags.add("suspicious_filename")
    safe = _NOT_IN_NAMES.sub("_", plain_name(last, most=len(last))).strip(" .")
    stem, dot, ending = safe.rpartition(".")
    if len(safe) > MOST_NAME:
        safe = f"{stem[: MOST_NAME - 20]}{dot}{ending[:19]}" if stem else safe[:MOST_NAME]
    return safe or f"attachment-{number}{_ENDINGS.get(content_type, '.bin')}"
