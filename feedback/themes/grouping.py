"""Group a period's messages together with those of the period before, and find which theme each group continues. Pure.

``services.regroup`` writes the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback.themes.beside import elsewhere, shared
from feedback.themes.centres import OTHER, Vectors, reach_of, theme_centres
from feedback.themes.cluster import cluster
from feedback.themes.glosses import gloss
from feedback.themes.identity import PRESENT, Fate, Heir, inherit
from feedback.themes.labels import by_language
from feedback.themes.naming import Encode, label_themes
from feedback.themes.praise import join_praise
from feedback.themes.talk import is_small_talk, openers, set_aside

# Below this share of a new group's placed messages, an earlier run's theme is not the same one.
_SAME_RUN = 0.5
# A group with fewer present messages than this is named by its past ones as well.
_NAMED_FROM = 10

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Texts:
    """Messages to group: n texts, their (n, d) unit vectors, languages and present themes (negative for none).

    ``strata`` (n,) number the strata from which a sample of too many is drawn evenly; None for the languages.
    ``threads`` (n,) number the conversations, whose messages are in chronological order; None if each message is its
    own thread.
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

    ``theme`` is its id, or None for a new one. ``rows`` are the rows of its present messages, ``old_rows`` those of its
    past ones (which move along when a part splits off). ``labels`` are {language: phrases}, the commonest language
    first, ``glosses`` {language: phrase} for readers without a label; ``reach`` is the cosine with ``centre`` that all
    but one in a hundred members reach.
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

    The themes of ``present`` say where an earlier run put its messages: a theme that was new then is recognised, so
    that a second run makes no second theme. People's decisions hold: themes in ``pinned`` stay apart even if they are
    alike, those in ``undivided`` (into which people merged others) stay whole. A message that belongs nowhere by itself
    joins the group of the message that opened its thread; otherwise it is in no group.
    """
    on_progress("group", 0.0)
    count, both = len(present.texts), _together(present, past)
    # When there are too many for all to be grouped, the past is kept whole: it says which theme each group continues.
    is_past = np.arange(len(both.texts)) >= count
    groups = cluster(
        both.texts, both.vectors, languages=both.languages, strata=both.strata, always=is_past, seed=seed
    )
    groups = join_praise(groups, both.texts, both.languages)
    groups = keep_apart(groups, both.vectors, both.themes, pinned)
    talk = np.array(shared(is_small_talk, both.texts, of=len(both.texts)), bool)
    opener = _openers(talk, both, count)
    held = groups[np.isin(both.themes, [*pinned]) & (groups >= 0)]
    groups = np.where(np.isin(groups, held), groups, set_aside(groups, talk, opener))
    on_progress("group", 0.7)
    old_themes = np.where(is_past, np.maximum(both.themes, OTHER), PRESENT)
    heirs = inherit(groups, old_themes, pinned=pinned)
    identity = identities(groups[:count], heirs, present.themes)
    groups = put_together(groups, heirs, identity, undivided)
    heirs = without_living_parents(heirs, identity)

    here = groups[:count]
    numbers = np.unique(here[here >= 0])
    telling = _telling(both, groups, numbers, count)
    told = telling.themes
    named = label_themes(telling.texts, telling.vectors, told, telling.languages, encode=encode)
    on_progress("name", 0.8)
    centres = theme_centres(telling.vectors, np.where(told >= 0, np.searchsorted(numbers, told), OTHER))
    labels = [by_language(named[number]) for number in numbers.tolist()]
    glosses = elsewhere(gloss, list(zip(labels, centres, strict=True))) if encode else [{} for _ in labels]
    on_progress("name", 0.9)
    # A message that belongs nowhere by itself joins the group of the message that opened its thread.
    groups = np.where(groups == OTHER, groups[opener], groups)
    grouped = [
        Grouped(
            theme=identity[number],
            fate=heirs[number].fate,
            parents=heirs[number].parents,
            rows=np.flatnonzero(groups[:count] == number),
            old_rows=np.flatnonzero(groups[count:] == number),
            labels=own,
            glosses=meaning,
            centre=centre,
            reach=reach_of(telling.vectors[told == number], centre),
        )
        for number, own, meaning, centre in zip(numbers.tolist(), labels, glosses, centres, strict=True)
    ]
    on_progress("name", 1.0)
    return sorted(grouped, key=lambda one: (-len(one.rows), int(one.rows[0])))


def _together(present: Texts, past: Texts) -> Texts:
    """Return the messages of both, the present ones first; without strata or threads if either has none."""
    return Texts(
        [*present.texts, *past.texts],
        np.vstack([present.vectors, past.vectors]),  # type: ignore[arg-type]
        [*present.languages, *past.languages],
        np.concatenate([present.themes, past.themes]),
        _both(present.strata, past.strata),
        _both(present.threads, past.threads),
    )


def _telling(both: Texts, groups: NDArray[np.int64], numbers: NDArray[np.int64], count: int) -> Texts:
    """Return the messages that name the groups ``numbers``: the ``count`` present ones, which come first.

    Groups with few present messages are named by their past ones as well: a single message of this month may say what
    no other did. ``themes`` are their groups. Nothing is copied if the present messages are enough.
    """
    sizes = np.bincount(groups[:count][groups[:count] >= 0], minlength=int(groups.max(initial=0)) + 1)
    few = numbers[sizes[numbers] < _NAMED_FROM]
    asked = count + np.flatnonzero(np.isin(groups[count:], few))
    if not len(asked):
        return Texts(both.texts[:count], both.vectors[:count], both.languages[:count], groups[:count])
    rows = np.concatenate([np.arange(count), asked])
    return Texts(
        [both.texts[row] for row in rows.tolist()],
        both.vectors[rows],
        [both.languages[row] for row in rows.tolist()],
        groups[rows],
    )


def _both(one: NDArray[np.int64] | None, other: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    return None if one is None or other is None else np.concatenate([one, other])


def _openers(talk: NDArray[np.bool_], both: Texts, count: int) -> NDArray[np.int64]:
    """Return for each message, the ``count`` present ones first, the row of the message that opened its thread."""
    rows = np.arange(len(talk))
    return rows if both.threads is None else openers(talk, both.threads, np.roll(rows, count))


def identities(
    groups: NDArray[np.int64], heirs: Mapping[int, Heir], themes: NDArray[np.int64]
) -> dict[int, int | None]:
    """Return the theme of each group: the one inherited, else the one an earlier run gave to most of its messages.

    None for a new theme. Two groups may get the same theme; ``put_together`` decides between them.
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


def without_living_parents(heirs: Mapping[int, Heir], identity: Mapping[int, int | None]) -> dict[int, Heir]:
    """Return ``heirs`` without merges of a theme that lives on as another group.

    Most past messages of a theme may be in one group, and its present ones, placed by an earlier run, in another.
    """
    living = {theme for theme in identity.values() if theme is not None}
    found = dict(heirs)
    for number, heir in heirs.items():
        if heir.fate is Fate.MERGED:
            parents = tuple(theme for theme in heir.parents if theme not in living)
            found[number] = replace(heir, fate=Fate.MERGED if parents else Fate.MATCHED, parents=parents)
    return found


def put_together(
    groups: NDArray[np.int64],
    heirs: Mapping[int, Heir],
    identity: dict[int, int | None],
    undivided: frozenset[int],
) -> NDArray[np.int64]:
    """Return ``groups`` (n,) with each theme in one group: its heir, else the largest one.

    Other groups of a theme join that one if the theme is in ``undivided``; otherwise they become new themes: None in
    ``identity``, which is modified.
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
    """Divide each group that absorbed a pinned theme: its messages go to the known theme they are nearest to.

    All three arrays are (n, ...) over present and past messages; ``themes`` is negative for messages without a theme.
    Only the pinned themes and the largest one in such a group are separated.
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
