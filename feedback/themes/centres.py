"""Groups of unit vectors: their centres, how tight they are, and which group is nearest.

Pure: numpy and scipy only.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

#: Rows of length 1, in the precision of storage or of computation.
Vectors = NDArray[np.float32] | NDArray[np.float16]
#: The group number of rows that are in no group.
OTHER = -1
_SUMMED_AT_ONCE = 100_000
# A message this near to a theme's centre says the same thing.
_NEAR_ENOUGH = 0.7


def sums_by(group: NDArray[np.int64], vectors: Vectors, count: int) -> NDArray[np.float32]:
    """Return (count, d): the sum of the rows of ``vectors`` in each of ``count`` groups.

    ``group`` is (n,), negative for rows in no group.
    """
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    for start in range(0, len(group), _SUMMED_AT_ONCE):
        own = group[start : start + _SUMMED_AT_ONCE]
        rows = np.flatnonzero(own >= 0)
        ones = np.ones(len(rows), np.float32)
        belongs = sparse.csr_matrix((ones, (own[rows], rows)), shape=(count, len(own)))
        sums += belongs @ vectors[start : start + _SUMMED_AT_ONCE].astype(np.float32, copy=False)
    return sums


def theme_centres(vectors: Vectors, member: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return (k, d): the unit mean vector of each theme; ``member`` (n,) uses all of 0..k-1, negative for none."""
    sums = sums_by(member, vectors, int(member.max(initial=-1)) + 1)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


def mean_cosines(vectors: NDArray[np.float32], community: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (k,): the mean cosine between two different messages of each community, 0 when it has only one."""
    sizes = np.bincount(community)
    sums = sums_by(community, vectors, len(sizes)).astype(np.float64)
    return (np.square(sums).sum(axis=1) - sizes) / np.maximum(sizes * (sizes - 1), 1)


def reach_of(vectors: Vectors, centre: NDArray[np.float32]) -> float:
    """Return the cosine with ``centre`` that 99 of 100 ``vectors`` (n, d) have or exceed, at most 0.7.

    The bound keeps a small or tight theme open to messages that say the same in other words.
    """
    cosines = np.sort(vectors @ centre)
    return min(float(cosines[len(cosines) // 100]), _NEAR_ENOUGH)


def nearest_theme(
    vectors: Vectors,
    centres: NDArray[np.float32],
    reach: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return (n,): the row of the nearest centre whose reach includes each vector, -1 for none."""
    if not len(centres) or not len(vectors):
        return np.full(len(vectors), OTHER, np.int64)
    found = np.full(len(vectors), OTHER, np.int64)
    for start in range(0, len(vectors), 10_000):
        cosine = vectors[start : start + 10_000] @ centres.T
        cosine[cosine < reach] = -1
        best = cosine.argmax(axis=1)
        inside = cosine[np.arange(len(best)), best] > -1
        found[start : start + 10_000] = np.where(inside, best, OTHER)
    return found
