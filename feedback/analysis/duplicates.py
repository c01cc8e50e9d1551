"""Measure how alike two messages are, with what the encoder cannot see: numbers, negation, opposites, direction."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.word_lists import read_rows
from feedback.intake.folding import fold

# At or above this a message is shown as "this may be the same"; nothing is ever merged on similarity alone.
SUGGESTED_FROM = 0.85
# Contradicting messages keep this share of their cosine: below what is shown, and below most pairs that agree.
_CONTRADICTED = 0.4
# A different order with the same problem is a different case, but still similar.
_ANOTHER_CASE = 0.6
# Below this nothing is shown at all, and two texts are too different for a single word to matter.
_COMPARED_FROM = 0.45
# Two texts about the same matter share at least this part of their words, not counting "not" and opposites.
_SAME_MATTER = 0.6
_REMEMBERED = 4096

# Order numbers, amounts, versions, dates: at least two digits or a dotted number. "3 times" may well be "4 times".
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)+|\d{2,}|(?<=[$€£¥])\d")
# "能不能" and "退了没有" are questions, not negations.
# Neither is "without cause" a negation, in any of its forms: 无缘无故.
_ASKED = re.compile(r"(.)不\1|有没有|了没有?(?=[？?。，]|$)|不(?:好意思|管|客气)|(?:无缘)?无故|无端(?:端)?")
_NEGATION = re.compile(
    r"没有?|不(?!错|过|但|仅|断|同|如)|未|别(?!人|的|名)|无法|无(?!聊|线|人机|锡)"
    r"|\b(?:not|no|never|none|nothing|cannot|without|does(?=n't| not)|do(?=n't| not)|did(?=n't| not)|have(?= not|n't)"
    r"|has(?= not|n't)|is(?=n't)|was(?=n't)|can(?='t)|ca(?=n't)"
    r"|(?:do|does|did|ca|wo|is|was|has|have)nt)\b|n't\b|'t\b|\b(?:unable|fails?|failed)\b"
)
_DENIES = re.compile(
    r"没|不|未|别|无|\bno[tr]?\b|\bnever\b|\bno(?:ne|thing)\b|cannot|without|'t\b|\w+nt\b|unable|fail"
)
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# Within one side of a pair of opposites, separates the word from its equivalent in the other language.
_OTHER_LANGUAGE = " ~ "
# Function words and particles that say nothing about the matter.
_LIGHT = (
    frozenset("的了吗呢啊吧我你他她它是就都也很请问么着过")
    | frozenset("a an the i my me you your is are was were do does did have has it to from of please".split())  # noqa: SIM905
    | frozenset("s t m ve again still just also really now already even".split())  # noqa: SIM905
)
_DIRECTION = re.compile(r"[到给向被把从比]|\b(?:to|from|by|than|into)\b")
# "I was charged" means "you charged me"; with active verbs "I" acts and "me" is acted upon.
_DOES, _SUFFERS = re.compile(r"\bi\b"), re.compile(r"\bme\b")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|got|get|am|i'm)\b")
_WAY = re.compile(r"\b(from|to) (?:(?:the|my|a|an) )?(\w+)")
_OTHER_WAY = {"from": "to", "to": "from"}
_UNDONE = re.compile(r"un(?!les)(?=\w{3})")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s)$")


@dataclass(frozen=True)
class _Read:
    """One folded text, prepared for comparison; see the functions that fill the fields."""

    numbers: frozenset[str]
    is_negated: bool
    words: Counter[str]
    order: tuple[str, ...]
    is_directed: bool
    acts: int
    ways: frozenset[tuple[str, str]]
    undone: frozenset[str]
    sides: dict[int, frozenset[int]]
    is_han: bool


@dataclass(frozen=True)
class _Opposites:
    """Pairs of opposites: a pattern for each side of each row, and one pattern for all their words."""

    sides: tuple[tuple[re.Pattern[str], ...], ...]
    all_words: re.Pattern[str]


@lru_cache(maxsize=1)
def _opposites() -> _Opposites:
    spelled = [
        ["|".join(map(_spelled, side.split(_OTHER_LANGUAGE))) for side in row]
        for row in read_rows("opposites.txt")
    ]
    return _Opposites(
        tuple(tuple(re.compile(side) for side in row) for row in spelled),
        re.compile("|".join(side for row in spelled for side in row)),
    )


def _spelled(side: str) -> str:
    return rf"\b(?:{side})\b" if side.isascii() else side


def numbers(text: str) -> frozenset[str]:
    """Return the numbers that distinguish one case from another, without leading or trailing separators."""
    return frozenset(match.strip(".,:/-") for match in _NUMBER.findall(fold(text).text))


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> _Read:
    folded = _ASKED.sub(" ", fold(text).text)[:1000]
    denials = [match for match in _NEGATION.findall(folded) if _DENIES.search(match)]
    opposites = _opposites()
    order = _words(_NEGATION.sub(" ", folded))
    sides = {
        row: found
        for row, own in enumerate(opposites.sides)
        if (found := frozenset(side for side, pattern in enumerate(own) if pattern.search(folded)))
    }
    return _Read(
        numbers=numbers(text),
        is_negated=len(denials) % 2 == 1,
        words=Counter(map(_done, _words(opposites.all_words.sub(" ", _NEGATION.sub(" ", folded))))),
        order=order,
        is_directed=bool(_DIRECTION.search(folded)),
        acts=0 if _PASSIVE.search(folded) else len(_DOES.findall(folded)) - len(_SUFFERS.findall(folded)),
        ways=frozenset(_WAY.findall(folded)),
        undone=frozenset(_done(word) for word in order if word != _done(word)),
        sides=sides,
        is_han=bool(_HAN.search(folded)),
    )


def _words(folded: str) -> tuple[str, ...]:
    """Return the words that say something about the matter, without their endings, in order."""
    return tuple(_ENDING.sub("", word) for word in _WORD.findall(folded) if word not in _LIGHT)


def _done(word: str) -> str:
    """Return ``word`` without a leading "un": "unmute" is about the same matter as "mute"."""
    return _UNDONE.sub("", word) if _UNDONE.match(word) else word


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of their words that the two texts have in common, 0..1; 1 when neither has any."""
    together = (one | other).total()
    return (one & other).total() / together if together else 1.0


def _are_other_cases(one: _Read, other: _Read) -> bool:
    return bool(one.numbers and other.numbers and one.numbers.isdisjoint(other.numbers))


def _are_opposed(one: _Read, other: _Read) -> bool:
    return any(one.sides[row].isdisjoint(other.sides[row]) for row in one.sides.keys() & other.sides.keys())


def _is_undone(one: _Read, other: _Read) -> bool:
    """Return whether ``one`` undoes what ``other`` does."""
    return any(word in other.order for word in one.undone - other.undone)


def _are_turned(one: _Read, other: _Read) -> bool:
    """Return whether the same words reverse who did what to whom, or what goes with what."""
    if Counter(one.order) != Counter(other.order):
        return False
    if one.acts * other.acts < 0 or any(
        (_OTHER_WAY[way], place) in other.ways and (way, place) not in other.ways for way, place in one.ways
    ):
        return True
    if one.order == other.order:
        return False
    moved = [
        place for place, pair in enumerate(zip(one.order, other.order, strict=True)) if len(set(pair)) == 2
    ]
    # Two words that swapped places across others; moving a whole clause would move all of its words.
    has_swapped = len(moved) == 2 and moved[1] - moved[0] > 1
    return (one.is_directed and other.is_directed) or (has_swapped and not one.is_han)


def contradicts(one: str, other: str) -> bool:
    """Return whether two otherwise similar texts differ in a number, a "not", an opposite, or who did what to whom.

    Between Chinese and another language only numbers and opposites are compared: such texts share no words.
    """
    first, second = _read(one), _read(other)
    if _are_other_cases(first, second):
        return True
    if first.is_han != second.is_han:
        return _are_opposed(first, second)
    shared = _shared(first.words, second.words)
    if shared < _SAME_MATTER:
        return False
    if first.is_negated != second.is_negated:
        return True
    if _are_opposed(first, second) or _is_undone(first, second) or _is_undone(second, first):
        return True
    return _are_turned(first, second)


def vetoed(one: str, other: str, cosine: float) -> float:
    """Return the ``cosine`` of a pair, lowered when the two texts contradict each other."""
    if cosine <= _COMPARED_FROM or one == other or not contradicts(one, other):
        return cosine
    is_other_case = _are_other_cases(_read(one), _read(other))
    return cosine * (_ANOTHER_CASE if is_other_case else _CONTRADICTED)


def similarity(one: str, other: str, vector: NDArray[np.float32], other_vector: NDArray[np.float32]) -> float:
    """Return how alike two messages are, -1..1: the cosine of their (512,) vectors, lowered by a veto."""
    return vetoed(one, other, float(vector @ other_vector))


def similarities(
    text: str, vector: NDArray[np.float32], others: Sequence[str], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the (n,) similarities of one message to each of ``others``, whose vectors are (n, 512)."""
    cosines = vectors @ vector
    for row in np.flatnonzero(cosines > _COMPARED_FROM).tolist():
        cosines[row] = vetoed(text, others[row], float(cosines[row]))
    return cosines
