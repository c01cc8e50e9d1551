"""Clean incoming text: keep only what PostgreSQL can store and a person can read."""

from __future__ import annotations

import hashlib
import re

#: Any number of this many digits fits a bigint; Python refuses to parse thousands of digits.
MOST_DIGITS = 18
_LINE_ENDS = re.compile(r"\r\n?")
# C0 controls other than tab and newline, and DEL: PostgreSQL refuses NUL, the others are unreadable.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(text: str) -> str:
    """Return ``text`` without control characters and lone surrogates, with ``\\n`` line ends, stripped."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """Return ``text`` cleaned and on one line, for subjects and names; empty when nothing of it can be seen.

    Spaces without width and marks of direction alone would leave a link that nobody finds.
    """
    line = " ".join(clean_text(text).split()) if text else ""
    return line if any(character.isprintable() and character != " " for character in line) else ""


def shortened(text: str, most: int) -> str:
    """Return ``text`` on one line, cut to at most ``most`` characters including the "…" for the rest."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def number_in(text: str) -> int | None:
    """Return ``text`` from a URL or a form as a number, None when it is none or too large for a key."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def digest(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()
