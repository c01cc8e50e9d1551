"""Compare version numbers as people write them. Pure."""

from __future__ import annotations

import re
from itertools import zip_longest

_NUMBER = re.compile(r"\d{1,9}")


_VERSION = re.compile(r"\s*v?\d+(\.\d+)*\s*", re.I)


def is_version(text: str) -> bool:
    """Return whether ``text`` is a version and nothing else: 8.3.2, not a date or "next week"."""
    return _VERSION.fullmatch(text) is not None


def is_at_least(version: str, least: str) -> bool:
    """Return whether ``version`` is ``least`` or later, comparing their numbers: 12.10 is later than 12.9.

    False when either has no numbers: nobody is held back for a version that cannot be compared.
    """
    one, other = ([int(number) for number in _NUMBER.findall(text)] for text in (version, least))
    if not one or not other:
        return False
    for mine, theirs in zip_longest(one, other, fillvalue=0):
        if mine != theirs:
            return mine > theirs
    return True
