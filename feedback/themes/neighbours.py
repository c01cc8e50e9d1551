"""Find the nearest neighbours among unit vectors, exactly or, for many vectors, cell by cell.

Pure: numpy and scipy only.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

EXACT_UP_TO = 20_000
_ROWS_AT_ONCE = 500
_GROUP = 16
# Above the limit a row is compared by its principal axes with the rows of a seventh of all cells. Small cells find more
# for the same work: each has its own surroundings. The best of those are compared in full.
_FINENESS = 3
_CELLS_SEARCHED = 0.15
_LOOPS = 4
_ROWS_A_CELL = 20
_AXES = 160
_AXES_FROM = 20_000
_SHORTLIST = 1.6


def nearest(
    vectors: NDArray[np.float32], *, count: int, seed: int = 0
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return for each row its ``count`` most similar other rows and their cosines, best first.

    ``vectors`` is (n, d), each row of length 1. Both answers are (n, min(count, n - 1)). Up to ``EXACT_UP_TO`` rows
    the answer is exact; above, only the cells around each row are searched (96 % of the 15 nearest or more, and the
    missing ones are the farthest): there a row may find fewer, which shows as a cosine of -1.
    """
    rows = len(vectors)
    count = min(count, max(rows - 1, 0))
    indices = np.zeros((rows, count), np.int32)
    cosines = np.full((rows, count), -1, np.float32)
    if not count:
        return indices, cosines
    if rows <= EXACT_UP_TO:

        def search(start: int) -> None:
            block = np.arange(start, min(start + _ROWS_AT_ONCE, rows))
            similarity = vectors[block] @ vectors.T
            similarity[np.arange(len(block)), block] = -1
            indices[block], cosines[block] = _best(similarity, count)

        _on_all_cores(search, range(0, rows, _ROWS_AT_ONCE))
        return indices, cosines
    reduced = _reduced(vectors, seed)
    order, bounds, around = _cells(reduced, seed)
    # In the order of their cells what a row is compared with lies close together in memory.
    points = vectors[order]
    shortlist = _shortlist(reduced[order], int(_SHORTLIST * count), bounds, around)

    def compare(start: int) -> None:
        block = np.arange(start, min(start + _ROWS_AT_ONCE, rows))
        similarity = np.matmul(points[shortlist[block]], points[block][:, :, None])[:, :, 0]
        similarity[shortlist[block] == block[:, None]] = -1
        best, cosines[order[block]] = _best(similarity, count)
        indices[order[block]] = order[np.take_along_axis(shortlist[block], best, axis=1)]

    _on_all_cores(compare, range(0, rows, _ROWS_AT_ONCE))
    return indices, cosines


def _best(similarity: NDArray[np.float32], count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the columns and values of the ``count`` largest of each row, best first."""
    rows, width = similarity.shape
    columns = np.broadcast_to(np.arange(width), similarity.shape)
    stride = width // _GROUP
    if stride > 2 * count:
        # The largest values lie in the groups with the largest maxima: many times faster than to partition them all.
        # A group is every stride-th column, so that the maxima are taken along the memory.
        even = stride * _GROUP
        maxima = similarity[:, :even].reshape(rows, _GROUP, stride).max(axis=1)
        groups = np.sort(np.argpartition(-maxima, count - 1, axis=1)[:, :count], axis=1)
        inside = (groups[:, None, :] + stride * np.arange(_GROUP)[:, None]).reshape(rows, -1)
        rest = np.broadcast_to(np.arange(even, width), (rows, width - even))
        columns = np.concatenate([inside, rest], axis=1)
        similarity = np.take_along_axis(similarity, columns, axis=1)
    chosen = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
    columns = np.take_along_axis(columns, chosen, axis=1)
    values = np.take_along_axis(similarity, chosen, axis=1)
    order = np.lexsort((columns, -values), axis=1)
    found = np.take_along_axis(columns, order, axis=1).astype(np.int32)
    return found, np.take_along_axis(values, order, axis=1)


def _shortlist(
    points: NDArray[np.float32],
    count: int,
    bounds: NDArray[np.int64],
    around: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return (n, count): for each row those of the cells around it that are likely near, the row itself among them.

    ``points`` are sorted by cell; ``bounds`` say where each begins, ``around`` which cells are searched for it. Where
    there are not so many the row itself stands in.
    """
    shortlist = np.repeat(np.arange(len(points), dtype=np.int32)[:, None], count, axis=1)

    def search(cell: int) -> None:
        pool = np.concatenate(
            [np.arange(bounds[near], bounds[near + 1], dtype=np.int32) for near in around[cell]]
        )
        candidates = points[pool]
        for start in range(bounds[cell], bounds[cell + 1], _ROWS_AT_ONCE):
            block = np.arange(start, min(start + _ROWS_AT_ONCE, bounds[cell + 1]))
            found, _values = _best(points[block] @ candidates.T, min(count, len(pool)))
            shortlist[block, : found.shape[1]] = pool[found]

    _on_all_cores(search, range(len(around)))
    return shortlist


def _on_all_cores(work: Callable[[int], None], numbers: Iterable[int]) -> None:
    """Call ``work`` with each of ``numbers``, several at once; it must write where no other call does.

    Linear algebra lets other threads run. Cut up by us and not by its library the work has the same rounding errors on
    one core and on many.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _done in threads.map(work, numbers):
            pass


def _reduced(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Return ``vectors`` along the principal axes of a sample: a third of the numbers, nearly all that differs."""
    chosen = np.random.default_rng(seed).permutation(len(vectors))[:_AXES_FROM]
    sample = vectors[np.sort(chosen)].astype(np.float64)
    _sizes, axes = np.linalg.eigh(sample.T @ sample)
    return vectors @ axes[:, -_AXES:].astype(np.float32)


def _cells(
    vectors: NDArray[np.float32], seed: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Part the rows into cells by spherical k-means.

    Returns the rows in the order of their cells, (n,); where in it each of the k cells begins, (k + 1,); and the cells
    nearest to each, itself among them, (k, ...).
    """
    rows = len(vectors)
    count = int(_FINENESS * np.sqrt(rows))
    sample = np.random.default_rng(seed).permutation(rows)[: _ROWS_A_CELL * count]
    centres = vectors[sample[:count]].copy()
    for _ in range(_LOOPS):
        cell = closest(vectors[sample], centres)
        sums = sums_by(cell, vectors[sample], count)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    cell = closest(vectors, centres)
    order = np.argsort(cell, kind="stable").astype(np.int32)
    bounds = np.searchsorted(cell[order], np.arange(count + 1))
    searched = max(8, int(count * _CELLS_SEARCHED))
    return order, bounds, np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :searched]


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
