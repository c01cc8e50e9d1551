"""Say what a theme is about to a reader whose language nobody of it wrote: English for Chinese labels, and back. Pure.

Nothing is translated. ``glosses.tsv`` holds a few hundred short phrases in both languages, English before the tab; the
one that means what the label says is shown beside it. Where none is near enough there is no gloss: a wrong one misleads.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.duplicates import contradicts
from feedback.themes.labels import Encode

LANGUAGES = ("en", "zh")
# Chosen by reading, on written themes and those of banks and assistants (docs/model-card.md): a pair that says what
# the label says will do, one that is only like it must lie near the theme's centre as well.
_SAME_FROM = 0.78
_LIKE_FROM, _MEAN_FROM = 0.68, 0.66


def gloss(
    labels: Sequence[Mapping[str, str]], centres: Sequence[NDArray[np.float32]], encode: Encode
) -> list[dict[str, str]]:
    """Return for each theme {language: gloss} of the languages among ``LANGUAGES`` that have no label of their own.

    ``labels`` are {language: text} of each theme, the commonest first; ``centres`` their unit vectors (512,), of the
    same ``encode``. Same labels, same answer.
    """
    found: list[dict[str, str]] = [{} for _ in labels]
    lacking = [row for row, own in enumerate(labels) if own and not own.keys() >= {*LANGUAGES}]
    if not lacking:
        return found
    pairs, vectors = phrases(), _vectors(encode)
    said = [next(iter(labels[row].items())) for row in lacking]
    by_label = encode([text for _language, text in said]) @ vectors.T
    means = (by_label + np.stack([centres[row] for row in lacking]) @ vectors.T) / 2
    for row, (language, text), label, mean in zip(lacking, said, by_label, means, strict=True):
        best = int(mean.argmax())
        near = label[best] >= _SAME_FROM or (label[best] >= _LIKE_FROM and mean[best] >= _MEAN_FROM)
        # "Code came" is nearest to "code does not come": then the next best says nothing of it either.
        if near and not contradicts(text, pairs[best].get(language, "")):
            found[row] = {code: pairs[best][code] for code in LANGUAGES if code not in labels[row]}
    return found


@cache
def phrases() -> tuple[dict[str, str], ...]:
    """Return the pairs of the inventory, {language: phrase} each."""
    lines = (files("feedback.themes") / "glosses.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(dict(zip(LANGUAGES, line.split("\t"), strict=True)) for line in lines)


@cache
def _vectors(encode: Encode) -> NDArray[np.float32]:
    """Return (n, 512): of each pair the middle between both phrases. Half a second, once per process."""
    both = sum(encode([pair[language] for pair in phrases()]) for language in LANGUAGES)
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True), np.float32)
