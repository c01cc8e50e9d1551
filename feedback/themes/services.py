"""Group messages into lasting themes, and let people correct them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from config.kit.errors import Refused
from config.kit.text import clean_line
from feedback.analysis.encoder import encode_sentences
from feedback.themes.beside import WORTH_SHARING, cores, second_process, shared
from feedback.themes.centres import OTHER, nearest_theme
from feedback.themes.corpus import NEVER_PLACED, Corpus
from feedback.themes.grouping import Grouped, Progress, Texts, group_periods
from feedback.themes.identity import Fate
from feedback.themes.models import Theme, ThemeEvent, ThemeEventKind, ThemePlace
from feedback.themes.talk import is_small_talk, openers
from users.accounts.models import User

#: A theme that no message raised for this long gets no new messages automatically.
FORGOTTEN_AFTER = timedelta(days=100)
_BATCH = 20_000
#: What a second process does half of, and prepares for while the messages are read.
_SHARED = ("feedback.themes.cluster", "feedback.themes.talk", "feedback.themes.glosses:get_ready")
_LOCK = 0x7E3E5


class BeingGrouped(Refused):
    code = "being_grouped"


class MergeRefused(Refused):
    code = "merge_refused"


@dataclass(frozen=True)
class FoundTheme:
    """A theme in a period: its present rows in the corpus, and its fate."""

    theme: Theme
    fate: Fate
    parents: tuple[int, ...]
    rows: NDArray[np.int64]
    centre: NDArray[np.float32]


@contextmanager
def grouping_alone() -> Iterator[None]:
    """Keep other processes from grouping at the same time. Raises BeingGrouped if one already is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise BeingGrouped(_("Themes are being grouped at this moment; try again in a minute."))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def regroup(
    present: Corpus,
    past: Corpus,
    *,
    at: datetime,
    seed: int = 0,
    on_progress: Progress = lambda step, share: None,
) -> list[FoundTheme]:
    """Group the messages of a period into existing and new themes; return these by size.

    ``past`` are earlier messages; the more there are, the better the themes, as small ones stand out against them.
    Rewrites the places of the present messages, of past messages never placed, and of past messages that belong to a
    part that splits off. Messages placed by a person stay. Grouping the same messages twice gives the same themes.
    Must run within ``grouping_alone``.
    """
    known = Theme.objects.current().in_bulk()
    pinned = frozenset(theme.pk for theme in known.values() if theme.is_pinned)
    by_people = ThemeEvent.objects.filter(kind=ThemeEventKind.MERGED, actor__isnull=False)
    undivided = frozenset(by_people.values_list("other", flat=True)) & known.keys()
    messages = len(present) + len(past)
    with helped(messages):
        grouped = group_periods(
            _texts(present),
            _texts(past),
            pinned=pinned,
            undivided=undivided,
            encode=_encode_in_halves if messages >= WORTH_SHARING else encode_sentences,
            seed=seed,
            on_progress=on_progress,
        )
    on_progress("write", 0.0)
    return _write(grouped, present, past, known, at=at)


def helped(messages: int) -> AbstractContextManager[object]:
    """Keep a second process ready for grouping ``messages`` messages if that is worth it."""
    return second_process(*_SHARED) if messages >= WORTH_SHARING and cores() > 1 else nullcontext()


def _encode_in_halves(phrases: Sequence[str]) -> NDArray[np.float32]:
    """Return the same as ``encode_sentences``, with one half of ``phrases`` encoded in a second process."""
    middle = len(phrases) // 2
    return np.concatenate(shared(encode_sentences, [phrases[:middle], phrases[middle:]]))


def _texts(corpus: Corpus) -> Texts:
    languages = corpus.languages.tolist()
    return Texts(corpus.texts, corpus.vectors, languages, corpus.themes, corpus.strata(), corpus.threads)


@transaction.atomic
def _write(
    grouped: Sequence[Grouped], present: Corpus, past: Corpus, known: dict[int, Theme], *, at: datetime
) -> list[FoundTheme]:
    placed = np.full(len(present), OTHER, np.int64)
    moved: dict[int, int] = {}
    found = []
    for one in grouped:
        theme = _save(one, present, known, at=at)
        placed[one.rows] = theme.pk
        follows = past.themes[one.old_rows] == NEVER_PLACED
        if one.fate is Fate.SPLIT:
            follows[:] = True
        moved.update(dict.fromkeys(past.ids[one.old_rows[follows]].tolist(), theme.pk))
        found.append(theme)
    placed = np.where(present.is_fixed & (present.themes >= 0), present.themes, placed)
    _place(present.ids, placed, at=at)
    if moved:
        _place(np.array([*moved]), np.array([*moved.values()]), at=at)
    return [
        FoundTheme(theme, one.fate, one.parents, rows, one.centre)
        for theme, one in zip(found, grouped, strict=True)
        if len(rows := np.flatnonzero(placed == theme.pk))
    ]


def _save(one: Grouped, present: Corpus, known: dict[int, Theme], *, at: datetime) -> Theme:
    first, last = ends(present.said_at[one.rows])
    theme = known.get(one.theme) if one.theme is not None else None
    if theme is None:
        parent = known.get(one.parents[0]) if one.fate is Fate.SPLIT else None
        theme = Theme.objects.create(
            labels=dict(one.labels),
            main_language=next(iter(one.labels), ""),
            glosses=dict(one.glosses),
            split_from=parent,
            centre=one.centre.tolist(),
            reach=one.reach,
            first_seen_at=first,
            last_seen_at=last,
        )
        kind = ThemeEventKind.SPLIT if parent else ThemeEventKind.FOUND
        ThemeEvent.objects.create(theme=theme, kind=kind, other=parent, at=at)
        return theme
    theme.labels, theme.glosses = dict(one.labels), dict(one.glosses)
    theme.main_language = next(iter(one.labels), "")
    theme.centre, theme.reach = one.centre.tolist(), one.reach
    # When an older month is grouped late, the theme keeps the labels of its newest messages.
    names = ["labels", "main_language", "glosses"] if last >= theme.last_seen_at else []
    theme.first_seen_at, theme.last_seen_at = min(theme.first_seen_at, first), max(theme.last_seen_at, last)
    theme.save(update_fields=[*names, "centre", "reach", "first_seen_at", "last_seen_at"])
    if one.fate is Fate.MERGED:
        for number in one.parents:
            if number in known and not known[number].is_pinned:
                _merge(known[number], theme, at=at, actor=None)
    return theme


def ends(said_at: NDArray[np.float64]) -> tuple[datetime, datetime]:
    """Return the first and the last of the given times, which are seconds since 1970."""
    first, last = (datetime.fromtimestamp(float(seconds), UTC) for seconds in (said_at.min(), said_at.max()))
    return first, last


def _place(ids: NDArray[np.int64], themes: NDArray[np.int64], *, at: datetime) -> None:
    """Put messages into themes (-1: none); messages placed by a person stay."""
    for start in range(0, len(ids), _BATCH):
        batch = slice(start, start + _BATCH)
        chosen = [theme if theme >= 0 else None for theme in themes[batch].tolist()]
        ThemePlace.objects.put(ids[batch].tolist(), chosen, at=at)


def place_near(corpus: Corpus, *, at: datetime) -> NDArray[np.int64]:
    """Put messages that were never placed into the nearest theme of their time; return (n,) the themes of all.

    For messages whose month has not been grouped yet. As in a grouping, small talk has no theme of its own, and a
    message near none goes to the theme of the message that opened its thread.
    """
    themes = corpus.themes.copy()
    open_rows = np.flatnonzero(corpus.themes == NEVER_PLACED)
    if not len(open_rows):
        return themes
    talk = np.array([is_small_talk(text) for text in corpus.texts], bool)
    opener = openers(talk, corpus.threads, np.arange(len(corpus)))
    earliest, latest = ends(corpus.said_at[open_rows])
    near_then = Theme.objects.current().filter(
        last_seen_at__gte=earliest - FORGOTTEN_AFTER, first_seen_at__lte=latest + FORGOTTEN_AFTER
    )
    candidates = list(near_then.order_by("id"))
    centres = np.array([theme.centre for theme in candidates], np.float32)
    reach = np.array([theme.reach for theme in candidates])
    nearest = nearest_theme(corpus.vectors[open_rows], centres, reach)
    ids = np.array([*(theme.pk for theme in candidates), OTHER], np.int64)
    themes[open_rows] = np.where(talk[open_rows], OTHER, ids[nearest])
    themes[open_rows] = np.where(themes[open_rows] == OTHER, themes[opener[open_rows]], themes[open_rows])
    _place(corpus.ids[open_rows], themes[open_rows], at=at)
    return themes


@transaction.atomic
def rename(theme: Theme, *, actor: User, at: datetime, name_en: str = "", name_zh: str = "") -> Theme:
    """Give ``theme`` names that take precedence over its labels; an empty name restores the label."""
    old = {"name_en": theme.name_en, "name_zh": theme.name_zh}
    theme.name_en, theme.name_zh = clean_line(name_en), clean_line(name_zh)
    theme.save(update_fields=["name_en", "name_zh"])
    details = {"old": old, "new": {"name_en": theme.name_en, "name_zh": theme.name_zh}}
    ThemeEvent.objects.create(theme=theme, kind=ThemeEventKind.RENAMED, at=at, actor=actor, details=details)
    return theme


@transaction.atomic
def merge(theme: Theme, *, into: Theme, actor: User, at: datetime) -> Theme:
    """Count ``theme`` as part of ``into``, now and in the past; return ``into``. ``unmerge`` undoes it.

    Raises MergeRefused if both are the same theme, or if one is part of another already.
    """
    if theme.pk == into.pk:
        raise MergeRefused(_("A theme cannot be merged into itself."))
    if into.merged_into_id or theme.merged_into_id:
        raise MergeRefused(_("One of these themes is part of another already."))
    return _merge(theme, into, at=at, actor=actor)


def _merge(theme: Theme, into: Theme, *, at: datetime, actor: User | None) -> Theme:
    carried = list(Theme.objects.filter(merged_into=theme).values_list("pk", flat=True))
    # Always point directly to the theme that counts, so that a place finds it in one step.
    Theme.objects.filter(pk__in=[theme.pk, *carried]).update(merged_into=into)
    theme.merged_into = into
    ThemeEvent.objects.create(
        theme=theme,
        kind=ThemeEventKind.MERGED,
        other=into,
        at=at,
        actor=actor,
        details={"carried": carried},
    )
    return into


@transaction.atomic
def unmerge(theme: Theme, *, actor: User, at: datetime) -> Theme:
    """Undo the last merge of ``theme`` and of the themes merged along with it. Raises MergeRefused if there is none."""
    event = theme.events.filter(kind=ThemeEventKind.MERGED).order_by("-id").first()
    if theme.merged_into_id is None or event is None:
        raise MergeRefused(_("This theme is not part of another."))
    carried = event.details.get("carried", [])
    into = theme.merged_into
    Theme.objects.filter(pk=theme.pk).update(merged_into=None)
    Theme.objects.filter(pk__in=carried).update(merged_into=theme)
    theme.merged_into = None
    ThemeEvent.objects.create(theme=theme, kind=ThemeEventKind.UNMERGED, other=into, at=at, actor=actor)
    return theme


@transaction.atomic
def pin(theme: Theme, *, is_pinned: bool, actor: User, at: datetime) -> Theme:
    """Keep ``theme`` separate and visible however small it gets, or stop doing so."""
    theme.is_pinned = is_pinned
    theme.save(update_fields=["is_pinned"])
    kind = ThemeEventKind.PINNED if is_pinned else ThemeEventKind.UNPINNED
    ThemeEvent.objects.create(theme=theme, kind=kind, at=at, actor=actor)
    return theme


@transaction.atomic
def hide(theme: Theme, *, is_hidden: bool, actor: User, at: datetime) -> Theme:
    """Count ``theme`` without showing it, or show it again."""
    theme.is_hidden = is_hidden
    theme.save(update_fields=["is_hidden"])
    kind = ThemeEventKind.HIDDEN if is_hidden else ThemeEventKind.SHOWN
    ThemeEvent.objects.create(theme=theme, kind=kind, at=at, actor=actor)
    return theme
