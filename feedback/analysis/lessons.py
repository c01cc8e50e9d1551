"""Let what people said of earlier messages weigh on new ones that are like them, within bounds.

A lesson is the sentence that decided a message which a person overruled. It pulls the urgency of sentences close
to it up or down, the closer the more, and hardly reaches beyond rewordings of the same: the trained model stays,
no lesson is a rule. All lessons together move a sentence by little more than the distance from amber to red.
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

# Below this cosine a lesson says nothing; at 1 it says everything.
_FROM = 0.55
# In distances from amber to red: what one lesson moves its own wording by, and the most that all of them do.
_PULL = 1.4
_MOST = 2.0
# What a lesson of the same wording adds to the logit of its category.
_NAMED = 3.0


@dataclass(frozen=True)
class Taught:
    """One message whose assessment a person overruled.

    ``category`` is what they say it is, ``none`` for harmless. ``overrules_lane`` is False when they corrected only the
    category of an urgent message, and so said nothing about whether it is urgent.
    """

    text: str
    category: str
    overrules_lane: bool = True


@dataclass(frozen=True)
class Lessons:
    """What people taught, as numbers: no text is kept.

    ``vectors`` (n, 512) are the sentences taught, ``pulls`` (n,) 1 for urgent, -1 for harmless and 0 for a category
    only, ``marks`` a digest of each whole text. ``version`` names the set: the same lessons in the same order have the
    same one, none at all the empty one.
    """

    vectors: NDArray[np.float32]
    pulls: NDArray[np.float64]
    categories: tuple[str, ...]
    marks: tuple[str, ...]
    version: str

    def applied(self, judged: Judged, vector: NDArray[np.float32]) -> Judged:
        """Return ``judged``, of a sentence with ``vector``, as it is with these lessons in mind."""
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
        """Make the categories that close lessons name likelier, each by its closest lesson."""
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
    """Make lessons of ``taught``; texts without words teach nothing.

    What ``known`` holds already is not encoded again, and what only ``known`` holds is forgotten.
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
