"""Order themes by how much they hurt. Pure.

The formula is printed beside every ranking (``FORMULA``), so that a lead can check it with a pocket calculator.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.themes.trend import wilson

FORMULA = "score = reach × severity × trend × 100"
# How the three are measured, in the words of the page; translated there.
REACH = (
    "share of all people who wrote, lower end of its 95 % interval, so that few people do not jump to the top"
)
SEVERITY = (
    "0.1 to 1: mean over the messages of the greatest of urgency, negative sentiment and, where something "
    "does not work (bug, performance, payment, account), 0.4"
)
TREND = "root of the change against the past, ½ to 2; 1 while the change could be chance"

MILDEST = 0.1
# "Dear team, please, my account is frozen 🙏" is polite and friendly, but its customer still cannot get in.
BROKEN = 0.4
BROKEN_TOPICS = frozenset({"bug", "performance", "payment", "account"})


@dataclass(frozen=True)
class Score:
    """The score of a theme and its three factors: ``score`` = ``reach`` x ``severity`` x ``trend`` x 100."""

    score: float
    reach: float
    severity: float
    trend: float


def severity_of(
    sentiment: NDArray[np.float64], urgency: NDArray[np.float64], topics: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Return (n,): how badly each message hurts, 0.1..1, by its sentiment (-1..1), its urgency (0..1) and its topic."""
    least = np.where(np.isin(topics, [*BROKEN_TOPICS]), BROKEN, MILDEST)
    return np.minimum(np.maximum(np.maximum(urgency, -sentiment), least), 1)


def score(*, people: int, of: int, severity: float, ratio: float, is_significant: bool) -> Score:
    """Return the score of a theme that ``people`` of ``of`` writers raised, at this mean ``severity``, 0.1..1.

    ``ratio`` is its change against the past (1 = as usual; nan without a past); its square root counts, and only when
    ``is_significant``.
    """
    reach = wilson(people, of)[0] if of else 0.0
    trend = 1.0
    if is_significant and math.isfinite(ratio):
        trend = min(2.0, max(0.5, math.sqrt(ratio)))
    return Score(reach * severity * trend * 100, reach, severity, trend)
