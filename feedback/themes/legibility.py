"""Measure whether a theme can be understood from its label alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from config.kit.languages import base_of
from feedback.themes.labels import Label
from feedback.themes.phrases import keys_of, says_what_happens
from feedback.themes.stop_words import stop_words
from feedback.themes.words import words


@dataclass(frozen=True)
class Legibility:
    """How informative labels are: means over labels, 0..1 each, weighted by the messages behind them.

    ``leads_to_subject``: from the label alone, a reader who knows the subjects but not the theme guesses the subject
    that most of its messages have (the reader is naive Bayes over words, without the sentence vectors that chose the
    label). ``says_what_happens``: the label contains a verb, an adjective or a negation. ``covers`` and
    ``covers_elsewhere``: the share of the theme's messages, and of all others in the language, that contain a word of
    the label.
    """

    leads_to_subject: float
    says_what_happens: float
    covers: float
    covers_elsewhere: float


def score_labels(
    texts: Sequence[str],
    subjects: Sequence[str],
    languages: Sequence[str],
    themes: NDArray[np.int64],
    labels: dict[int, list[Label]],
) -> Legibility:
    """Score the ``labels`` of ``themes`` against the true ``subjects``; all other arguments have length n."""
    spoken = np.array([base_of(language) or "en" for language in languages], dtype=object)
    wanted = np.array(subjects)
    measured: list[tuple[int, float, float, float, float]] = []
    for language in sorted({label.language for own in labels.values() for label in own}):
        stop = stop_words(language)
        rows = np.flatnonzero(spoken == language)
        keys = [keys_of(words(texts[row]), stop) for row in rows.tolist()]
        counts = CountVectorizer(analyzer=lambda held: held)
        reader = MultinomialNB().fit(counts.fit_transform(keys), wanted[rows])
        for label in (one for own in labels.values() for one in own if one.language == language):
            told = keys_of(words(label.text), stop)
            inside = themes[rows] == label.theme
            holds = np.array([bool(told & held) for held in keys])
            names, numbers = np.unique(wanted[themes == label.theme], return_counts=True)
            read = reader.predict(counts.transform([told]))[0]
            measured.append(
                (
                    label.messages,
                    read == names[numbers.argmax()],
                    says_what_happens(label.text),
                    float(holds[inside].mean()),
                    float(holds[~inside].mean()) if not inside.all() else 0.0,
                )
            )
    if not measured:
        return Legibility(0.0, 0.0, 0.0, 0.0)
    table = np.array(measured, np.float64)
    return Legibility(*np.average(table[:, 1:], axis=0, weights=table[:, 0]).round(3).tolist())
