"""Train the linear classifiers that every model is built from. Needs scikit-learn and SciPy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from feedback.analysis.features import BUCKETS, hashed
from feedback.analysis.linear import TextClassifier
from feedback.intake.folding import fold

# Rounding before storing keeps most processor-specific differences in the last bits out of the checksum.
_DIGITS = 4
_STRENGTH = 10.0


def letters(texts: Sequence[str]) -> csr_matrix:
    """Return the (n, BUCKETS) matrix of unit gram vectors; n >= 1."""
    rows = [hashed(fold(text).text) for text in texts]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(len(row), 1))) for row in rows])
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return csr_matrix((values, np.concatenate(rows), ends), shape=(len(texts), BUCKETS))


def rounded(values: NDArray[Any], dtype: type = np.float32) -> NDArray[Any]:
    """Return ``values`` as ``dtype``, rounded to four digits, without negative zeros."""
    return np.round(np.asarray(values, dtype=np.float64), _DIGITS).astype(dtype) + dtype(0)


def regression(
    features: Any,
    classes: NDArray[Any],
    weights: NDArray[Any],
    strength: float,
    *,
    has_constant: bool = True,
) -> LogisticRegression:
    """Fit a deterministic logistic regression from ``features`` (n, d) to ``classes`` (n,), with row ``weights``."""
    model = LogisticRegression(C=strength, max_iter=3000, tol=1e-4, fit_intercept=has_constant)
    return model.fit(features, classes, sample_weight=weights)


def classifier(
    classes: Sequence[str],
    vectors: NDArray[np.float32],
    grams: csr_matrix,
    labels: Sequence[str],
    weights: NDArray[np.float64],
) -> TextClassifier:
    """Train a classifier of three or more ``classes`` on texts given as vectors and grams, weighted (n,)."""
    numbers = np.array([classes.index(label) for label in labels])
    return as_classifier(
        classes,
        regression(vectors, numbers, weights, _STRENGTH),
        regression(grams, numbers, weights, _STRENGTH),
    )


def as_classifier(
    classes: Sequence[str], meaning: LogisticRegression, spelling: LogisticRegression
) -> TextClassifier:
    """Combine two fitted regressions over the same ``classes``, rounded for storage."""
    return TextClassifier(
        classes=tuple(classes),
        meaning=rounded(meaning.coef_),
        meaning_constant=rounded(meaning.intercept_),
        letters=rounded(spelling.coef_, np.float16),
        letters_constant=rounded(spelling.intercept_),
    )


def all_meanings(model: TextClassifier, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the logits by meaning (n, k) of many texts."""
    return np.asarray(vectors @ model.meaning.T + model.meaning_constant, dtype=np.float64)


def all_spellings(model: TextClassifier, grams: csr_matrix) -> NDArray[np.float64]:
    """Return the logits by letters (n, k) of many texts."""
    return np.asarray(grams @ model.letters.astype(np.float64).T + model.letters_constant)
