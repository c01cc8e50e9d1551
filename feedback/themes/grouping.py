"""Group a period's messages together with the period before, and say who continues whom. Pure.

What ``services.regroup`` then writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.themes.beside import elsewhere, shared
from feedback.themes.cluster import OTHER, cluster, theme_centres
from feedback.themes.glosses import gloss
from feedback.themes.identity import Fate, Heir, inherit
from feedback.themes.labels import Encode, by_language, label_themes
from feedback.themes.neighbours import Vectors
from feedback.themes.praise import join_praise
from feedback.themes.talk import is_small_talk, openers, set_aside

# Below this share of a new group's placed messages an earlier run's theme is not the same one.
_SAME_RUN = 0.5
# Whatever is this near to a theme's centre says the same.
_NEAR_ENOUGH = 0.7

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Texts:
    """Messages to group: n texts, their (n, d) unit vectors, languages and present themes (negative for none).

    ``strata`` (n,) are what a sample of too many is drawn evenly from; None when they are not told apart. ``threads``
    (n,) number the conversations, their messages in the order of time; None when each message is its own.
    """

    texts: Sequence[str]
    vectors: Vectors
    languages: Sequence[str]
    themes: NDArray[np.int64]
    strata: NDArray[np.int64] | None = None
    threads: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Grouped:
    """One theme as it is in this period.

    ``theme`` is its id, or None for a new one. ``rows`` are the rows of the present messages, ``old_rows`` those of the
    messages before that belong here (they move along when a part splits off). ``labels`` are {language: phrases}, the
    commonest language first, ``glosses`` {language: phrase} for readers who have no label; ``reach`` is the least
    cosine that all but one of a hundred members have with ``centre``.
    """

    theme: int | None
    fate: Fate
    parents: tuple[int, ...]
    rows: NDArray[np.int64]
    old_rows: NDArray[np.int64]
    labels: Mapping[str, str]
    glosses: Mapping[str, str]
    centre: NDArray[np.float32]
    reach: float


def group_periods(
    present: Texts,
    past: Texts,
    *,
    pinned: frozenset[int] = frozenset(),
    undivided: frozenset[int] = frozenset(),
    encode: Encode | None = None,
    seed: int = 0,
    on_progress: Progress = lambda step, share: None,
) -> list[Grouped]:
    """Cluster the present messages and those of the period before in one graph; return the themes, largest first.

    The themes of ``present`` say where an earlier run put them: a theme that was new then is recognised, so that
    counting twice makes no second theme. What people decided holds: themes in ``pinned`` stay apart though they be
    alike, those in ``undivided`` (people merged others into them) stay whole. A message that belongs nowhere by itself
    goes where its thread was opened, else it is in no group.
    """
    on_progress("group", 0.0)
    count = len(present.texts)
    vectors: Vectors = np.vstack([present.vectors, past.vectors])  # type: ignore[assignment]
    texts, languages = [*present.texts, *past.texts], [*present.languages, *past.languages]
    # Of too many the past is kept whole, for it says who continues whom.
    groups = cluster(
        texts,
        vectors,
        languages=languages,
        strata=None
        if present.strata is None or past.strata is None
        else np.concatenate([present.strata, past.strata]),
        always=np.arange(len(vectors)) >= count,
        seed=seed,
    )
    groups = join_praise(groups, texts, languages)
    themes = np.concatenate([present.themes, past.themes])
    groups = keep_apart(groups, vectors, themes, pinned)
    talk = np.array(shared(is_small_talk, texts, of=len(texts)), bool)
    opener = _openers(talk, present, past)
    held = groups[np.isin(themes, [*pinned]) & (groups >= 0)]
    groups = np.where(np.isin(groups, held), groups, set_aside(groups, talk, opener))
    on_progress("group", 0.7)
    known = [*([None] * count), *(max(int(theme), OTHER) for theme in past.themes)]
    heirs = inherit(groups, known, pinned=pinned).by_group
    identity = identities(groups[:count], heirs, present.themes)
    groups = put_together(groups, heirs, identity, undivided)

    here = groups[:count]
    named = label_themes(present.texts, present.vectors, here, present.languages, encode=encode)
    on_progress("name", 0.8)
    numbers = np.unique(here[here >= 0]).tolist()
    members = [np.flatnonzero(here == number) for number in numbers]
    centres = [theme_centres(present.vectors[rows], np.zeros(len(rows), np.int64))[0] for rows in members]
    labels = [by_language(named[number]) for number in numbers]
    glosses = elsewhere(gloss, list(zip(labels, centres, strict=True))) if encode else [{} for _ in labels]
    on_progress("name", 0.9)
    # What belongs nowhere by itself belongs to what its thread was opened for.
    groups = np.where(groups == OTHER, groups[opener], groups)
    grouped = []
    for number, rows, centre, own, meaning in zip(numbers, members, centres, labels, glosses, strict=True):
        grouped.append(
            Grouped(
                theme=identity[number],
                fate=heirs[number].fate,
                parents=heirs[number].parents,
                rows=np.flatnonzero(groups[:count] == number),
                old_rows=np.flatnonzero(groups[count:] == number),
                labels=own,
                glosses=meaning,
                centre=centre,
                reach=reach_of(present.vectors[rows], centre),
            )
        )
    on_progress("name", 1.0)
    return sorted(grouped, key=lambda one: (-len(one.rows), int(one.rows[0])))


def _openers(talk: NDArray[np.bool_], present: Texts, past: Texts) -> NDArray[np.int64]:
    """Return for each message, the present ones first, the row of the one that opened its thread."""
    if present.threads is None or past.threads is None:
        return np.arange(len(talk))
    age = np.roll(np.arange(len(talk)), len(present.texts))
    return openers(talk, np.concatenate([present.threads, past.threads]), age)


def reach_of(vectors: Vectors, centre: NDArray[np.float32]) -> float:
    """Return the cosine with ``centre`` that 99 of 100 members reach; of a tight or small theme a wider one."""
    cosines = np.sort(vectors @ centre)
    return min(float(cosines[len(cosines) // 100]), _NEAR_ENOUGH)


def identities(
    groups: NDArray[np.int64], heirs: Mapping[int, Heir], themes: NDArray[np.int64]
) -> dict[int, int | None]:
    """Return the theme of each group: the one inherited, else the one an earlier run gave to most of its messages.

    None for a theme that is new. A group may get a theme that another has already; ``put_together`` decides.
    """
    found: dict[int, int | None] = {}
    for number, heir in heirs.items():
        found[number] = heir.theme
        if heir.theme is None:
            counts = Counter(int(theme) for theme in themes[groups == number] if theme >= 0)
            for theme, count in counts.most_common(1):
                if count >= _SAME_RUN * sum(counts.values()):
                    found[number] = theme
    return found


def put_together(
    groups: NDArray[np.int64],
    heirs: Mapping[int, Heir],
    identity: dict[int, int | None],
    undivided: frozenset[int],
) -> NDArray[np.int64]:
    """Give each theme to one group: its heir, else the largest. Others join it if the theme is ``undivided``.

    Changes ``identity``: the others that do not join are new.
    """
    joined = groups.copy()
    holder = {heir.theme: number for number, heir in heirs.items() if heir.theme is not None}
    for number in sorted(heirs, key=lambda number: (-int((groups == number).sum()), number)):
        heir = heirs[number]
        theme = (
            heir.parents[0] if heir.fate is Fate.SPLIT and heir.parents[0] in undivided else identity[number]
        )
        if theme is None or holder.setdefault(theme, number) == number:
            continue
        identity[number] = None
        if theme in undivided:
            joined[joined == number] = holder[theme]
    return joined


def keep_apart(
    groups: NDArray[np.int64], vectors: Vectors, themes: NDArray[np.int64], pinned: frozenset[int]
) -> NDArray[np.int64]:
    """Divide each group that swallowed a pinned theme: its messages go to the known theme they are nearest to.

    All three are (n, ...) over present and past messages; ``themes`` is negative where a message has none yet. Of the
    themes in such a group only the pinned ones and the largest are told apart.
    """
    divided = groups.copy()
    following = int(groups.max(initial=OTHER)) + 1
    for number in np.unique(groups[groups >= 0]):
        rows = np.flatnonzero(groups == number)
        counts = Counter(int(theme) for theme in themes[rows] if theme >= 0)
        kept = {theme for theme, _count in counts.most_common(1)} | (counts.keys() & pinned)
        if len(kept) < 2:
            continue
        theirs = np.isin(themes[rows], [*kept])
        member = np.searchsorted(np.sort([*kept]), themes[rows[theirs]])
        nearest = (vectors[rows] @ theme_centres(vectors[rows[theirs]], member).T).argmax(axis=1)
        nearest[theirs] = member
        divided[rows[nearest > 0]] = following + nearest[nearest > 0] - 1
        following += len(kept) - 1
    return divided


def nearest_theme(
    vectors: Vectors,
    centres: NDArray[np.float32],
    reach: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return (n,): for each vector the row of the nearest centre that it is within reach of, -1 for none."""
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
