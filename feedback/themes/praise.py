"""Join the themes that say nothing but "good": "love it", "great app" and 很好用 are one theme. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.themes.beside import shared
from feedback.themes.stop_words import (
    AROUND_PRAISE_CHINESE,
    BRANDS,
    ENGLISH,
    NEGATIONS,
    PRAISE,
    PRAISE_CHINESE,
    PRAISED_THINGS,
)
from feedback.themes.words import HAN, clean, words

# This share of a theme's messages must be bare praise; the rest are mostly the same with typing errors or a name.
_SHARE = 0.4
# Of two messages one may be bare praise by chance.
_MORE_THAN_CHANCE = 0.6
_LONGEST = 80
# What chat programs write for a picture: [鲜花].
_PICTURE = re.compile(r"\[[^\]\s]{1,6}\]")
_BARE = PRAISE | PRAISED_THINGS | BRANDS | (ENGLISH - NEGATIONS)
# Matches are removed one by one: a pattern that repeats overlapping alternatives could be made to run forever.
_PRAISE_ZH, _BARE_ZH = (
    re.compile("|".join(sorted(listed, key=lambda word: (-len(word), word))))
    for listed in (PRAISE_CHINESE, PRAISE_CHINESE | AROUND_PRAISE_CHINESE)
)


def is_bare_praise(text: str) -> bool:
    """Return whether ``text``, Chinese or English, praises and names no subject. False for other languages."""
    if len(text) > _LONGEST:
        return False
    text = _PICTURE.sub(" ", text)
    if HAN.search(text):
        return bool(_PRAISE_ZH.search(text)) and not any(map(str.isalnum, _BARE_ZH.sub("", clean(text))))
    spoken = words(text)
    return any(word in PRAISE for word in spoken) and all(word in _BARE for word in spoken)


def join_praise(
    groups: NDArray[np.int64], texts: Sequence[str], languages: Sequence[str]
) -> NDArray[np.int64]:
    """Join the groups that are largely bare praise, by their Chinese and English messages, under the lowest number.

    All three arguments have length n; ``groups`` is negative for messages in no group. The other numbers stay.
    """
    read = np.array([language[:2].lower() in ("zh", "en") for language in languages], bool) & (groups >= 0)
    if not read.any():
        return groups
    rows = np.flatnonzero(read)
    spoken = np.bincount(groups[rows])
    bare = np.bincount(
        groups[rows], weights=shared(is_bare_praise, [texts[row] for row in rows.tolist()], of=len(rows))
    )
    praising = np.flatnonzero(bare >= _SHARE * spoken + _MORE_THAN_CHANCE)
    if len(praising) < 2:
        return groups
    return np.where(np.isin(groups, praising), praising[0], groups)
