"""Let people's corrections of earlier messages influence similar new ones, within bounds.

A lesson is the deciding sentence of a message whose assessment a person overruled. It pulls the urgency of similar
sentences up or down, the closer the more, and hardly reaches beyond rewordings: the trained model stays unchanged,
and no lesson is a rule. All lessons together move a sentence at most twice the distance from amber to red.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback.analysis import urgency
from feedback.analysis.encoder import DIMENSIONS, encode_sentences, one_thread
from feedback.analysis.sentences import split
from feedback.analysis.urgency import NONE, Judged
from feedback.intake.screen import screen

# Below this cosine a lesson has no effect; at 1 it has its full effect.
_FROM = 0.55
# In distances from amber to red: how far one lesson moves its own wording, and how far all of them can together.
_PULL = 1.4
_MOST = 2.0
# What a lesson with the same wording adds to the logit of its category.
_NAMED = 3.0


@dataclass(frozen=True)
class Taught:
    """One message whose assessment a person overruled.

    ``category`` is the corrected one, ``none`` for harmless. ``overrules_lane`` is False when only the category of an
    urgent message was corrected, which says nothing about whether it is urgent.
    """

    text: str
    category: str
    overrules_lane: bool = True


@dataclass(frozen=True)
class Lessons:
    """People's corrections as numbers: no text is kept.

    ``vectors`` (n, 512) are the deciding sentences, ``pulls`` (n,) is 1 for urgent, -1 for harmless and 0 for a
    category only, ``marks`` are digests of the whole texts. ``version`` identifies the set: the same lessons in the
    same order have the same version; it is empty when there are none.
    """

    vectors: NDArray[np.float32]
    pulls: NDArray[np.float64]
    categories: tuple[str, ...]
    marks: tuple[str, ...]
    version: str

    def applied(self, judged: Judged, vector: NDArray[np.float32]) -> Judged:
        """Return ``judged``, for the sentence with ``vector``, adjusted by these lessons."""
        if not self.categories:
            return judged
        closeness = np.clip((self.vectors @ vector - _FROM) / (1 - _FROM), 0.0, 1.0).astype(np.float64) ** 2
        if not closeness.any():
            return judged
        model = urgency.trained()
        pull = float(np.clip(_PULL * (closeness @ self.pulls), -_MOST, _MOST))
        logit = judged.logit + pull * (model.red_logit - model.amber_logit)
        return replace(
            judged,
            logit=logit,
            urgency=model.urgency(logit),
            categories=self._categories(judged, closeness),
            taught=round(pull, 2),
        )

    def _categories(self, judged: Judged, closeness: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
        """Raise the probability of the categories named by close lessons, each by its closest lesson."""
        named: dict[str, float] = {}
        for category, close in zip(self.categories, closeness, strict=True):
            named[category] = max(named.get(category, 0.0), float(close))
        weights = {
            code: share * float(np.exp(_NAMED * named.get(code, 0.0))) for code, share in judged.categories
        }
        whole = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda pair: -pair[1])
        return tuple((code, weight / whole) for code, weight in ranked)


NO_LESSONS = Lessons(np.zeros((0, DIMENSIONS), dtype=np.float32), np.zeros(0), (), (), "")


def learn(taught: Sequence[Taught], *, known: Lessons = NO_LESSONS) -> Lessons:
    """Make lessons from ``taught``; texts without words teach nothing.

    Texts already in ``known`` are not encoded again; those only in ``known`` are dropped.
    """
    vectors = dict(zip(known.marks, known.vectors, strict=True))
    kept: list[tuple[Taught, str, NDArray[np.float32]]] = []
    for one in taught:
        mark = hashlib.sha256(one.text.encode("utf-8", "surrogatepass")).hexdigest()
        vector = vectors.get(mark)
        if vector is None:
            vector = _deciding(one.text)
        if vector is not None:
            kept.append((one, mark, vector))
    if not kept:
        return NO_LESSONS
    said = "\n".join(f"{one.category} {one.overrules_lane} {mark}" for one, mark, _ in kept)
    return Lessons(
        vectors=np.vstack([vector for _, _, vector in kept]),
        pulls=np.array([_pull(one) for one, _, _ in kept]),
        categories=tuple(one.category for one, _, _ in kept),
        marks=tuple(mark for _, mark, _ in kept),
        version=hashlib.sha256(said.encode()).hexdigest()[:8],
    )


def _pull(taught: Taught) -> float:
    if not taught.overrules_lane:
        return 0.0
    return -1.0 if taught.category == NONE else 1.0


def _deciding(text: str) -> NDArray[np.float32] | None:
    """Return the vector of the most urgent sentence of ``text``: the others may be greetings."""
    sentences = split(text)
    if not sentences:
        return None
    with one_thread():
        words = [sentence.text for sentence in sentences]
        vectors = encode_sentences(words)
        judged = urgency.judge(words, vectors, urgency.named(sentences, screen(text)))
        return np.asarray(vectors[int(np.argmax([one.logit for one in judged]))])
