"""Train the urgency model, and set its thresholds on messages it has not seen."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import SVC

from feedback.analysis.calm import find_calm
from feedback.analysis.encoder import encode_sentences
from feedback.analysis.sentences import split
from feedback.analysis.training import corpus
from feedback.analysis.training.regression import (
    all_meanings,
    all_spellings,
    classifier,
    letters,
    regression,
    rounded,
)
from feedback.analysis.urgency import CATEGORIES, NONE, VOICES, calm_odds, kernel
from feedback.intake.folding import fold
from feedback.intake.screen import screen

FOLDS = 5
# False alarms allowed among our own held-out ordinary texts. The promise is 2 % and 0.2 % of the messages of
# an unknown product; on such messages (docs/model-card.md) the shares are about twice as high as here.
AMBER_FALSE_ALARMS = 0.0075
RED_FALSE_ALARMS = 0.0006
_SEED = 20_261_101
# The boundary between urgent and ordinary is drawn by the cases, this many ordinary sentences that the linear
# model finds hardest, and as many random ones.
_HARDEST = 4_000
_MOST_SENTENCES = 8

Say = Callable[[str], None]


class Material:
    """The training material, encoded once: the cases and the sentences of ordinary texts."""

    def __init__(self, say: Say) -> None:
        cases = corpus.cases()
        texts = [case.text for case in cases]
        self.texts = texts
        self.labels = np.array([case.category for case in cases])
        self.is_urgent = self.labels != NONE
        self.folds = _folds(cases)
        self.vectors = encode_sentences(texts)
        self.grams = letters(texts)
        self.cues = _cues(texts)
        say(f"urgency: {len(cases)} cases, {self.is_urgent.sum()} of them urgent")
        ordinary = corpus.ordinary()
        pairs = [(number, piece.text) for number, text in enumerate(ordinary) for piece in split(text)]
        counts: Counter[int] = Counter()
        sentences = []
        for number, text in pairs:
            counts[number] += 1
            if counts[number] <= _MOST_SENTENCES:
                sentences.append((number, text))
        self.owners = np.array([number for number, _ in sentences])
        self.owner_folds = np.random.default_rng(_SEED).permutation(len(ordinary)) % FOLDS
        pieces = [text for _, text in sentences]
        self.ordinary_vectors = encode_sentences(pieces)
        self.ordinary_grams = letters(pieces)
        self.ordinary_cues = _cues(pieces)
        say(f"urgency: {len(pieces)} sentences of {len(ordinary)} ordinary texts")


def _cues(texts: list[str]) -> NDArray[np.float64]:
    """Return the (n, 7) voices that need only the text: danger words and each kind of calm."""
    return np.array([[bool(screen(text)), *find_calm(fold(text).text)] for text in texts], dtype=float)


def _folds(cases: list[corpus.Case]) -> NDArray[np.int64]:
    """Assign folds in runs: neighbouring cases, and those at the same place in the other language, stay together."""
    sizes = Counter((case.file, case.category) for case in cases)
    seen: Counter[tuple[str, str]] = Counter()
    folds = []
    for case in cases:
        group = (case.file, case.category)
        folds.append(10 * seen[group] // sizes[group] % FOLDS)
        seen[group] += 1
    return np.array(folds)


class _Voices:
    """The model without its final weights, trained on some of the cases and some of the ordinary sentences."""

    def __init__(self, material: Material, cases: NDArray[np.int64], ordinary: NDArray[np.int64]) -> None:
        self.material, self.known = material, cases
        vectors = np.vstack([material.vectors[cases], material.ordinary_vectors[ordinary]])
        grams = vstack([material.grams[cases], material.ordinary_grams[ordinary]]).tocsr()
        labels = [*material.labels[cases], *[NONE] * len(ordinary)]
        urgent = int(material.is_urgent[cases].sum())
        self.classifier = classifier(
            (*CATEGORIES, NONE), vectors, grams, labels, _weights(len(cases), len(ordinary), urgent)
        )
        self.boundary = self._boundary(cases, ordinary)

    def _boundary(self, cases: NDArray[np.int64], ordinary: NDArray[np.int64]) -> Any:
        material = self.material
        odds = calm_odds(all_meanings(self.classifier, material.ordinary_vectors[ordinary]))
        hardest = ordinary[np.argsort(-odds, kind="stable")[:_HARDEST]]
        rest = np.setdiff1d(ordinary, hardest)
        drawn = np.random.default_rng(_SEED).permutation(rest)[:_HARDEST]
        self.drawn = np.sort(np.concatenate([hardest, drawn]))
        vectors = np.vstack([material.vectors[cases], material.ordinary_vectors[self.drawn]])
        urgent = material.is_urgent[cases]
        # The kernel as one matrix product: computing it pair by pair, libsvm takes minutes.
        machine = SVC(C=3.0, kernel="precomputed").fit(
            kernel(vectors @ vectors.T).astype(np.float64),
            np.concatenate([urgent, np.zeros(len(self.drawn), dtype=bool)]),
            sample_weight=_weights(len(cases), len(self.drawn), int(urgent.sum())),
        )
        self.carrying = vectors[machine.support_].T
        return machine

    def support(self) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the ordinary rows that support the boundary, and the weights of all cases and of those rows."""
        weights = np.zeros(len(self.known) + len(self.drawn))
        weights[self.boundary.support_] = self.boundary.dual_coef_[0]
        carrying = np.flatnonzero(weights[len(self.known) :])
        return self.drawn[carrying], weights[: len(self.known)], weights[len(self.known) :][carrying]

    def _beyond(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how far beyond the boundary each of the (n, 512) vectors lies."""
        weights = self.boundary.dual_coef_[0]
        chunks = [vectors[start : start + 2_000] for start in range(0, len(vectors), 2_000)]
        return (
            np.concatenate([kernel(chunk @ self.carrying) @ weights for chunk in chunks])
            + self.boundary.intercept_[0]
        )

    def of(
        self, vectors: NDArray[np.float32], grams: csr_matrix, cues: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the (n, 12) voices of sentences, in the order of ``VOICES``."""
        urgent = self.known[self.material.is_urgent[self.known]]
        harmless = self.known[~self.material.is_urgent[self.known]]
        return np.column_stack(
            [
                calm_odds(all_meanings(self.classifier, vectors)),
                calm_odds(all_spellings(self.classifier, grams)),
                self._beyond(vectors),
                (vectors @ self.material.vectors[urgent].T).max(axis=1),
                (vectors @ self.material.vectors[harmless].T).max(axis=1),
                cues,
            ]
        )


def _weights(cases: int, ordinary: int, urgent: int) -> NDArray[np.float64]:
    """Weigh each case 1, and all ordinary sentences together twice the urgent cases."""
    return np.concatenate([np.ones(cases), np.full(ordinary, 2.0 * urgent / ordinary)])


def held_out(material: Material, say: Say) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the voices of every case and every ordinary sentence, each from a model that had not seen it."""
    of_cases = np.zeros((len(material.labels), len(VOICES)))
    of_ordinary = np.zeros((len(material.owners), len(VOICES)))
    sentence_folds = material.owner_folds[material.owners]
    for number in range(FOLDS):
        model = _Voices(
            material, np.flatnonzero(material.folds != number), np.flatnonzero(sentence_folds != number)
        )
        own = material.folds == number
        of_cases[own] = model.of(material.vectors[own], material.grams[own], material.cues[own])
        own = sentence_folds == number
        of_ordinary[own] = model.of(
            material.ordinary_vectors[own], material.ordinary_grams[own], material.ordinary_cues[own]
        )
        say(f"urgency: fold {number + 1} of {FOLDS}")
    return of_cases, of_ordinary


def _voice_weights(
    of_cases: NDArray[np.float64], is_urgent: NDArray[np.bool_], of_ordinary: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit the weights of the voices on held-out material: (13,), the constant last."""
    ordinary = len(of_ordinary)
    model = regression(
        np.vstack([of_cases, of_ordinary]),
        np.concatenate([is_urgent, np.zeros(ordinary, dtype=bool)]),
        np.concatenate([np.ones(len(of_cases)), np.full(ordinary, 3.0 * is_urgent.sum() / ordinary)]),
        1.0,
    )
    return np.append(model.coef_[0], model.intercept_[0])


def per_text(owners: NDArray[np.int64], logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest of the sentence ``logits`` for each text that has any."""
    highest = np.full(int(owners.max()) + 1, -np.inf)
    np.maximum.at(highest, owners, logits)
    return highest[np.isfinite(highest)]


def train(say: Say) -> dict[str, NDArray[Any]]:
    """Train the urgency model, with thresholds where held-out ordinary texts give the allowed false alarms."""
    material = Material(say)
    of_cases, of_ordinary = held_out(material, say)
    weights = rounded(_voice_weights(of_cases, material.is_urgent, of_ordinary))
    logits = of_cases @ weights[:-1] + weights[-1]
    texts = per_text(material.owners, of_ordinary @ weights[:-1] + weights[-1])
    bars = [float(np.quantile(texts, 1 - share)) for share in (AMBER_FALSE_ALARMS, RED_FALSE_ALARMS)]
    for name, bar in zip(("amber", "red"), bars, strict=True):
        caught, deceived = (
            (logits[rows] >= bar).mean() for rows in (material.is_urgent, ~material.is_urgent)
        )
        say(f"urgency: {name}: recall {caught:.3f}, deceptive cases {deceived:.3f}")
    model = _Voices(material, np.arange(len(material.labels)), np.arange(len(material.owners)))
    rows, case_weights, row_weights = model.support()
    return {
        **model.classifier.arrays(),
        "known": np.vstack([material.vectors, material.ordinary_vectors[rows]]).astype(np.float16),
        "known_weights": rounded(np.concatenate([case_weights, row_weights])),
        "boundary_constant": rounded(model.boundary.intercept_),
        "case_texts": np.array(material.texts),
        "case_categories": material.labels,
        "voice_weights": weights,
        "thresholds": rounded(np.array(bars)),
    }
