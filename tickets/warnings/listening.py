"""Read the last day and the weeks before it for the watch."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import F, Min, QuerySet
from django.db.models.functions import Mod

from feedback.analysis.models import DIMENSIONS
from feedback.intake.models import Message, Topic
from feedback.themes.corpus import Corpus, read_corpus, said_between
from feedback.themes.models import Theme, ThemeEvent, ThemeEventKind
from feedback.themes.services import FORGOTTEN_AFTER
from tickets.warnings.causes import Heard, Past, Themes, past_of
from tickets.warnings.surge import DAYS_LEARNED

_DAY = timedelta(days=1)
#: This many messages represent the weeks before well enough; of more, a fixed sample is read.
MOST_OF_THE_PAST = 20_000


def last_day(at: datetime, origin: str) -> Corpus:
    """Return the messages of the day before ``at`` that are analysed already, without praise. One query."""
    return read_corpus(_without_praise(said_between(at - _DAY, at, [origin])))


def weeks_before(at: datetime, origin: str) -> Past:
    """Return the DAYS_LEARNED days up to a day before ``at``. Three queries, half a second for 20,000 messages."""
    until = at - _DAY
    said = said_between(until - DAYS_LEARNED * _DAY, until, [origin])
    every = -(-said.count() // MOST_OF_THE_PAST) or 1
    kept = said if every == 1 else said.annotate(part=Mod(F("id"), every)).filter(part=0)
    first = said_between(datetime.min.replace(tzinfo=at.tzinfo), until, [origin]).aggregate(
        first=Min("received_at")
    )["first"]
    offset = at.astimezone(ZoneInfo(settings.SUMMARY_TIME_ZONE)).utcoffset() or timedelta()
    return past_of(
        heard_of(read_corpus(_without_praise(kept))),
        until=until.timestamp(),
        since=(first or until).timestamp(),
        sampled=1 / every,
        offset=offset.total_seconds(),
    )


def known_themes(at: datetime) -> Themes:
    """Return the themes that were known at ``at`` and not forgotten by then. One query."""
    found = ThemeEvent.objects.filter(kind__in=[ThemeEventKind.FOUND, ThemeEventKind.SPLIT], at__lte=at)
    themes = list(
        Theme.objects.current()
        .filter(pk__in=found.values("theme"), last_seen_at__gte=at - FORGOTTEN_AFTER)
        .order_by("id")
    )
    return Themes(
        ids=np.array([theme.pk for theme in themes], np.int64),
        centres=np.array([theme.centre for theme in themes], np.float32).reshape(-1, DIMENSIONS),
        reach=np.array([theme.reach for theme in themes], np.float64),
    )


def heard_of(corpus: Corpus) -> Heard:
    """Return the columns of ``corpus`` that the watch uses."""
    vectors = corpus.vectors.astype(np.float32)
    return Heard(corpus.ids, vectors, corpus.said_at, corpus.people, corpus.topics)


def _without_praise(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.exclude(assessment__topic=Topic.PRAISE)
