"""Format shares, moods, factors and long names for people. Pure."""

from __future__ import annotations

_LONGEST_NAME = 30


def share(value: float | None) -> str:
    """Format 0..1 as per cent, with one decimal below ten and none above; ``–`` for None."""
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if value < 0.0995 else f"{100 * value:.0f} %"


def per_cent(value: float) -> str:
    """Format 0..1 as a bare number of per cent, for a CSS style: ``37.5``."""
    return f"{100 * value:.1f}"


def signed(value: float) -> str:
    """Format a number in -1..1 with two decimals and its sign, using a real minus sign."""
    return f"{value:+.2f}".replace("-", "−")


def times(value: float | None) -> str:
    """Format a factor: ``×2.1``, ``×0.04``, ``×43``; ``–`` for None."""
    if value is None:
        return "–"
    return f"×{value:.2f}" if value < 0.095 else f"×{value:.1f}" if value < 9.95 else f"×{value:.0f}"


def shortened(name: str) -> str:
    """Return ``name`` cut to at most 30 columns; a Chinese character takes two."""
    width = 0
    for place, character in enumerate(name):
        width += 2 if ord(character) > 0x2E80 else 1
        if width > _LONGEST_NAME:
            return name[:place].rstrip(" ·") + "…"
    return name
