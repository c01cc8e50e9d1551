"""Score the urgency of each sentence of a message, with its crisis category and the reasons.

The score is a weighted sum of voices: a linear model by meaning and one by letters, each of seven crisis categories
against ordinary messages; a curved boundary drawn by the known cases; closeness to the nearest known urgent case and
to the nearest harmless one; the danger words; and what makes alarming words harmless. Sentences are judged alone, and
a message is as urgent as its most urgent one: otherwise two harmless sentences would drown it out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.artifacts import load
from feedback.analysis.calm import KINDS, find_calm
from feedback.analysis.features import hashed
from feedback.analysis.linear import TextClassifier, sigmoid, softmax
from feedback.analysis.sentences import Sentence
from feedback.intake.folding import fold
from feedback.intake.screen import Hit

CATEGORIES = ("content", "tech", "external", "management", "safety", "security", "legal")
NONE = "none"
VOICES = ("meaning", "letters", "boundary", "near_urgent", "near_harmless", "words", *KINDS)
# Messages of these categories leave no time: amber already pages.
PAGED_AT_AMBER = frozenset({"safety", "security", "legal"})

# The logits measured at the false-alarm budgets are mapped to these two fixed numbers.
AMBER = 0.5
RED = 0.8

# Width of the kernel of the curved boundary: exp(-WIDTH * squared distance).
WIDTH = 1.5
_NEAREST = 3
# How many sentences are compared with the known cases in one product, which takes 33 kB for each.
_AT_ONCE = 64
# What a danger word adds to the logit of its category: it is surer evidence than the rest of the sentence.
_NAMED = 2.0
# The weight of the cosine of a category's nearest case in its logit. In five-fold cross-validation without danger
# words, the right category came first in .72 of the urgent cases with 0, .75 with 4, .77 with 8 and with 12.
_NEAREST_NAMES = 12.0


@dataclass(frozen=True)
class Known:
    """A known case near a sentence: its text, category (``none`` for harmless) and cosine."""

    text: str
    category: str
    similarity: float


@dataclass(frozen=True)
class Judged:
    """One sentence: ``urgency`` 0..1, all ``categories`` with probabilities, best first, and the nearest cases.

    ``calm`` names the ``KINDS`` that spoke against urgency, and ``relief`` is how much they took off ``logit``.
    ``taught`` is how far people's corrections moved it, in distances from amber to red; 0 when none was close.
    """

    urgency: float
    logit: float
    categories: tuple[tuple[str, float], ...]
    nearest: tuple[Known, ...]
    harmless: Known
    calm: tuple[str, ...] = ()
    relief: float = 0.0
    taught: float = 0.0

    @property
    def urgency_without_calm(self) -> float:
        """How urgent the sentence would be if nothing spoke against it."""
        return trained().urgency(self.logit + self.relief)


@dataclass(frozen=True)
class Trained:
    """The trained model, ready for use.

    ``known`` (512, n) holds the vectors of the known cases, category by category, followed by ordinary sentences that
    only support the boundary. ``begins`` (8,) holds the column where each of ``CATEGORIES``, and then the harmless
    cases, begins; ``known_weights`` (n,) are the weights of the boundary.
    """

    classifier: TextClassifier
    known: NDArray[np.float32]
    known_weights: NDArray[np.float32]
    boundary_constant: float
    case_texts: tuple[str, ...]
    case_categories: tuple[str, ...]
    begins: NDArray[np.intp]
    voice_weights: NDArray[np.float32]
    amber_logit: float
    red_logit: float

    def urgency(self, logit: float) -> float:
        """Map a logit so that the amber threshold becomes 0.5 and the red one 0.8."""
        slope = float(np.log(RED / (1 - RED))) / (self.red_logit - self.amber_logit)
        return sigmoid(slope * (logit - self.amber_logit))


@cache
def trained() -> Trained:
    """Load the model, once per process."""
    arrays = load("urgency")
    kinds = np.array([(*CATEGORIES, NONE).index(str(category)) for category in arrays["case_categories"]])
    cases = np.argsort(kinds, kind="stable")
    order = np.concatenate([cases, np.arange(len(cases), len(arrays["known"]))])
    amber, red = (float(value) for value in arrays["thresholds"])
    return Trained(
        classifier=TextClassifier.from_arrays(arrays),
        # The transpose, contiguous in memory: multiplying one vector by it takes a third of the time.
        known=np.ascontiguousarray(arrays["known"][order].astype(np.float32).T),
        known_weights=arrays["known_weights"][order],
        boundary_constant=float(arrays["boundary_constant"][0]),
        case_texts=tuple(str(text) for text in arrays["case_texts"][cases]),
        case_categories=tuple(str(category) for category in arrays["case_categories"][cases]),
        begins=np.searchsorted(kinds[cases], np.arange(len(CATEGORIES) + 1)),
        voice_weights=arrays["voice_weights"],
        amber_logit=amber,
        red_logit=red,
    )


def calm_odds(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds of any crisis against ``none``, the last of the (..., 8) class ``logits``."""
    calm = softmax(logits)[..., -1]
    return np.asarray(np.log((1 - calm + 1e-6) / (calm + 1e-6)))


def kernel(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return exp(-WIDTH * squared distance) for unit vectors with these ``cosines``."""
    return np.asarray(np.exp(2.0 * WIDTH * (cosines - 1.0)))


def named(sentences: Sequence[Sentence], hits: Sequence[Hit]) -> list[list[str]]:
    """Return, for each of the ``sentences`` of a text, the categories of the danger words in it."""
    return [
        [hit.category for hit in hits if hit.start < sentence.end and sentence.start < hit.end]
        for sentence in sentences
    ]


def judge(
    sentences: Sequence[str], vectors: NDArray[np.float32], categories: Sequence[Sequence[str]]
) -> Iterator[Judged]:
    """Judge ``sentences`` of one or more texts, given their vectors (n, 512) and the result of ``named`` for each."""
    for start in range(0, len(sentences), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        # One product for the whole batch: one by one, each would read all of ``known`` from memory.
        near = vectors[some] @ trained().known
        for sentence, vector, named_here, cosines in zip(
            sentences[some], vectors[some], categories[some], near, strict=True
        ):
            folded = fold(sentence).text
            yield _judge(vector, hashed(folded), named_here, find_calm(folded), cosines)


def _judge(
    vector: NDArray[np.float32],
    grams: NDArray[np.int64],
    hit_categories: Sequence[str],
    calm: Sequence[bool],
    cosines: NDArray[np.float32],
) -> Judged:
    model = trained()
    by_meaning, by_letters = model.classifier.apart(vector, grams)
    first_harmless = int(model.begins[-1])
    urgent = cosines[:first_harmless]
    calmest = first_harmless + int(cosines[first_harmless : len(model.case_texts)].argmax())
    nearest_of_each = np.maximum.reduceat(urgent, model.begins[:-1])
    voices = np.array(
        [
            calm_odds(by_meaning),
            calm_odds(by_letters),
            kernel(cosines) @ model.known_weights + model.boundary_constant,
            nearest_of_each.max(),
            cosines[calmest],
            float(bool(hit_categories)),
            *calm,
        ]
    )
    said = voices * model.voice_weights[:-1]
    logit = float(said.sum() + model.voice_weights[-1])
    return Judged(
        urgency=model.urgency(logit),
        logit=logit,
        categories=_categories(
            model.classifier.together(by_meaning, by_letters), nearest_of_each, hit_categories
        ),
        nearest=tuple(_known(model, int(row), cosines) for row in _largest(urgent)),
        harmless=_known(model, calmest, cosines),
        calm=tuple(kind for kind, is_heard in zip(KINDS, calm, strict=True) if is_heard),
        relief=max(0.0, -float(said[-len(KINDS) :].sum())),
    )


def _largest(values: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the indices of the three largest ``values``, largest first; among equals the earlier one first."""
    # Only values that reach the third largest are sorted, not all the thousands.
    reaching = np.flatnonzero(values >= np.partition(values, -_NEAREST)[-_NEAREST])
    return reaching[np.argsort(-values[reaching], kind="stable")][:_NEAREST]


def _categories(
    logits: NDArray[np.float64], nearest: NDArray[np.float32], hit_categories: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Return the crisis categories with their probabilities, the likeliest first.

    ``logits`` (8,) are the classifier's, ``none`` last; ``nearest`` (7,) holds the cosine of each category's nearest
    known case.
    """
    named = [_NAMED * (code in hit_categories) for code in CATEGORIES]
    crisis = logits[:-1] + _NEAREST_NAMES * nearest + named
    shares = softmax(crisis)
    return tuple((CATEGORIES[row], float(shares[row])) for row in np.argsort(-crisis, kind="stable"))


def _known(model: Trained, row: int, cosines: NDArray[np.float32]) -> Known:
    return Known(model.case_texts[row], model.case_categories[row], float(cosines[row]))
