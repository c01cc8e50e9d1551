"""Find the messages of a theme that are copies of one text: a campaign, or a template passed round. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import Vectors
from feedback.themes.words import HAN, words

# Shorter messages are the same by chance: "it crashes".
_SHORTEST = 24
_LOOKED_AT = 200
# Rows this near in meaning are compared word by word; copies of one text share this much of their words.
_NEAR = 0.75
_SAME_WORDS = 0.6


def repeated(texts: Sequence[str], vectors: Vectors) -> NDArray[np.bool_]:
    """Return (n,): which messages are near-copies of the most repeated text; all False when none is repeated.

    ``vectors`` is (n, 512), of unit length. Small changes count as the same: a name, a greeting, a version. A text sent
    twice is marked already: whether it is a campaign is for the reader to judge.
    """
    found = np.zeros(len(texts), bool)
    wide = np.flatnonzero([len(text) + len(HAN.findall(text)) >= _SHORTEST for text in texts])
    if len(wide) < 2:
        return found
    looked_at = wide[np.linspace(0, len(wide) - 1, min(len(wide), _LOOKED_AT)).astype(np.int64)]
    # Cast first: BLAS does not multiply half precision.
    near = vectors[wide].astype(np.float32) @ vectors[looked_at].astype(np.float32).T >= _NEAR
    model = int(near.sum(axis=0).argmax())
    wanted = frozenset(words(texts[looked_at[model]]))
    rows = wide[near[:, model]]
    same = [row for row in rows.tolist() if _share(wanted, frozenset(words(texts[row]))) >= _SAME_WORDS]
    if len(same) > 1:
        found[same] = True
    return found


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words that two sets have in common, 0..1."""
    return len(one & other) / max(len(one | other), 1)
