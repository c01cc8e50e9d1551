"""Durations as people write and read them: 15 min, 3.5 h, 1 d 12 h; 15 分钟, 4 小时."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils.translation import gettext as _

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
#: Accepted names of each unit, the longest first, so that "minutes" is not read as "min".
_NAMES = {
    "d": ("days", "day", "d", "天", "日"),
    "h": ("hours", "hour", "hrs", "hr", "h", "小时", "时"),
    "min": ("minutes", "minute", "mins", "min", "m", "分钟", "分"),
    "s": ("seconds", "second", "secs", "sec", "s", "秒钟", "秒"),
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names}
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*({'|'.join(sorted(_UNIT_OF, key=len, reverse=True))})\s*", re.I)


def spoken(length: timedelta) -> str:
    """Return ``length``, not negative and in whole seconds, in the active language; ``heard`` parses it back."""
    words = {"d": _("%s d"), "h": _("%s h"), "min": _("%s min"), "s": _("%s s")}
    parts, rest = [], length
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(words[unit] % count)
    return " ".join(parts) or words["min"] % 0


def roughly(length: timedelta) -> str:
    """Return ``length`` in its largest fitting unit, in the active language: 12 min, 3.5 h, 2 d."""
    minutes = length / timedelta(minutes=1)
    if minutes < 60:
        return _("%s min") % round(minutes)
    if minutes < 48 * 60:
        return _("%s h") % f"{minutes / 60:.1f}".removesuffix(".0")
    return _("%s d") % round(minutes / 1440)


def heard(text: str) -> timedelta | None:
    """Parse a duration whose every number has a unit; return None when ``text`` is not one."""
    position, length = 0, timedelta()
    text = text.strip()
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            return None
        length += float(part[1]) * _UNITS[_UNIT_OF[part[2].lower()]]
        position = part.end()
    return length if text else None
