"""Draw a sample of too many texts, and assign the rest to the groups found in it. Pure: numpy and scipy only."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import OTHER, Vectors
from feedback.themes.graph import LOWEST_COSINE, POWER
from feedback.themes.neighbours import Index

# A text outside the sample goes where most of this many nearest texts in the sample are.
_VOTERS = 10
_ASSIGNED_AT_ONCE = 100_000


def sample(
    strata: NDArray[Any], *, most: int, seed: int, always: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Return the sorted numbers of at most ``most`` rows, drawn evenly from each of ``strata`` (n,); all when they fit.

    A stratum gets places in proportion to its size, a small one enough that a rare language or channel does not vanish.
    Rows in ``always`` (n,) are drawn first. Same seed, same rows.
    """
    rows = len(strata)
    if rows <= most:
        return np.arange(rows)
    certain = np.zeros(rows, bool) if always is None else always
    generator = np.random.default_rng(seed)
    if certain.sum() >= most:
        return np.sort(generator.choice(np.flatnonzero(certain), most, replace=False))
    most -= int(certain.sum())
    number = np.unique(strata, return_inverse=True)[1]
    sizes = np.bincount(number[~certain], minlength=int(number.max()) + 1)
    quota = _quotas(sizes, most)
    drawn = [np.flatnonzero(certain)]
    # Shuffled, then sorted by stratum: the first ones of each are drawn.
    order = generator.permutation(np.flatnonzero(~certain))
    order = order[np.argsort(number[order], kind="stable")]
    for end, size, count in zip(np.cumsum(sizes).tolist(), sizes.tolist(), quota.tolist(), strict=True):
        drawn.append(order[end - size : end - size + count])
    return np.sort(np.concatenate(drawn))


def _quotas(sizes: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return how many of ``most`` places each stratum gets, by ``sizes``, whose sum is larger.

    At most ``most`` in all. A tenth of the places is shared out equally, as a minimum for each stratum.
    """
    least = np.minimum(sizes, most // (10 * len(sizes)))
    raised = np.zeros(len(sizes), bool)
    while True:
        share = (most - least[raised].sum()) / sizes[~raised].sum()
        poor = ~raised & (share * sizes < least)
        if not poor.any():
            return np.where(raised, least, (share * sizes).astype(np.int64))
        raised |= poor


def assign(
    vectors: Vectors,
    rows: NDArray[np.int64],
    grouped: NDArray[np.float32],
    groups: NDArray[np.int64],
    *,
    seed: int,
) -> NDArray[np.int64]:
    """Return (m,): the group of each of ``rows`` of ``vectors``, by a vote of the ``grouped`` vectors nearest to it.

    ``groups`` (k,) are the groups of ``grouped`` (k, d). Votes are weighted by nearness, as in the graph, and ``OTHER``
    is a group like any other; a row near nothing is ``OTHER``. On labelled texts this agrees more often with grouping
    everything at once than assigning to the nearest centre does.
    """
    index = Index(grouped, seed=seed)
    count = int(groups.max(initial=OTHER)) + 2
    assigned = []
    for start in range(0, len(rows), _ASSIGNED_AT_ONCE):
        queries = vectors[rows[start : start + _ASSIGNED_AT_ONCE]].astype(np.float32)
        nearest_ones, cosines = index.nearest(queries, count=_VOTERS)
        weights = np.where(cosines >= LOWEST_COSINE, cosines, 0) ** POWER
        for voters, weight in zip(
            np.array_split(nearest_ones, len(queries) // 10_000 + 1),
            np.array_split(weights, len(queries) // 10_000 + 1),
            strict=True,
        ):
            ballot = groups[voters] + 1 + count * np.arange(len(voters))[:, None]
            votes = np.bincount(ballot.ravel(), weight.ravel(), minlength=count * len(voters))
            assigned.append(votes.reshape(-1, count).argmax(axis=1) - 1)
    return np.concatenate(assigned)
