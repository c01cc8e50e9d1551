"""Spreadsheet cells that are never evaluated as formulas. Pure."""

from __future__ import annotations

import unicodedata

_STARTS_FORMULA = frozenset("=+-@")
_STARTS_FIELD = frozenset("\t\r\n")


def safe_cell(value: object) -> object:
    """Return ``value`` so that no spreadsheet takes it for a formula; numbers, dates and None are unchanged.

    A text gets a leading apostrophe when it starts with = + - @, tab or line break, even after spaces and
    invisible characters or in full width (＝), since spreadsheets trim and fold before they look. A text that
    is a plain number, such as "-3.5", is unchanged: it computes nothing.
    """
    if not isinstance(value, str) or not value:
        return value
    if value[0] in _STARTS_FIELD:
        return "'" + value
    folded = unicodedata.normalize("NFKC", value)
    start = next((character for character in folded if _is_seen(character)), "")
    if start in _STARTS_FORMULA and not _is_number(folded.strip()):
        return "'" + value
    return value


def _is_seen(character: str) -> bool:
    # Cf: zero-width and direction marks; Cc: controls.
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.replace(".", "", 1).isdigit()
