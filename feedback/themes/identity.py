"""Keep the identity of themes from one period to the next. Pure: numpy only.

The last and the present period are clustered together, in one joint graph (``cluster``); each group then gets its
identity from its old members, whose themes are known. Matching two separate clusterings by their centres is 5 to 10
points worse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# A group that is less than a quarter old, as if both periods had the same size, is about something new, unless an old
# theme moved into it: half of that theme's members, at least five, that are half of the group's own old ones. Then that
# theme grew.
OLD_ENOUGH = 0.25
_OLD_ENOUGH_TO_GROW = 0.04
_MORE_THAN_STRAYS = 5
# An old theme is merged into a group when half of its members are there and make up a fifth of the group's old ones.
_MOVED = 0.5
_WEIGHTY = 0.2
#: In place of an old theme: the message is from the present period and has none.
PRESENT = -2


class Fate(StrEnum):
    """How a group relates to the themes of the period before."""

    MATCHED = "matched"
    NEW = "new"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True)
class Heir:
    """What a group of the joint clustering continues.

    ``theme`` is the inherited identity, None when it needs a new one. ``parents`` are the other old themes it came
    from: those merged into it, or, for a part split off, the one it left.
    """

    fate: Fate
    theme: int | None
    parents: tuple[int, ...] = ()


def inherit(
    groups: NDArray[np.int64], old_themes: NDArray[np.int64], *, pinned: frozenset[int] = frozenset()
) -> dict[int, Heir]:
    """Give each group of a joint clustering the identity of the old theme that most of its old members had.

    ``groups`` is (n,), -1 for none; ``old_themes`` (n,) is the theme that each message of the last period had, -1 for
    none, and ``PRESENT`` for messages of the present period. Themes in ``pinned`` are inherited by the group that holds
    most of their members, even if that group is mostly new. When several groups claim a theme, the one with most of its
    members inherits it and the others are split off. Ties are broken by id, not by row order.
    """
    overlap = _overlap(groups, old_themes)
    return _heirs(overlap, _claims(overlap, pinned))


@dataclass(frozen=True)
class _Overlap:
    """How many messages of each of t old ``themes`` are in each of k ``groups``: ``counts`` (k, t).

    ``sizes`` (t,) count all members of the themes, including those in no group; ``past`` and ``present`` (k,) are the
    share of all messages of the past and of the present period that each group holds.
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
    """Return the groups that would inherit each old theme, {index of theme: [indexes of groups]}."""
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
    """Return what each group continues; the claimant with most of a theme inherits it, the others split off."""
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
