"""Tell how alike two messages are, with what the encoder cannot see: numbers, versions, negation."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.intake.folding import fold

# From here on a message is shown as "this may be the same"; nothing is ever merged on similarity alone.
SUGGESTED_FROM = 0.85
# Messages that name different numbers, or say the opposite, stay below the suggestion.
_VETOED_AT_MOST = 0.8

# Order numbers, amounts, versions, dates: at least two digits or a dotted number. "3 times" may well be "4 times".
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)+|\d{2,}")
_NEGATION = re.compile(
    r"没有?|不(?!错|过|但|仅|断|同|如)|未|别(?!人|的)|无法|无(?!聊)"
    r"|\b(?:not|no|never|none|nothing|cannot|without)\b|n't\b|\b(?:unable|fails?|failed)\b"
)
_UNCHANGED_BY_NEGATION = 0.92


def numbers(text: str) -> frozenset[str]:
    """Return the numbers that tell one case from another, without separators at their ends."""
    return frozenset(match.strip(".,:/-") for match in _NUMBER.findall(fold(text).text))


def _is_negated(text: str) -> bool:
    return len(_NEGATION.findall(fold(text).text)) % 2 == 1


def vetoed(one: str, other: str, cosine: float) -> float:
    """Hold a close pair down when its texts name different numbers, or only one of near-twins is negated."""
    if cosine <= _VETOED_AT_MOST:
        return cosine
    first, second = numbers(one), numbers(other)
    if first and second and first.isdisjoint(second):
        return _VETOED_AT_MOST
    same_length = abs(len(one) - len(other)) <= 6
    if (
        cosine >= _UNCHANGED_BY_NEGATION
        and same_length
        and one != other
        and _is_negated(one) != _is_negated(other)
    ):
        return _VETOED_AT_MOST
    return cosine


def similarity(one: str, other: str, vector: NDArray[np.float32], other_vector: NDArray[np.float32]) -> float:
    """Return how alike two messages are, -1..1: the cosine of their (512,) vectors, held down by a veto."""
    return vetoed(one, other, float(vector @ other_vector))


def similarities(
    text: str, vector: NDArray[np.float32], others: Sequence[str], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the (n,) similarity of one message with each of ``others``, whose vectors are (n, 512)."""
    cosines = vectors @ vector
    for row in np.flatnonzero(cosines > _VETOED_AT_MOST).tolist():
        cosines[row] = vetoed(text, others[row], float(cosines[row]))
    return cosines
