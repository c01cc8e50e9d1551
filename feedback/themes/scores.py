"""Score clustering against labelled texts."""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from config.kit.languages import base_of
from feedback.themes.centres import OTHER
from feedback.themes.cluster import cluster

_OTHER_SEED = 7


def score_themes(
    texts: Sequence[str],
    labels: Sequence[str],
    vectors: NDArray[np.float32],
    languages: Sequence[str],
    progress: Callable[[int, int], None],
) -> dict[str, object]:
    """Return how well the groups found agree with ``labels`` (as many as ``texts``), and with a second run.

    Texts left as "other" count as groups of one against the labels, so that leaving texts out gains nothing.
    """
    began = time.perf_counter()
    found = cluster(texts, vectors, languages=languages)
    seconds = time.perf_counter() - began
    progress(len(texts), len(texts))
    again = cluster(texts, vectors, languages=languages, seed=_OTHER_SEED)
    wanted = np.unique(np.array(labels), return_inverse=True)[1]
    alone = np.where(found == OTHER, found.max() + 1 + np.arange(len(found)), found)
    placed = found != OTHER
    return {
        "task": "themes",
        "rows": len(texts),
        "seconds": round(seconds, 2),
        "themes": int(found.max()) + 1,
        "labels": len(set(labels)),
        "placed": round(float(placed.mean()), 4),
        "nmi": round(float(normalized_mutual_info_score(wanted, alone)), 4),
        "ari": round(float(adjusted_rand_score(wanted, alone)), 4),
        "purity": round(_purity(found[placed], wanted[placed]), 4),
        "ari_with_another_seed": round(float(adjusted_rand_score(found, again)), 4),
        "themes_in_two_languages": _bilingual(found, languages),
    }


def _purity(found: NDArray[np.int64], wanted: NDArray[np.int64]) -> float:
    if not len(found):
        return 0.0
    return sum(int(np.bincount(wanted[found == theme]).max()) for theme in np.unique(found)) / len(found)


def _bilingual(found: NDArray[np.int64], languages: Sequence[str]) -> float:
    """Return the share of themes in which a second language has at least a tenth of the messages."""
    main = np.array([base_of(language) for language in languages])
    themes = [theme for theme in np.unique(found) if theme != OTHER]
    mixed = 0
    for theme in themes:
        counts = sorted(np.unique(main[found == theme], return_counts=True)[1], reverse=True)
        mixed += len(counts) > 1 and counts[1] >= 0.1 * sum(counts)
    return round(mixed / len(themes), 4) if themes else 0.0
