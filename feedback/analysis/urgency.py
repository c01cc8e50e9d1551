"""Score how urgent each sentence of a message is, say which crisis it belongs to, and why.

Three voices are added: a linear model of seven crisis categories against ordinary messages, closeness to the
nearest known urgent case minus closeness to the nearest harmless one, and the danger words. A sentence is
judged alone, and a message is as urgent as its most urgent sentence: two harmless sentences around an urgent
one would drown it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.artifacts import load
from feedback.analysis.linear import TextClassifier, sigmoid, softmax

CATEGORIES = ("content", "tech", "external", "management", "safety", "security", "legal")
NONE = "none"
# Where a message of these leaves no time, amber already pages.
PAGED_AT_AMBER = frozenset({"safety", "security", "legal"})

# The logits measured at the false-alarm budgets are mapped on these two fixed numbers.
AMBER = 0.5
RED = 0.8


@dataclass(frozen=True)
class Known:
    """A known case near the sentence: its text, its category (``none`` for harmless), and the cosine."""

    text: str
    category: str
    similarity: float


@dataclass(frozen=True)
class Judged:
    """One sentence: ``urgency`` 0..1, ``categories`` best first with probabilities, and the known cases
    nearest to it.
    """

    urgency: float
    logit: float
    categories: tuple[tuple[str, float], ...]
    nearest: tuple[Known, ...]
    harmless: Known | None


@dataclass(frozen=True)
class UrgencyModel:
    """The trained parts; ``cases`` (n, 512) are the known sentences with ``case_texts`` and
    ``case_categories``.
    """

    classifier: TextClassifier
    cases: NDArray[np.float32]
    case_texts: tuple[str, ...]
    case_categories: NDArray[np.str_]
    weights: NDArray[np.float32]
    amber_logit: float
    red_logit: float
    is_harmless: NDArray[np.bool_]

    def urgency(self, logit: float) -> float:
        """Map a logit so that the amber threshold becomes 0.5 and the red one 0.8."""
        slope = float(np.log(RED / (1 - RED))) / (self.red_logit - self.amber_logit)
        return sigmoid(slope * (logit - self.amber_logit))


@cache
def model() -> UrgencyModel:
    """Load the trained model, once per process."""
    arrays = load("urgency")
    categories = arrays["case_categories"]
    amber, red = (float(value) for value in arrays["thresholds"])
    return UrgencyModel(
        classifier=TextClassifier.from_arrays(arrays),
        cases=arrays["cases"].astype(np.float32),
        case_texts=tuple(str(text) for text in arrays["case_texts"]),
        case_categories=categories,
        weights=arrays["weights"],
        amber_logit=amber,
        red_logit=red,
        is_harmless=categories == NONE,
    )


def evidence(
    classifier: TextClassifier,
    similarities: NDArray[np.float32],
    is_harmless: NDArray[np.bool_],
    logits: NDArray[np.float64],
    hits: int,
) -> NDArray[np.float64]:
    """Return the voices of one sentence: model log-odds, nearest urgent, nearest harmless, danger words (0
    or 1).
    """
    shares = softmax(logits)
    calm = float(shares[classifier.classes.index(NONE)])
    odds = np.log((1 - calm + 1e-6) / (calm + 1e-6))
    return np.array(
        [
            odds,
            float(similarities[~is_harmless].max()),
            float(similarities[is_harmless].max()),
            float(hits > 0),
        ]
    )


def judge(vector: NDArray[np.float32], buckets: NDArray[np.int64], hit_categories: Sequence[str]) -> Judged:
    """Judge one sentence by its vector (512,), its grams, and the categories of the danger words found in
    it.
    """
    trained = model()
    logits = trained.classifier.logits(vector, buckets)
    similarities = trained.cases @ vector
    voices = evidence(trained.classifier, similarities, trained.is_harmless, logits, len(hit_categories))
    logit = float(voices @ trained.weights[:-1] + trained.weights[-1])
    by_category = dict(zip(trained.classifier.classes, logits, strict=True))
    # A danger word names its category more surely than the sentence around it.
    crisis = np.array([by_category[code] + 2.0 * (code in hit_categories) for code in CATEGORIES])
    order = np.argsort(-crisis, kind="stable")
    shares = softmax(crisis)
    urgent_order = [i for i in np.argsort(-similarities, kind="stable") if not trained.is_harmless[i]][:3]
    harmless = int(np.where(trained.is_harmless, similarities, -2.0).argmax())
    return Judged(
        urgency=trained.urgency(logit),
        logit=logit,
        categories=tuple((CATEGORIES[i], float(shares[i])) for i in order),
        nearest=tuple(_known(trained, i, similarities) for i in urgent_order),
        harmless=_known(trained, harmless, similarities),
    )


def _known(trained: UrgencyModel, row: int, similarities: NDArray[np.float32]) -> Known:
    return Known(trained.case_texts[row], str(trained.case_categories[row]), float(similarities[row]))
