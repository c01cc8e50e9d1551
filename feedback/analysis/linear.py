"""A linear classifier over the meaning of a text (its vector) and its spelling (its hashed grams)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.artifacts import Arrays
from feedback.analysis.features import project

# The weight of letters relative to meaning when both are trained on the same texts.
LETTERS_SHARE = 0.5


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of ``logits`` along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + exp(-logit)), safe for any finite logit."""
    return float(0.5 * (1.0 + np.tanh(0.5 * logit)))


@dataclass(frozen=True)
class TextClassifier:
    """A linear classifier of k classes.

    ``meaning`` (k, 512) weighs a sentence vector, ``letters`` (k, BUCKETS) the hashed grams; each has constants (k,).
    """

    classes: tuple[str, ...]
    meaning: NDArray[np.float32]
    meaning_constant: NDArray[np.float32]
    letters: NDArray[np.float16]
    letters_constant: NDArray[np.float32]

    def apart(
        self, vector: NDArray[np.float32], buckets: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the (k,) logits of one text by meaning and by letters."""
        by_meaning = np.asarray(self.meaning @ vector + self.meaning_constant, dtype=np.float64)
        return by_meaning, project(buckets, self.letters) + self.letters_constant

    @staticmethod
    def together(by_meaning: NDArray[np.float64], by_letters: NDArray[np.float64]) -> NDArray[np.float64]:
        """Blend logits by meaning and by letters of the same shape."""
        return by_meaning + LETTERS_SHARE * by_letters

    def probabilities(self, vector: NDArray[np.float32], buckets: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the (k,) probabilities of one text, in the order of ``classes``."""
        return softmax(self.together(*self.apart(vector, buckets)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays to store, classes as fixed-width strings."""
        return {
            "classes": np.array(self.classes),
            "meaning": self.meaning,
            "meaning_constant": self.meaning_constant,
            "letters": self.letters,
            "letters_constant": self.letters_constant,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "TextClassifier":
        """Rebuild the classifier from the result of ``arrays``."""
        return cls(
            classes=tuple(str(name) for name in arrays["classes"]),
            meaning=arrays["meaning"],
            meaning_constant=arrays["meaning_constant"],
            # Stored bucket by bucket: a text reads a few hundred of them from a table too large for the cache.
            letters=np.asfortranarray(arrays["letters"].astype(np.float32)),
            letters_constant=arrays["letters_constant"],
        )
