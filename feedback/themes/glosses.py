"""Say what a theme is about to a reader whose language nobody of it wrote: English for Chinese labels, and back. Pure.

Nothing is translated. ``glosses.tsv`` holds a few hundred short phrases in both languages, English before the tab;
the one that means what the label says is shown beside it. Where none is near enough there is no gloss: a wrong one
misleads.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.assess import assess
from feedback.analysis.duplicates import contradicts
from feedback.analysis.sentiment import NEUTRAL
from feedback.themes.labels import Encode

LANGUAGES = ("en", "zh")
# Chosen by reading (docs/model-card.md): the cosine of a label with a phrase of its own language, and with the middle
# of both phrases, which tells a pair whose two sides do not fit together well.
_SAME_FROM = 0.76
_MIDDLE_FROM = 0.68
_MIDDLE = ""


def gloss(
    labels: Sequence[Mapping[str, str]], centres: Sequence[NDArray[np.float32]], encode: Encode
) -> list[dict[str, str]]:
    """Return for each theme {language: gloss} of the languages among ``LANGUAGES`` that have no label of their own.

    ``labels`` are {language: text} of each theme, the commonest first; ``centres`` their unit vectors (512,), of the
    same ``encode``. The pair nearest to label and centre is taken if it says what the label says; the next best would
    say something else. Same labels, same answer.
    """
    found: list[dict[str, str]] = [{} for _ in labels]
    lacking = [row for row, own in enumerate(labels) if own and not own.keys() >= {*LANGUAGES}]
    if not lacking:
        return found
    pairs, vectors = phrases(), _vectors(encode)
    middle = vectors[_MIDDLE]
    said = [next(iter(labels[row].items())) for row in lacking]
    for row, (language, text), vector in zip(lacking, said, encode([text for _, text in said]), strict=True):
        best = int((middle @ (vector + centres[row])).argmax())
        same, near = vectors.get(language, middle)[best] @ vector, middle[best] @ vector
        phrase = pairs[best].get(language, pairs[best]["en"])
        if same >= _SAME_FROM and near >= _MIDDLE_FROM and _agree(text, phrase):
            found[row] = {code: pairs[best][code] for code in LANGUAGES if code not in labels[row]}
    return found


def _agree(label: str, phrase: str) -> bool:
    """Tell whether neither denies the other, nor one praises what the other complains of."""
    moods = sorted(assess(text).sentiment for text in (label, phrase))
    return not contradicts(label, phrase) and not (moods[0] < -NEUTRAL and moods[1] > NEUTRAL)


@cache
def phrases() -> tuple[dict[str, str], ...]:
    """Return the pairs of the inventory, {language: phrase} each."""
    lines = (files("feedback.themes") / "glosses.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(dict(zip(LANGUAGES, line.split("\t"), strict=True)) for line in lines)


@cache
def _vectors(encode: Encode) -> dict[str, NDArray[np.float32]]:
    """Return (n, 512) for each language, and as ``_MIDDLE`` what lies between. Half a second, once per process."""
    of = {language: encode([pair[language] for pair in phrases()]) for language in LANGUAGES}
    between = np.add(*of.values())
    return {**of, _MIDDLE: between / np.linalg.norm(between, axis=1, keepdims=True)}
