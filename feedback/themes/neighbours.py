"""Find the nearest neighbours among unit vectors, exactly or, for many vectors, cell by cell.

Pure: numpy and scipy only.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

EXACT_UP_TO = 40_000
_ROWS_AT_ONCE = 1_000
_GROUP = 32
_LOOPS = 6


def nearest(
    vectors: NDArray[np.float32], *, count: int, seed: int = 0
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return for each row its ``count`` most similar other rows and their cosines, best first.

    ``vectors`` is (n, d), each row of length 1. Both answers are (n, min(count, n - 1)). Up to ``EXACT_UP_TO`` rows
    the answer is exact; above, only the cells around each row are searched (about 95 % of the true neighbours, and the
    missing ones are the farthest): there a row may find fewer, which shows as a cosine of -1.
    """
    rows = len(vectors)
    count = min(count, max(rows - 1, 0))
    indices = np.zeros((rows, count), np.int32)
    cosines = np.full((rows, count), -1, np.float32)
    if not count:
        return indices, cosines
    everything = np.arange(rows, dtype=np.int32)
    pools = [(everything, everything)] if rows <= EXACT_UP_TO else _cells(vectors, seed)
    for members, pool in pools:
        candidates = vectors[pool] if len(pool) < rows else vectors
        for start in range(0, len(members), _ROWS_AT_ONCE):
            block = members[start : start + _ROWS_AT_ONCE]
            found, values = _best(vectors[block] @ candidates.T, block, pool, count)
            indices[block, : found.shape[1]] = found
            cosines[block, : found.shape[1]] = values
    return indices, cosines


def _best(
    similarity: NDArray[np.float32], block: NDArray[np.int32], pool: NDArray[np.int32], count: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Pick the ``count`` best columns of each row of ``similarity``, never the row itself."""
    itself = np.searchsorted(pool, block)
    similarity[np.arange(len(block)), itself] = -1
    width = similarity.shape[1]
    count = min(count, width)
    if width > 4 * count * _GROUP:
        # The count-th largest of the group maxima is a floor that at least ``count`` values reach: seven times
        # faster than partitioning every value.
        even = width - width % _GROUP
        maxima = similarity[:, :even].reshape(len(block), -1, _GROUP).max(axis=2)
        floor = np.partition(maxima, -count, axis=1)[:, -count]
        row, column = np.nonzero(similarity >= floor[:, None])
        value = similarity[row, column]
        order = np.lexsort((column, -value, row))
        row, column, value = row[order], column[order], value[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        keep = place < count
        chosen = column[keep].reshape(len(block), count)
        return pool[chosen], value[keep].reshape(len(block), count)
    chosen = np.argsort(-similarity, axis=1, kind="stable")[:, :count]
    return pool[chosen], np.take_along_axis(similarity, chosen, axis=1)


def _cells(vectors: NDArray[np.float32], seed: int) -> list[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Part the rows into cells by spherical k-means; pair each cell's rows with those of the nearest cells."""
    rows = len(vectors)
    count = int(np.sqrt(rows))
    sample = np.random.default_rng(seed).permutation(rows)[: 40 * count]
    centres = vectors[sample[:count]].copy()
    for _ in range(_LOOPS):
        cell = closest(vectors[sample], centres)
        sums = sums_by(cell, vectors[sample], count)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    cell = closest(vectors, centres)
    order = np.argsort(cell, kind="stable").astype(np.int32)
    members = np.split(order, np.searchsorted(cell[order], np.arange(1, count)))
    around = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, : max(8, count // 10)]
    return [
        (members[number], np.sort(np.concatenate([members[other] for other in around[number]])))
        for number in range(count)
        if len(members[number])
    ]


def closest(vectors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return (n,): the number of the centre with the largest cosine for each row."""
    found = [
        np.argmax(vectors[start : start + 10_000] @ centres.T, axis=1)
        for start in range(0, len(vectors), 10_000)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def sums_by(group: NDArray[np.int64], vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return (count, d): the sum of the rows of ``vectors`` in each of ``count`` groups; ``group`` is (n,)."""
    rows = np.arange(len(group))
    belongs = sparse.csr_matrix((np.ones(len(group), np.float32), (group, rows)), shape=(count, len(group)))
    return np.asarray(belongs @ vectors, dtype=np.float32)
