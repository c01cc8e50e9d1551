"""Find the messages of a theme that are copies of one text: a campaign, or a template passed round. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import Vectors
from feedback.themes.words import HAN, words

# Shorter ones are the same by chance: "it crashes".
_SHORTEST = 24
_LOOKED_AT = 200
# Rows this near in meaning are compared word by word; of one text they share so many of their words.
_NEAR = 0.75
_SAME_WORDS = 0.6


def repeated(texts: Sequence[str], vectors: Vectors) -> NDArray[np.bool_]:
    """Return (n,): which messages are nearly the text that most of them repeat; all False when none does.

    ``vectors`` is (n, 512), of unit length. Small changes count as the same: a name, a greeting, a version. One text
    sent twice is enough to be marked: what makes a campaign is for the reader to say.
    """
    found = np.zeros(len(texts), bool)
    wide = np.flatnonzero([len(text) + len(HAN.findall(text)) >= _SHORTEST for text in texts])
    if len(wide) < 2:
        return found
    looked_at = wide[np.linspace(0, len(wide) - 1, min(len(wide), _LOOKED_AT)).astype(np.int64)]
    # Half precision is multiplied by hand, not by BLAS.
    near = vectors[wide].astype(np.float32) @ vectors[looked_at].astype(np.float32).T >= _NEAR
    model = int(near.sum(axis=0).argmax())
    wanted = frozenset(words(texts[looked_at[model]]))
    rows = wide[near[:, model]]
    same = [row for row in rows.tolist() if _share(wanted, frozenset(words(texts[row]))) >= _SAME_WORDS]
    if len(same) > 1:
        found[same] = True
    return found


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return what two sets of words have in common, 0..1."""
    return len(one & other) / max(len(one | other), 1)
