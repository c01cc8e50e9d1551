"""Separate what customers raise from small talk with support: "any update?", 谢谢, "tried that". Pure.

A theme is what customers open a thread with. Greetings, thanks and nudges have no subject, and an answer to a question
of ours belongs to the theme its thread was opened with, whatever its words.
"""

import re

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import OTHER
from feedback.themes.praise import is_bare_praise
from feedback.themes.stop_words import (
    AROUND_PRAISE_CHINESE,
    AROUND_TALK,
    AROUND_TALK_CHINESE,
    BRANDS,
    CHINESE,
    ENGLISH,
    FILLERS,
    LUKEWARM,
    LUKEWARM_CHINESE,
    NEGATIONS,
    PRAISE,
    PRAISED_THINGS,
    TALK,
    TALK_CHINESE,
    TRAILING,
)
from feedback.themes.words import HAN, clean, words

# Longer messages say something.
_LONGEST, _LONGEST_HAN = 80, 30
# This few function words say nothing, even without a greeting: "any update?", "for you".
_SAYS_NOTHING = 2
# A group in which fewer messages than this open a thread consists of answers, nudges and thanks.
_OPENED = 0.25
# "It is down" and "support was kind" say something.
_TELLING = NEGATIONS | PRAISE | {"down", "kind"}
_GOOD_DAY = re.compile(r"\bgood (?=morning|afternoon|evening|night|day\b)", re.IGNORECASE)
_TALK = TALK | TALK_CHINESE
_AROUND_LUKEWARM = LUKEWARM | PRAISED_THINGS | BRANDS | (ENGLISH - NEGATIONS)
_LUKEWARM_ZH, _AROUND_LUKEWARM_ZH = (
    re.compile("|".join(sorted(listed, key=lambda word: (-len(word), word))))
    for listed in (LUKEWARM_CHINESE, LUKEWARM_CHINESE | AROUND_PRAISE_CHINESE)
)
_BARE = (
    ENGLISH | CHINESE | FILLERS | TRAILING | BRANDS | AROUND_TALK | AROUND_TALK_CHINESE | _TALK
) - _TELLING


def is_small_talk(text: str) -> bool:
    """Return whether ``text``, Chinese or English, has words but no subject.

    Praise and negations are not small talk: "no luck" and 没有回复 are complaints. A number alone ("1042???") and
    a verdict without a subject ("average", 中规中矩) are.
    """
    if len(text) > (_LONGEST_HAN if HAN.search(text) else _LONGEST):
        return False
    if is_lukewarm(text) or (any(map(str.isdigit, text)) and not any(map(str.isalpha, text))):
        return True
    text = _GOOD_DAY.sub("", text)
    # Most texts that do say something are recognised by one plain word; only the rest are segmented.
    if any(word.isascii() and word.isalpha() and word not in _BARE for word in text.lower().split()):
        return False
    spoken = words(text)
    is_bare = all(word in _BARE or (word.isdigit() and len(word) <= 2) for word in spoken)
    if not spoken or not is_bare or is_bare_praise(text):
        return False
    return len(spoken) <= _SAYS_NOTHING or not _TALK.isdisjoint(spoken)


def is_lukewarm(text: str) -> bool:
    """Return whether ``text``, Chinese or English, neither praises nor complains, and names no subject."""
    if HAN.search(text):
        return bool(_LUKEWARM_ZH.search(text)) and not any(
            map(str.isalnum, _AROUND_LUKEWARM_ZH.sub("", clean(text)))
        )
    spoken = words(text)
    return any(word in LUKEWARM for word in spoken) and all(word in _AROUND_LUKEWARM for word in spoken)


def openers(talk: NDArray[np.bool_], threads: NDArray[np.int64], age: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (n,): for each message the row that opened its thread, the first in it that is not small talk.

    In a thread of small talk only, it is the first message. ``talk`` (n,) marks small talk, ``threads`` (n,) numbers
    the conversations, ``age`` (n,) orders the messages, the oldest lowest.
    """
    order = np.lexsort((age, talk, threads))
    begins = np.ones(len(order), bool)
    begins[1:] = threads[order][1:] != threads[order][:-1]
    opener = np.empty(len(order), np.int64)
    opener[order] = order[begins][np.cumsum(begins) - 1]
    return opener


def set_aside(
    groups: NDArray[np.int64], talk: NDArray[np.bool_], opener: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return ``groups`` (n,) with ``OTHER`` for small talk, and for groups whose messages rarely open a thread.

    ``talk`` and ``opener`` (n,) are the argument and the result of ``openers``. Other groups keep their numbers.
    """
    told = np.flatnonzero(~talk & (groups >= 0))
    raised = np.bincount(groups[told], weights=opener[told] == told)
    answering = np.flatnonzero(raised < _OPENED * np.bincount(groups[told]))
    return np.where(talk | np.isin(groups, answering), OTHER, groups)
