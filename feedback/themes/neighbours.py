"""Find the nearest neighbours among unit vectors, exactly or, for many vectors, cell by cell.

Pure: numpy and scipy only.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import sums_by

EXACT_UP_TO = 20_000
_ROWS_AT_ONCE = 500
_ASKED_AT_ONCE = 10_000
_GROUP = 16
# Above the limit a row is compared along the principal axes with the rows in a seventh of all cells, a tenth when there
# are five times as many rows: the more cells there are, the closer are the nearest ones. Small cells find more for the
# same work, because each has its own surroundings. The best candidates are then compared in full.
_FINENESS = 3
_CELLS_SEARCHED = 0.15
_CELLS_ASKED = 0.03
_LOOPS = 4
_ROWS_A_CELL = 20
_AXES = 160
_AXES_FROM = 20_000
_SHORTLIST = 1.6


def nearest(
    vectors: NDArray[np.float32], *, count: int, seed: int = 0
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return for each row its ``count`` most similar other rows and their cosines, best first.

    ``vectors`` is (n, d), each row of length 1. Both results are (n, min(count, n - 1)). Up to ``EXACT_UP_TO`` rows
    the result is exact; above, only the cells around each row are searched, which finds at least 96 % of the 15 nearest
    and misses the farthest of them. There a row may find fewer than ``count``, marked by a cosine of -1.
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

        on_all_cores(search, range(0, rows, _ROWS_AT_ONCE))
        return indices, cosines
    index = Index(vectors, seed=seed)
    # Sorted by cell, the rows to compare with lie close together in memory.
    searched = _CELLS_SEARCHED * (EXACT_UP_TO / rows) ** 0.25
    shortlist = _shortlist(
        index.points, index.bounds, index, count=int(_SHORTLIST * count), searched=searched
    )
    itself = np.arange(rows)[:, None]
    found, cosines[index.order] = _compared(index.vectors, shortlist, index, count=count, but=itself)
    indices[index.order] = index.order[found]
    return indices, cosines


class Index:
    """Unit vectors divided into cells, to find the nearest ones to any number of queries.

    Everything is sorted by cell: ``vectors`` (n, d) and ``points``, the same along their principal axes; ``order``
    (n,) is the original row of each, ``bounds`` (k + 1,) where each of the k cells begins.
    """

    def __init__(self, vectors: NDArray[np.float32], *, seed: int) -> None:
        self.axes = _axes(vectors, seed)
        points = vectors @ self.axes
        self.centres = _cell_centres(points, seed)
        cell = closest(points, self.centres)
        self.order = np.argsort(cell, kind="stable").astype(np.int32)
        self.bounds = np.searchsorted(cell[self.order], np.arange(len(self.centres) + 1))
        self.points = points[self.order]
        self.vectors = vectors[self.order]

    def nearest(
        self, queries: NDArray[np.float32], *, count: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return for each of ``queries`` (m, d) about the ``count`` most similar rows and their cosines, best first.

        Both are (m, min(count, n)). Fewer cells are searched than for the graph: enough to find what a text is near to.
        """
        count = min(count, len(self.vectors))
        points = queries @ self.axes
        cell = closest(points, self.centres)
        order = np.argsort(cell, kind="stable")
        bounds = np.searchsorted(cell[order], np.arange(len(self.centres) + 1))
        shortlist = np.empty((len(queries), max(count, int(_SHORTLIST * count))), np.int32)
        shortlist[order] = _shortlist(
            points[order], bounds, self, count=shortlist.shape[1], searched=_CELLS_ASKED
        )
        found, cosines = _compared(queries, shortlist, self, count=count)
        return self.order[found], cosines

    def around(self, share: float) -> NDArray[np.int64]:
        """Return (k, ...): the cells nearest to each cell, itself included: ``share`` of all, but at least 8."""
        searched = max(8, int(len(self.centres) * share))
        return np.argsort(-(self.centres @ self.centres.T), axis=1, kind="stable")[:, :searched]


def _best(similarity: NDArray[np.float32], count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the columns and values, between -1 and 1, of the ``count`` largest of each row, best first."""
    rows, width = similarity.shape
    stride = width // _GROUP
    if stride > 2 * count:
        # A group is every stride-th column, so that the maxima run along the memory layout. ``count`` groups have a
        # maximum of at least ``least``, and few values reach it: only those are sorted.
        maxima = similarity[:, : stride * _GROUP].reshape(rows, _GROUP, stride).max(axis=1)
        least = np.partition(maxima, stride - count, axis=1)[:, stride - count]
    else:
        least = np.partition(similarity, width - count, axis=1)[:, width - count]
    place = np.flatnonzero(similarity >= least[:, None])
    row, column = np.divmod(place, width)
    values = similarity.ravel()[place]
    # Row by row, largest first; among equals the first column.
    order = np.argsort(4.0 * row - values, kind="stable")
    best = order[np.searchsorted(row, np.arange(rows))[:, None] + np.arange(count)]
    return column[best].astype(np.int32), values[best]


def _shortlist(
    queries: NDArray[np.float32], asked: NDArray[np.int64], index: Index, *, count: int, searched: float
) -> NDArray[np.int32]:
    """Return (m, count): for each query the places in ``index`` that are likely near, padded with -1.

    ``queries`` are along the principal axes, sorted by cell; ``asked`` says where those of each cell begin.
    ``searched`` is the share of all cells that are searched.
    """
    shortlist = np.full((len(queries), count), -1, np.int32)
    around = index.around(searched)

    def search(cell: int) -> None:
        if asked[cell] == asked[cell + 1]:
            return
        pool = np.concatenate(
            [np.arange(index.bounds[near], index.bounds[near + 1], dtype=np.int32) for near in around[cell]]
        )
        candidates = index.points[pool].T
        for start in range(asked[cell], asked[cell + 1], _ROWS_AT_ONCE):
            block = slice(start, min(start + _ROWS_AT_ONCE, asked[cell + 1]))
            found, _values = _best(queries[block] @ candidates, min(count, len(pool)))
            shortlist[block, : found.shape[1]] = pool[found]

    on_all_cores(search, range(len(around)))
    return shortlist


def _compared(
    queries: NDArray[np.float32],
    shortlist: NDArray[np.int32],
    index: Index,
    *,
    count: int,
    but: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the ``count`` best places of each query's ``shortlist`` and their cosines, compared in full, best first.

    ``but`` (m, 1) are places to skip. Where there are fewer than ``count`` the cosine is -1.
    """
    indices = np.zeros((len(queries), count), np.int32)
    cosines = np.zeros((len(queries), count), np.float32)

    def compare(start: int) -> None:
        block = slice(start, start + _ROWS_AT_ONCE)
        listed = shortlist[block]
        similarity = np.matmul(index.vectors[listed], queries[block][:, :, None])[:, :, 0]
        similarity[listed < 0 if but is None else (listed < 0) | (listed == but[block])] = -1
        best, cosines[block] = _best(similarity, count)
        indices[block] = np.take_along_axis(listed, best, axis=1)

    on_all_cores(compare, range(0, len(queries), _ROWS_AT_ONCE))
    return indices, cosines


def on_all_cores(work: Callable[[int], None], numbers: Iterable[int]) -> None:
    """Call ``work`` with each of ``numbers`` in several threads; no two calls may write to the same place.

    Linear algebra releases the GIL. Split by us rather than by its library, the work has the same rounding errors on
    one core and on many.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _done in threads.map(work, numbers):
            pass


def _axes(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Return the principal axes of a sample: a third of the dimensions that holds nearly all of the variance."""
    chosen = np.random.default_rng(seed).permutation(len(vectors))[:_AXES_FROM]
    sample = vectors[np.sort(chosen)].astype(np.float64)
    _sizes, axes = np.linalg.eigh(sample.T @ sample)
    return axes[:, -_AXES:].astype(np.float32)


def _cell_centres(points: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Return (k, ...): the centres of cells, by spherical k-means on a sample."""
    rows = len(points)
    count = min(int(_FINENESS * np.sqrt(rows)), rows)
    sample = np.random.default_rng(seed).permutation(rows)[: _ROWS_A_CELL * count]
    centres = points[sample[:count]].copy()
    for _ in range(_LOOPS):
        sums = sums_by(closest(points[sample], centres), points[sample], count)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def closest(vectors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return (n,): for each row the number of the centre with the largest cosine."""
    found = np.empty(len(vectors), np.int64)

    def search(start: int) -> None:
        block = slice(start, start + _ASKED_AT_ONCE)
        found[block] = np.argmax(vectors[block] @ centres.T, axis=1)

    on_all_cores(search, range(0, len(vectors), _ASKED_AT_ONCE))
    return found
