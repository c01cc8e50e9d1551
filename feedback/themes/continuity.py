"""Score whether themes keep their identity between months, on labelled texts divided into two months. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from feedback.themes.centres import OTHER
from feedback.themes.cluster import cluster
from feedback.themes.grouping import Grouped, Texts, group_periods
from feedback.themes.identity import Fate

# The share of subjects that are only in the second month, and only in the first; the others occur there between a fifth
# and five times as often as in the first.
_NEW, _GONE = 0.2, 0.1
_DRIFT = 5.0
_LEFT_OUT = 0.1


@dataclass(frozen=True)
class Continuity:
    """How well themes keep their identity between months; shares 0..1, NaN where there is nothing to count.

    ``kept``: of the subjects that have a theme of their own in both months, the share whose theme is the same one.
    ``reachable``: of the subjects in both months, the share that have such themes. ``new_precision``: of the themes
    called new, the share about a new subject. ``new_recall``: of the new subjects, the share found in a theme called
    new. ``wrongly_new``: of the messages about lasting subjects, the share in themes called new.
    """

    kept: float
    reachable: float
    new_precision: float
    new_recall: float
    wrongly_new: float


def score_continuity(
    texts: Sequence[str],
    labels: Sequence[str],
    vectors: NDArray[np.float32],
    languages: Sequence[str],
    *,
    seed: int = 0,
) -> Continuity:
    """Divide the texts into two months, group the first, then the second with it, and compare with ``labels``."""
    subject = np.unique(np.array(labels), return_inverse=True)[1]
    first, second, new = deal(subject, seed=seed)
    everything = Texts(texts, vectors, languages, np.full(len(texts), OTHER))
    themes = np.full(len(texts), OTHER, np.int64)
    _write(
        group_periods(_part(everything, first, themes), _part(everything, first[:0], themes)),
        first,
        themes,
        0,
    )
    grouped = group_periods(_part(everything, second, themes), _part(everything, first, themes))
    born = _write(grouped, second, themes, int(themes.max(initial=OTHER)) + 1)

    before, after = _own(themes[first], subject[first]), _own(themes[second], subject[second])
    lasting = np.intersect1d(subject[first], subject[second])
    reachable = [one for one in lasting.tolist() if one in before and one in after]
    about = {theme: _commonest(subject[second][themes[second] == theme]) for theme in born}
    found = [one for one in new.tolist() if _commonest(themes[second][subject[second] == one]) in born]
    is_lasting = np.isin(subject[second], lasting)
    return Continuity(
        kept=_share(sum(before[one] == after[one] for one in reachable), len(reachable)),
        reachable=_share(len(reachable), len(lasting)),
        new_precision=_share(sum(one in new for one in about.values()), len(about)),
        new_recall=_share(len(found), len(new)),
        wrongly_new=_share(int(np.isin(themes[second][is_lasting], [*born]).sum()), int(is_lasting.sum())),
    )


def deal(
    subject: NDArray[np.int64], *, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the first month, those of the second, and the subjects found only in the second.

    ``subject`` is (n,), numbered from 0.
    """
    generator = np.random.default_rng(seed)
    count = int(subject.max(initial=-1)) + 1
    order = generator.permutation(count)
    new, gone = order[: round(count * _NEW)], order[count - round(count * _GONE) :]
    ratio = _DRIFT ** generator.uniform(-1, 1, count)
    later = ratio / (1 + ratio)
    later[new], later[gone] = 1, 0
    is_second = generator.random(len(subject)) < later[subject]
    return np.flatnonzero(~is_second), np.flatnonzero(is_second), np.sort(new)


def with_fewer(
    texts: Sequence[str], vectors: NDArray[np.float32], languages: Sequence[str], *, seed: int = 0
) -> float:
    """Return the agreement (ARI) between grouping nine tenths of the texts with and without the other tenth."""
    kept = np.flatnonzero(np.random.default_rng(seed).random(len(texts)) >= _LEFT_OUT)
    whole = cluster(texts, vectors, languages=languages)
    part = cluster(
        [texts[row] for row in kept.tolist()],
        vectors[kept],
        languages=[languages[row] for row in kept.tolist()],
    )
    return float(adjusted_rand_score(whole[kept], part))


def _part(texts: Texts, rows: NDArray[np.int64], themes: NDArray[np.int64]) -> Texts:
    return Texts(
        [texts.texts[row] for row in rows.tolist()],
        texts.vectors[rows],
        [texts.languages[row] for row in rows.tolist()],
        themes[rows],
    )


def _write(
    grouped: Sequence[Grouped], rows: NDArray[np.int64], themes: NDArray[np.int64], following: int
) -> set[int]:
    """Write the theme of each of ``rows`` into ``themes``, new ones from ``following`` on; return those called new."""
    born = set()
    for number, one in enumerate(grouped, start=following):
        theme = number if one.theme is None else one.theme
        themes[rows[one.rows]] = theme
        if one.fate is Fate.NEW:
            born.add(theme)
    return born


def _own(themes: NDArray[np.int64], subject: NDArray[np.int64]) -> dict[int, int]:
    """Return the theme of each subject that has its own: it has most of its messages, and they make up most of it."""
    main = {one: _commonest(themes[subject == one]) for one in np.unique(subject).tolist()}
    return {
        one: theme
        for one, theme in main.items()
        if theme != OTHER and _commonest(subject[themes == theme]) == one
    }


def _commonest(numbers: NDArray[np.int64]) -> int:
    values, counts = np.unique(numbers, return_counts=True)
    return int(values[counts.argmax()]) if len(values) else OTHER


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else float("nan")
