"""Build the models from the versioned texts in ``data/``; the same data gives the same numbers.

Needs scikit-learn and scipy, which nothing else in this part does.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from feedback.analysis import corpus
from feedback.analysis.artifacts import Arrays, save
from feedback.analysis.encoder import encode, encode_sentences
from feedback.analysis.features import BUCKETS, hashed
from feedback.analysis.linear import LETTERS_SHARE, TextClassifier
from feedback.analysis.sentences import split
from feedback.analysis.urgency import CATEGORIES, NONE
from feedback.intake.folding import fold
from feedback.intake.screen import screen

FOLDS = 5
AMBER_FALSE_ALARMS = 0.02
RED_FALSE_ALARMS = 0.002
_SEED = 20_261_101
# Rounding before storing keeps the last bits of another processor's arithmetic out of the checksum.
_DIGITS = 4

Say = Callable[[str], None]


def letters(texts: Sequence[str]) -> csr_matrix:
    """Return the (n, BUCKETS) matrix of unit gram vectors; n >= 1."""
    rows = [hashed(fold(text).text) for text in texts]
    counts = np.array([len(row) for row in rows])
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(len(row), 1))) for row in rows])
    columns = np.concatenate(rows)
    return csr_matrix(
        (values, columns, np.concatenate([[0], np.cumsum(counts)])), shape=(len(texts), BUCKETS)
    )


def _rounded(values: NDArray[np.floating], dtype: type = np.float32) -> NDArray[np.floating]:
    return np.round(np.asarray(values, dtype=np.float64), _DIGITS).astype(dtype) + dtype(0)


def _regression(
    x: object, y: NDArray[np.int64], weights: NDArray[np.float64], strength: float
) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=3000, tol=1e-6).fit(x, y, sample_weight=weights)


def classifier(
    classes: Sequence[str],
    vectors: NDArray[np.float32],
    grams: csr_matrix,
    labels: Sequence[str],
    weights: NDArray[np.float64],
    *,
    meaning_strength: float = 10.0,
    letters_strength: float = 10.0,
) -> TextClassifier:
    """Train a classifier of three or more ``classes`` on texts given as vectors and grams, weighted (n,)."""
    y = np.array([classes.index(label) for label in labels])
    meaning = _regression(vectors, y, weights, meaning_strength)
    spelling = _regression(grams, y, weights, letters_strength)
    return TextClassifier(
        classes=tuple(classes),
        meaning=_rounded(meaning.coef_),
        meaning_constant=_rounded(meaning.intercept_),
        letters=_rounded(spelling.coef_, np.float16),
        letters_constant=_rounded(spelling.intercept_),
    )


def all_logits(model: TextClassifier, vectors: NDArray[np.float32], grams: csr_matrix) -> NDArray[np.float64]:
    """Return the (n, k) logits of many texts at once."""
    by_meaning = vectors @ model.meaning.T + model.meaning_constant
    by_letters = grams @ model.letters.astype(np.float64).T + model.letters_constant
    return np.asarray(by_meaning + LETTERS_SHARE * by_letters, dtype=np.float64)


class _Urgency:
    """The material of the urgency model, encoded once: cases, and the sentences of ordinary texts."""

    def __init__(self, say: Say) -> None:
        self.cases = corpus.cases() + [corpus.Case(NONE, one.text) for one in corpus.everyday()]
        say(f"urgency: {len(self.cases)} cases")
        texts = [case.text for case in self.cases]
        self.labels = [case.category for case in self.cases]
        self.vectors = encode_sentences(texts)
        self.grams = letters(texts)
        self.hits = np.array([bool(screen(text)) for text in texts])
        self.is_urgent = np.array([label != NONE for label in self.labels])
        ordinary = corpus.ordinary()
        sentences = [
            (number, piece.text) for number, text in enumerate(ordinary) for piece in split(text)[:8]
        ]
        say(f"urgency: {len(sentences)} sentences of {len(ordinary)} ordinary texts")
        self.owners = np.array([number for number, _ in sentences])
        self.ordinary_vectors = encode_sentences([text for _, text in sentences])
        self.ordinary_grams = letters([text for _, text in sentences])
        self.ordinary_hits = np.array([bool(screen(text)) for _, text in sentences])

    def train(self, cases: NDArray[np.int64], ordinary: NDArray[np.int64]) -> TextClassifier:
        """Train on some of the cases and some of the ordinary sentences (row numbers)."""
        labels = [self.labels[row] for row in cases] + [NONE] * len(ordinary)
        urgent = self.is_urgent[cases].sum()
        weights = np.concatenate([np.ones(len(cases)), np.full(len(ordinary), 2.0 * urgent / len(ordinary))])
        return classifier(
            (*CATEGORIES, NONE),
            np.vstack([self.vectors[cases], self.ordinary_vectors[ordinary]]),
            vstack([self.grams[cases], self.ordinary_grams[ordinary]]).tocsr(),
            labels,
            weights,
        )

    def voices(
        self,
        model: TextClassifier,
        known: NDArray[np.int64],
        vectors: NDArray[np.float32],
        grams: csr_matrix,
        hits: NDArray[np.bool_],
    ) -> NDArray[np.float64]:
        """Return the (n, 4) voices of sentences, the cases ``known`` being the ones to be near to."""
        logits = all_logits(model, vectors, grams)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        calm = (powers / powers.sum(axis=1, keepdims=True))[:, model.classes.index(NONE)]
        odds = np.log((1 - calm + 1e-6) / (calm + 1e-6))
        urgent = known[self.is_urgent[known]]
        harmless = known[~self.is_urgent[known]]
        return np.column_stack(
            [
                odds,
                (vectors @ self.vectors[urgent].T).max(axis=1),
                (vectors @ self.vectors[harmless].T).max(axis=1),
                hits.astype(float),
            ]
        )


def _held_out(material: _Urgency, say: Say) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the voices of every case and every ordinary sentence, each from a model that had not seen it."""
    random = np.random.default_rng(_SEED)
    case_fold = random.permutation(len(material.labels)) % FOLDS
    text_fold = random.permutation(material.owners.max() + 1) % FOLDS
    sentence_fold = text_fold[material.owners]
    of_cases = np.zeros((len(material.labels), 4))
    of_ordinary = np.zeros((len(material.owners), 4))
    for fold_number in range(FOLDS):
        known = np.flatnonzero(case_fold != fold_number)
        model = material.train(known, np.flatnonzero(sentence_fold != fold_number))
        own = case_fold == fold_number
        of_cases[own] = material.voices(
            model, known, material.vectors[own], material.grams[own], material.hits[own]
        )
        own = sentence_fold == fold_number
        of_ordinary[own] = material.voices(
            model,
            known,
            material.ordinary_vectors[own],
            material.ordinary_grams[own],
            material.ordinary_hits[own],
        )
        say(f"urgency: fold {fold_number + 1} of {FOLDS}")
    return of_cases, of_ordinary


def urgency(say: Say) -> dict[str, NDArray[Any]]:
    """Train the urgency model; thresholds are set where held-out ordinary messages give the allowed false
    alarms.
    """
    material = _Urgency(say)
    of_cases, of_ordinary = _held_out(material, say)
    weights = _voice_weights(of_cases, material.is_urgent, of_ordinary)
    highest = np.full(material.owners.max() + 1, -np.inf)
    np.maximum.at(highest, material.owners, of_ordinary @ weights[:-1] + weights[-1])
    highest = highest[np.isfinite(highest)]
    amber, red = (float(np.quantile(highest, 1 - share)) for share in (AMBER_FALSE_ALARMS, RED_FALSE_ALARMS))
    logits = of_cases @ weights[:-1] + weights[-1]
    for name, bar in (("amber", amber), ("red", red)):
        caught, alarmed = (logits[rows] >= bar for rows in (material.is_urgent, ~material.is_urgent))
        say(f"urgency: {name}: recall {caught.mean():.3f}, deceptive cases {alarmed.mean():.3f}")
    model = material.train(np.arange(len(material.labels)), np.arange(len(material.owners)))
    return {
        **model.arrays(),
        "cases": material.vectors.astype(np.float16),
        "case_texts": np.array([case.text for case in material.cases]),
        "case_categories": np.array(material.labels),
        "weights": _rounded(weights),
        "thresholds": _rounded(np.array([amber, red])),
    }


def _voice_weights(
    of_cases: NDArray[np.float64], is_urgent: NDArray[np.bool_], of_ordinary: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weigh the voices against each other on held-out material; returns (5,), the constant last."""
    x = np.vstack([of_cases, of_ordinary])
    y = np.concatenate([is_urgent, np.zeros(len(of_ordinary), dtype=bool)]).astype(int)
    weights = np.concatenate(
        [np.ones(len(of_cases)), np.full(len(of_ordinary), 3.0 * is_urgent.sum() / len(of_ordinary))]
    )
    model = _regression(x, y, weights, 1.0)
    return np.append(model.coef_[0], model.intercept_[0])


def sentiment(say: Say) -> dict[str, NDArray[Any]]:
    """Train the sentiment model on rated texts; each text counts as content and as discontent, by its
    rating.
    """
    rated = corpus.rated()
    say(f"sentiment: {len(rated)} texts")
    texts = [one.text for one in rated]
    content = np.array([one.content for one in rated])
    vectors = encode(texts)
    grams = letters(texts)
    y = np.concatenate([np.ones(len(texts)), np.zeros(len(texts))]).astype(int)
    own = np.array([3.0 if one.source == "everyday" else 1.0 for one in rated])
    weights = np.concatenate([content * own, (1 - content) * own])
    meaning = _regression(np.vstack([vectors, vectors]), y, weights, 2.0)
    spelling = _regression(vstack([grams, grams]).tocsr(), y, weights, 4.0)
    model = TextClassifier(
        classes=("content",),
        meaning=_rounded(meaning.coef_),
        meaning_constant=_rounded(meaning.intercept_),
        letters=_rounded(spelling.coef_, np.float16),
        letters_constant=_rounded(spelling.intercept_),
    )
    return {**model.arrays(), "weights": np.array([0.8, 0.5, 1.5, 0.0], dtype=np.float32)}


def _labelled(labels: Sequence[str], texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    classes = tuple(sorted(set(labels)))
    counts = {name: labels.count(name) for name in classes}
    weights = np.array([len(labels) / len(classes) / counts[label] for label in labels]) ** 0.5
    return classifier(classes, encode(texts), letters(texts), labels, weights).arrays()


def tone(say: Say) -> dict[str, NDArray[Any]]:
    """Train the emotion classifier on the everyday messages."""
    messages = corpus.everyday()
    say(f"tone: {len(messages)} messages")
    return _labelled([one.emotion for one in messages], [one.text for one in messages])


def topic(say: Say) -> dict[str, NDArray[Any]]:
    """Train the topic classifier on the everyday messages."""
    messages = corpus.everyday()
    say(f"topic: {len(messages)} messages")
    return _labelled([one.topic for one in messages], [one.text for one in messages])


BUILDERS: dict[str, Callable[[Say], Arrays]] = {
    "urgency": urgency,
    "sentiment": sentiment,
    "tone": tone,
    "topic": topic,
}


def build(names: Sequence[str], say: Say) -> dict[str, str]:
    """Build and store the models ``names``; returns their checksums."""
    return {name: save(name, BUILDERS[name](say)) for name in names}
