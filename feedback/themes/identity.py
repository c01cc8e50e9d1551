"""Let themes keep their identity from one period to the next. Pure: numpy only.

Last and this period are clustered together, in one joint graph (``cluster``); each group found there then looks at its
old members, whose themes are known. Matching two separate clusterings by their centres is 5 to 10 points worse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


class Fate(StrEnum):
    """What became of a group, seen from the period before."""

    MATCHED = "matched"
    NEW = "new"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True)
class Heir:
    """A group of the joint clustering and the theme that it continues.

    ``theme`` is the inherited identity, None when it needs a new one. ``parents`` are the old themes it came out of
    besides: those merged into it, or, for a part split off, the one it left. ``overlap`` is the share of the inherited
    theme's (for a split: the parent's) old members that are here, 0..1.
    """

    group: int
    fate: Fate
    theme: int | None
    parents: tuple[int, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True)
class Inheritance:
    """Who continues whom; ``gone`` are old themes that live on in no group."""

    heirs: tuple[Heir, ...]
    gone: tuple[int, ...]
    by_group: Mapping[int, Heir] = field(repr=False, default_factory=dict)


def inherit(
    groups: NDArray[np.int64], old_themes: Sequence[int | None], *, pinned: frozenset[int] = frozenset()
) -> Inheritance:
    """Give each group of a joint clustering the identity of the old theme that most of its old members had.

    ``groups`` is (n,), -1 for none; ``old_themes`` says for each message of the last period its theme, -1 if it had
    none, and None for the messages of this period. Themes in ``pinned`` are inherited by whichever group holds most of
    them, even where that group is mostly new. Of several groups that would inherit one theme the one with the most of
    its members does, the others are split off. Order of ids, not of rows, breaks ties.
    """
    old = np.array([-2 if theme is None else theme for theme in old_themes], np.int64)
    is_old = old > -2
    old_total, new_total = max(int(is_old.sum()), 1), max(int((~is_old).sum()), 1)
    ids = np.unique(old[old >= 0])
    numbers = np.unique(groups[groups >= 0])
    counts = np.zeros((len(numbers), len(ids)), np.int64)
    known = (groups >= 0) & (old >= 0)
    np.add.at(counts, (np.searchsorted(numbers, groups[known]), np.searchsorted(ids, old[known])), 1)
    sizes = np.array([int((old == theme).sum()) for theme in ids])

    claims: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        inside = groups == number
        if not counts[place].any():
            continue
        # Measured as if both periods had as many messages: a month that doubled must not make everything new.
        past = int((inside & is_old).sum()) / old_total
        present = int((inside & ~is_old).sum()) / new_total
        best = int(counts[place].argmax())
        holds_pinned = int(ids[best]) in pinned and counts[place, best] == counts[:, best].max()
        whole = max(int(sizes[best]), int(counts[place].sum()))
        went_here = counts[place, best] >= max(_MOVED * whole, _MORE_THAN_STRAYS)
        least = _OLD_ENOUGH_TO_GROW if went_here else OLD_ENOUGH
        if past / (past + present) >= least or holds_pinned:
            claims.setdefault(best, []).append(place)

    heirs: dict[int, Heir] = {}
    for best, places in claims.items():
        first, *others = sorted(places, key=lambda place: (-counts[place, best], place))
        theme = int(ids[best])
        share = counts[first] / np.maximum(sizes, 1)
        weight = counts[first] / max(counts[first].sum(), 1)
        merged = tuple(
            int(ids[other])
            for other in range(len(ids))
            if other != best and share[other] >= _MOVED and weight[other] >= _WEIGHTY
        )
        fate = Fate.MERGED if merged else Fate.MATCHED
        heirs[first] = Heir(int(numbers[first]), fate, theme, merged, float(share[best]))
        for place in others:
            left = float(counts[place, best] / sizes[best])
            heirs[place] = Heir(int(numbers[place]), Fate.SPLIT, None, (theme,), left)
    for place, number in enumerate(numbers):
        heirs.setdefault(place, Heir(int(number), Fate.NEW, None))

    ordered = tuple(heirs[place] for place in range(len(numbers)))
    alive = {heir.theme for heir in ordered} | {
        parent for heir in ordered if heir.fate is Fate.MERGED for parent in heir.parents
    }
    gone = tuple(int(theme) for theme in ids if int(theme) not in alive)
    return Inheritance(ordered, gone, {heir.group: heir for heir in ordered})
