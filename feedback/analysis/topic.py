"""Classify a message by topic."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.artifacts import load
from feedback.analysis.linear import TextClassifier

TOPICS = ("bug", "performance", "payment", "account", "content", "suggestion", "praise", "other")


@cache
def _model() -> TextClassifier:
    return TextClassifier.from_arrays(load("topic"))


def topic(vector: NDArray[np.float32] | None, grams: NDArray[np.int64]) -> str:
    """Return the likeliest of ``TOPICS``; ``other`` for a text without words."""
    if vector is None:
        return "other"
    classifier = _model()
    return classifier.classes[int(classifier.probabilities(vector, grams).argmax())]
