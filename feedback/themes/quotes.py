"""Choose the messages that show a theme best. Pure: numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.themes.words import HAN


def choose_quotes(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    count: int = 3,
    people: Sequence[object] | None = None,
) -> list[int]:
    """Return the rows of the messages that show one theme best, the most typical first.

    They are near the centre, long enough to say something and short enough to be read, no two alike and no two by the
    same person in ``people``. Fewer than ``count`` when there are not enough different ones. Scrub them before showing.
    """
    if not len(texts):
        return []
    centre = vectors.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    length = np.array([len(text) + len(HAN.findall(text)) for text in texts])
    readable = np.clip(length / 30, 0.5, 1) * np.clip(260 / np.maximum(length, 1), 0.5, 1)
    score = (vectors @ centre) * readable
    chosen: list[int] = []
    for row in np.argsort(-score, kind="stable"):
        if len(chosen) == count:
            break
        if people is not None and any(people[row] == people[other] for other in chosen):
            continue
        if chosen and float((vectors[chosen] @ vectors[row]).max()) > 0.9:
            continue
        chosen.append(int(row))
    return chosen
