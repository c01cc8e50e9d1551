"""Say how content (1) or discontent (-1) a message is, and in which tone it is written."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from feedback.analysis.artifacts import load
from feedback.analysis.linear import TextClassifier, sigmoid

# Sentiment within this distance of 0 is neutral.
NEUTRAL = 0.25
# Languages whose letters the model was trained on; elsewhere only the vector and the emoji speak.
TRAINED_LANGUAGES = frozenset({"zh", "en"})

TONES = ("angry", "sad", "content", "neutral")
# The five emotions people were asked to label; fear and sadness need the same answer and are told apart
# badly.
_TONE_OF_EMOTION = {
    "angry": "angry",
    "sad": "sad",
    "afraid": "sad",
    "content": "content",
    "neutral": "neutral",
}

_NOT_EMOTICON = re.compile(r"[\w]+")


@dataclass(frozen=True)
class SentimentModel:
    """A two-class text classifier, and the ``weights`` (4,) of meaning, letters, word list and constant."""

    classifier: TextClassifier
    weights: NDArray[np.float32]


@cache
def _model() -> SentimentModel:
    arrays = load("sentiment")
    return SentimentModel(TextClassifier.from_arrays(arrays), arrays["voice_weights"])


@cache
def _tone_model() -> TextClassifier:
    return TextClassifier.from_arrays(load("tone"))


@cache
def _word_list() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def by_words(text: str, language: str) -> float:
    """Return the word-list sentiment -1..1: English words and emoji, in other languages emoji and emoticons
    only.
    """
    if language != "en":
        text = " ".join(_NOT_EMOTICON.sub(" ", text).split())
        if not text:
            return 0.0
    return float(_word_list().polarity_scores(text[:1000])["compound"])


def voices(
    classifier: TextClassifier,
    vector: NDArray[np.float32],
    grams: NDArray[np.int64],
    text: str,
    language: str,
) -> NDArray[np.float64]:
    """Return what meaning, letters and word list say (3,), each positive for content.

    Letters say 0 in languages they were not trained on.
    """
    by_meaning, by_letters = classifier.apart(vector, grams)
    main = language.split("-")[0]
    heard = by_letters[0] if main in TRAINED_LANGUAGES else 0.0
    return np.array([by_meaning[0], heard, by_words(text, main)])


def sentiment(
    text: str, *, vector: NDArray[np.float32] | None, grams: NDArray[np.int64], language: str
) -> float:
    """Return -1 (discontent) .. 1 (content); within 0.25 of 0 is neutral. ``vector`` None: emoji and signs
    only.
    """
    if vector is None:
        return by_words(text, "und")
    trained = _model()
    said = voices(trained.classifier, vector, grams, text, language)
    return 2.0 * sigmoid(float(said @ trained.weights[:-1] + trained.weights[-1])) - 1.0


def tone(vector: NDArray[np.float32] | None, grams: NDArray[np.int64], *, sentiment: float) -> str:
    """Return ``angry``, ``sad`` (or worried), ``content`` or ``neutral``: for wording an answer, never for
    deciding.

    The tone never contradicts a clear sentiment.
    """
    if vector is None:
        return "content" if sentiment > NEUTRAL else "sad" if sentiment < -NEUTRAL else "neutral"
    classifier = _tone_model()
    shares = dict.fromkeys(TONES, 0.0)
    for emotion, share in zip(classifier.classes, classifier.probabilities(vector, grams), strict=True):
        shares[_TONE_OF_EMOTION[emotion]] += float(share)
    if sentiment > NEUTRAL:
        shares["angry"] = shares["sad"] = 0.0
    elif sentiment < -NEUTRAL:
        shares["content"] = 0.0
    return max(TONES, key=lambda name: shares[name])
