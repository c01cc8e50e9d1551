"""Let themes keep their identity from one period to the next. Pure: numpy only.

Last and this period are clustered together, in one joint graph (``cluster``); each group found there then looks at its
old members, whose themes are known. Matching two separate clusterings by their centres is 5 to 10 points worse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# A group that would be under a quarter old, were both periods of one size, is about something new; unless it is where
# an old theme went: half of that theme's members, five at least, and half of its own old ones. Then that theme grew.
OLD_ENOUGH = 0.25
_OLD_ENOUGH_TO_GROW = 0.04
_MORE_THAN_STRAYS = 5
# An old theme counts as merged into a group when half of its members are there and they weigh at least a fifth.
_MOVED = 0.5
_WEIGHTY = 0.2
#: Stands for the old theme of a message of this period, which has none.
PRESENT = -2


class Fate(StrEnum):
    """What became of a group, seen from the period before."""

    MATCHED = "matched"
    NEW = "new"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True)
class Heir:
    """What a group of the joint clustering continues.

    ``theme`` is the inherited identity, None when it needs a new one. ``parents`` are the old themes it came out of
    besides: those merged into it, or, for a part split off, the one it left.
    """

    fate: Fate
    theme: int | None
    parents: tuple[int, ...] = ()


def inherit(
    groups: NDArray[np.int64], old_themes: NDArray[np.int64], *, pinned: frozenset[int] = frozenset()
) -> dict[int, Heir]:
    """Give each group of a joint clustering the identity of the old theme that most of its old members had.

    ``groups`` is (n,), -1 for none; ``old_themes`` (n,) the theme that each message of the last period had, -1 for
    none, and ``PRESENT`` for the messages of this period. Themes in ``pinned`` are inherited by whichever group holds
    most of them, even where that group is mostly new. Of several groups that would inherit one theme the one with the
    most of its members does, the others are split off. Order of ids, not of rows, breaks ties.
    """
    overlap = _overlap(groups, old_themes)
    return _heirs(overlap, _claims(overlap, pinned))


@dataclass(frozen=True)
class _Overlap:
    """How many messages each of k ``groups`` has of each of t old ``themes``: ``counts`` (k, t).

    ``sizes`` (t,) are all members of the themes, also those in no group; ``past`` and ``present`` (k,) the share that
    each group has of all messages of its period.
    """

    groups: NDArray[np.int64]
    themes: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    past: NDArray[np.float64]
    present: NDArray[np.float64]


def _overlap(groups: NDArray[np.int64], old: NDArray[np.int64]) -> _Overlap:
    is_old, is_grouped, had_theme = old != PRESENT, groups >= 0, old >= 0
    numbers, number = np.unique(groups[is_grouped], return_inverse=True)
    themes, sizes = np.unique(old[had_theme], return_counts=True)
    counts = np.zeros((len(numbers), len(themes)), np.int64)
    known = is_grouped & had_theme
    np.add.at(counts, (np.searchsorted(numbers, groups[known]), np.searchsorted(themes, old[known])), 1)
    # Measured as if both periods had as many messages: a month that doubled must not make everything new.
    past = np.bincount(number[is_old[is_grouped]], minlength=len(numbers)) / max(int(is_old.sum()), 1)
    present = np.bincount(number[~is_old[is_grouped]], minlength=len(numbers)) / max(int((~is_old).sum()), 1)
    return _Overlap(numbers, themes, counts, sizes, past, present)


def _claims(overlap: _Overlap, pinned: frozenset[int]) -> dict[int, list[int]]:
    """Return by the place of an old theme the places of the groups that would inherit it."""
    claims: dict[int, list[int]] = {}
    for place, counts in enumerate(overlap.counts):
        if not counts.any():
            continue
        best = int(counts.argmax())
        is_pinned = int(overlap.themes[best]) in pinned
        holds_pinned = is_pinned and counts[best] == overlap.counts[:, best].max()
        whole = max(int(overlap.sizes[best]), int(counts.sum()))
        went_here = counts[best] >= max(_MOVED * whole, _MORE_THAN_STRAYS)
        least = _OLD_ENOUGH_TO_GROW if went_here else OLD_ENOUGH
        past, present = overlap.past[place], overlap.present[place]
        if past / (past + present) >= least or holds_pinned:
            claims.setdefault(best, []).append(place)
    return claims


def _heirs(overlap: _Overlap, claims: Mapping[int, list[int]]) -> dict[int, Heir]:
    """Return what each group continues: of several that claim one theme the first inherits, the others split off."""
    themes, counts, sizes = overlap.themes, overlap.counts, overlap.sizes
    heirs: dict[int, Heir] = {}
    for best, places in claims.items():
        first, *others = sorted(places, key=lambda place: (-counts[place, best], place))
        theme = int(themes[best])
        share = counts[first] / np.maximum(sizes, 1)
        weight = counts[first] / max(counts[first].sum(), 1)
        merged = tuple(
            int(themes[other])
            for other in range(len(themes))
            if other != best and share[other] >= _MOVED and weight[other] >= _WEIGHTY
        )
        fate = Fate.MERGED if merged else Fate.MATCHED
        heirs[first] = Heir(fate, theme, merged)
        heirs |= dict.fromkeys(others, Heir(Fate.SPLIT, None, (theme,)))
    new = Heir(Fate.NEW, None)
    return {number: heirs.get(place, new) for place, number in enumerate(overlap.groups.tolist())}
