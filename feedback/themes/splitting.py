"""Divide a theme into finer ones by what its messages say: on request, by a worker of the text lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from config.kit.outbox.lanes import Lane
from config.kit.outbox.leases import kept_lease
from config.kit.outbox.registry import Handler, NotNow
from config.kit.outbox.services import owe
from feedback.analysis.encoder import encode_sentences
from feedback.intake.models import Message
from feedback.themes.centres import OTHER, reach_of, theme_centres
from feedback.themes.cluster import cluster
from feedback.themes.corpus import Corpus, read_corpus
from feedback.themes.glosses import gloss
from feedback.themes.labels import by_language
from feedback.themes.models import (
    SplitOutcome,
    Theme,
    ThemeEvent,
    ThemeEventKind,
    ThemePlace,
    ThemeSplit,
)
from feedback.themes.naming import label_themes
from feedback.themes.services import BeingGrouped, ends, grouping_alone
from users.accounts.models import User

THEME_SPLIT = "theme.split"
#: More would take a worker of the text lane more than a few minutes and two gigabytes.
MOST_MESSAGES = 100_000


@dataclass(frozen=True)
class Part:
    """Some messages of a theme, with the labels of a theme of their own."""

    message_ids: NDArray[np.int64]
    centre: NDArray[np.float32]
    reach: float
    labels: dict[str, str]
    glosses: dict[str, str]
    first_seen_at: datetime
    last_seen_at: datetime


@transaction.atomic
def ask_to_split(theme: Theme, *, actor: User, at: datetime) -> ThemeSplit:
    """Request the division of ``theme`` through the outbox; return the request, the open one if there is one."""
    asked, is_new = ThemeSplit.objects.get_or_create(
        theme=theme, finished_at=None, defaults={"asked_by": actor, "asked_at": at}
    )
    if is_new:
        owe(THEME_SPLIT, asked.pk, at=at)
    return asked


def find_parts(split_id: int, _at: datetime) -> list[Part] | SplitOutcome:
    """Return the parts of the theme, the largest first, or why there are none.

    Raises NotNow while themes are being grouped.
    """
    own = Message.objects.filter(theme_place__theme__splits=split_id)
    if own[: MOST_MESSAGES + 1].count() > MOST_MESSAGES:
        return SplitOutcome.TOO_MANY
    try:
        with kept_lease(THEME_SPLIT, split_id), grouping_alone():
            return parts_of(read_corpus(own))
    except BeingGrouped as busy:
        raise NotNow(busy.code) from busy


def parts_of(corpus: Corpus, *, seed: int = 0) -> list[Part] | SplitOutcome:
    """Return the parts that ``corpus`` divides into, the largest first, or ONE_THING if it does not divide."""
    if not len(corpus):
        return SplitOutcome.ONE_THING
    groups = cluster(corpus.texts, corpus.vectors, languages=corpus.languages.tolist(), seed=seed)
    groups[groups == OTHER] = 0
    if len(np.unique(groups)) < 2:
        return SplitOutcome.ONE_THING
    named = label_themes(
        corpus.texts, corpus.vectors, groups, corpus.languages.tolist(), encode=encode_sentences
    )
    centres = theme_centres(corpus.vectors, groups)
    labels = [by_language(named[number]) for number in range(len(centres))]
    parts = []
    for number, glosses in enumerate(gloss(list(zip(labels, centres, strict=True)))):
        rows = np.flatnonzero(groups == number)
        reach = reach_of(corpus.vectors[rows], centres[number])
        when = ends(corpus.said_at[rows])
        parts.append(Part(corpus.ids[rows], centres[number], reach, labels[number], glosses, *when))
    return parts


def write_parts(split_id: int, found: list[Part] | SplitOutcome, at: datetime) -> None:
    """Leave the largest part to the theme, make new themes of the others, and record the outcome.

    All are pinned, so that the next clustering does not join them again.
    """
    asked = ThemeSplit.objects.select_related("theme", "asked_by").get(pk=split_id)
    outcome = found if isinstance(found, SplitOutcome) else SplitOutcome.DIVIDED
    if isinstance(found, list):
        for number, part in enumerate(found):
            _write_part(part, asked, is_first=number == 0, at=at)
    ThemeSplit.objects.filter(pk=split_id).update(finished_at=at, outcome=outcome)


def _write_part(part: Part, asked: ThemeSplit, *, is_first: bool, at: datetime) -> None:
    theme = asked.theme if is_first else Theme(split_from=asked.theme)
    if not is_first:
        theme.first_seen_at, theme.last_seen_at = part.first_seen_at, part.last_seen_at
    theme.labels, theme.glosses, theme.is_pinned = part.labels, part.glosses, True
    theme.main_language = next(iter(part.labels), "")
    theme.centre, theme.reach = part.centre.tolist(), part.reach
    theme.save()
    if is_first:
        return
    # Messages moved elsewhere in the meantime stay there.
    still_here = ThemePlace.objects.filter(theme=asked.theme, message__in=part.message_ids.tolist())
    ids = list(still_here.values_list("message", flat=True))
    ThemePlace.objects.put(ids, [theme.pk] * len(ids), at=at)
    ThemeEvent.objects.create(
        theme=theme, kind=ThemeEventKind.SPLIT, other=asked.theme, at=at, actor=asked.asked_by
    )


THEME_SPLIT_HANDLER = Handler(kind=THEME_SPLIT, lane=Lane.TEXT, work=find_parts, effect=write_parts)
