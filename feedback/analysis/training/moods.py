"""Train the models for everyday messages: sentiment, emotion, topic."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from feedback.analysis.encoder import encode
from feedback.analysis.linear import TextClassifier
from feedback.analysis.training import corpus
from feedback.analysis.training.regression import as_classifier, classifier, letters, regression

Say = Callable[[str], None]


# The weight of a text written for this product relative to one from a public set.
_WRITTEN_SHARE = 3.0
# No rating is certain: a text rated 1 counts as content to this extent, and as discontent for the rest.
_MOST_CERTAIN = 0.96
_MEANING_STRENGTH, _LETTERS_STRENGTH = 2.0, 4.0
# For meaning, letters, words and the constant: fitted on sets the three were not trained on (see
# docs/model-card.md), then rounded.
VOICE_WEIGHTS = (0.45, 0.25, 2.0, 0.0)


def sentiment(say: Say) -> dict[str, NDArray[Any]]:
    """Train sentiment on all rated texts."""
    rated = corpus.rated()
    say(f"sentiment: {len(rated)} texts")
    texts = [one.text for one in rated]
    model = sentiment_classifier(encode(texts), letters(texts), rated)
    return {**model.arrays(), "voice_weights": np.array(VOICE_WEIGHTS, dtype=np.float32)}


def sentiment_classifier(
    vectors: NDArray[np.float32], grams: csr_matrix, rated: Sequence[corpus.Rated]
) -> TextClassifier:
    """Train on ``rated`` texts given as vectors and grams; each counts as content and discontent as its rating says.

    Letters get no constant: a text of unknown words must score 0.
    """
    content = 0.5 + (_MOST_CERTAIN - 0.5) * np.array([one.content for one in rated])
    share = np.array([_WRITTEN_SHARE if one.source == "written" else 1.0 for one in rated])
    is_content = np.concatenate([np.ones(len(rated), dtype=bool), np.zeros(len(rated), dtype=bool)])
    weights = np.concatenate([content * share, (1 - content) * share])
    meaning = regression(np.vstack([vectors, vectors]), is_content, weights, _MEANING_STRENGTH)
    spelling = regression(
        vstack([grams, grams]).tocsr(), is_content, weights, _LETTERS_STRENGTH, has_constant=False
    )
    return as_classifier(("content",), meaning, spelling)


def tone_classifier(vectors: NDArray[np.float32], grams: csr_matrix, labels: Sequence[str]) -> TextClassifier:
    """Train on texts given as vectors and grams; a rare class weighs more, by the square root of its rarity."""
    classes = sorted(set(labels))
    weights = np.array([len(labels) / len(classes) / labels.count(label) for label in labels]) ** 0.5
    return classifier(classes, vectors, grams, labels, weights)


def _labelled(labels: Sequence[str], texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    return tone_classifier(encode(texts), letters(texts), labels).arrays()


def tone(say: Say) -> dict[str, NDArray[Any]]:
    """Train the emotion classifier on the messages with a labelled emotion."""
    messages = corpus.moods()
    say(f"tone: {len(messages)} messages")
    return _labelled([one.emotion for one in messages], [one.text for one in messages])


def topic(say: Say) -> dict[str, NDArray[Any]]:
    """Train the topic classifier on the everyday messages."""
    messages = corpus.everyday()
    say(f"topic: {len(messages)} messages")
    return _labelled([one.topic for one in messages], [one.text for one in messages])
