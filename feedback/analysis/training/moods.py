"""Train what is read from the everyday messages: sentiment, emotion, topic."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from feedback.analysis.encoder import encode
from feedback.analysis.training import corpus
from feedback.analysis.training.regression import as_classifier, classifier, letters, regression

Say = Callable[[str], None]


def sentiment(say: Say) -> dict[str, NDArray[Any]]:
    """Train sentiment on rated texts; each counts as content and as discontent, in the shares of its rating."""
    rated = corpus.rated()
    say(f"sentiment: {len(rated)} texts")
    texts = [one.text for one in rated]
    content = np.array([one.content for one in rated])
    vectors, grams = encode(texts), letters(texts)
    is_content = np.concatenate([np.ones(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)])
    share = np.array([3.0 if one.source == "everyday" else 1.0 for one in rated])
    weights = np.concatenate([content * share, (1 - content) * share])
    meaning = regression(np.vstack([vectors, vectors]), is_content, weights, 2.0)
    spelling = regression(vstack([grams, grams]).tocsr(), is_content, weights, 4.0)
    model = as_classifier(("content",), meaning, spelling)
    return {**model.arrays(), "voice_weights": np.array([0.8, 0.5, 1.5, 0.0], dtype=np.float32)}


def _labelled(labels: Sequence[str], texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    classes = sorted(set(labels))
    weights = np.array([len(labels) / len(classes) / labels.count(label) for label in labels]) ** 0.5
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
