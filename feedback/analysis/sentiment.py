"""Estimate how content (1) or discontent (-1) a message is, and the emotion it is written in."""

import math
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from config.kit.languages import base_of
from feedback.analysis.artifacts import load
from feedback.analysis.linear import TextClassifier, sigmoid
from feedback.analysis.opinions import said_by_words

# Sentiment within this distance of 0 is neutral.
NEUTRAL = 0.25
# Languages whose letters the model was trained on; in others only the vector, the words and the emoji count.
TRAINED_LANGUAGES = frozenset({"zh", "en"})
# Languages the sentence encoder was trained on; in others a vector says little.
_ENCODED_LANGUAGES = frozenset(
    {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
)
_FOREIGN_MEANING = 0.3
# Meaning and letters hardly see a "not". When there is one and the words contradict them, they count half.
_DENIAL = re.compile(r"不|没|无|未|\b(?:no|not|never|nothing|none|neither|nor|without|hardly|cannot)\b|n't\b")
_UNSEEN_DENIAL = 0.5

TONES = ("anger", "fear", "sadness", "joy", "none")


@dataclass(frozen=True)
class SentimentModel:
    """A two-class text classifier and the ``weights`` (4,) of meaning, letters, words and constant."""

    classifier: TextClassifier
    weights: NDArray[np.float32]


@cache
def _model() -> SentimentModel:
    arrays = load("sentiment")
    return SentimentModel(TextClassifier.from_arrays(arrays), arrays["voice_weights"])


@cache
def _tone_model() -> TextClassifier:
    return TextClassifier.from_arrays(load("tone"))


@dataclass(frozen=True)
class Mood:
    """``sentiment`` -1 (discontent) .. 1 (content), within 0.25 of 0 neutral; ``tone`` one of ``TONES``.

    The tone is for wording an answer, never for decisions. It does not contradict a clear sentiment;
    ``none`` is the right one for a plain report or question.
    """

    sentiment: float
    tone: str


def read_mood(
    text: str, *, vector: NDArray[np.float32] | None, grams: NDArray[np.int64], language: str
) -> Mood:
    """Read the mood of folded ``text``, which is in ``language`` (BCP 47).

    When ``vector`` is None (a text without words), only emoji and punctuation count.
    """
    main = base_of(language)
    by_words = said_by_words(text, main)
    if vector is None:
        return Mood(by_words, _tone_of_pictures(text) or "none")
    trained = _model()
    said = heed_denial(voices(trained.classifier, vector, grams, by_words, main), text)
    sentiment = 2.0 * sigmoid(float(said @ trained.weights[:-1] + trained.weights[-1])) - 1.0
    tone = tone_of(_tone_model(), text, vector, grams, by_words=by_words, sentiment=sentiment)
    return Mood(sentiment, tone)


def voices(
    classifier: TextClassifier,
    vector: NDArray[np.float32],
    grams: NDArray[np.int64],
    by_words: float,
    language: str,
) -> NDArray[np.float64]:
    """Return the voices of meaning, letters and words (3,), each positive for content; ``language`` is a main code.

    The voice of letters is 0 in languages they were not trained on.
    """
    by_meaning, by_letters = classifier.apart(vector, grams)
    meant = by_meaning[0] * (1.0 if language in _ENCODED_LANGUAGES else _FOREIGN_MEANING)
    return np.array([meant, by_letters[0] if language in TRAINED_LANGUAGES else 0.0, by_words])


def heed_denial(said: NDArray[np.float64], text: str) -> NDArray[np.float64]:
    """Return the (3,) voices of folded ``text``, with meaning and letters halved when a denial reverses them."""
    if not said[2] or not _DENIAL.search(text):
        return said
    return np.where(said * said[2] < 0, _UNSEEN_DENIAL * said, said)


def tone_of(
    classifier: TextClassifier,
    text: str,
    vector: NDArray[np.float32],
    grams: NDArray[np.int64],
    *,
    by_words: float,
    sentiment: float,
) -> str:
    """Return the tone of folded ``text``, from ``classifier``, its words and its emoji."""
    shares = {
        name: float(share) * math.exp(_WORDS_PUSH * by_words * _SIDES[name])
        for name, share in zip(classifier.classes, classifier.probabilities(vector, grams), strict=True)
    }
    if pictured := _tone_of_pictures(text):
        shares[pictured] += _PICTURES_PUSH
    if sentiment > NEUTRAL:
        shares["anger"] = shares["fear"] = shares["sadness"] = 0.0
    elif sentiment < -NEUTRAL:
        shares["joy"] = 0.0
    return max(TONES, key=lambda name: shares[name])


# How far words and emoji shift the emotions' shares, and in which direction.
_WORDS_PUSH, _PICTURES_PUSH = 2.0, 0.5
_SIDES = {"anger": -1.0, "fear": -1.0, "sadness": -1.0, "joy": 1.0, "none": 0.0}
_PICTURES = {
    "anger": "😠😡🤬👿😤🖕💢🤮",
    "fear": "😨😱😰😧",
    "sadness": "😢😭😞😔💔😿🥺☹🙁",
    "joy": "😍🥰😘🤩❤💖💕😀😃😄😁😊👍👏🎉🥳😂🤣😆💯😻",
}


def _tone_of_pictures(text: str) -> str | None:
    """Return the emotion that most emoji in ``text`` show; None when it has none."""
    if text.isascii():
        return None
    counts = {name: sum(text.count(sign) for sign in signs) for name, signs in _PICTURES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None
