"""Compute the numbers of a summary from the messages of its period. No database: columns in, dataclasses out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from config.kit.text import shortened
from feedback.analysis.sentiment import NEUTRAL
from feedback.themes.corpus import Corpus
from feedback.themes.figures import Counted
from feedback.themes.identity import Fate
from feedback.themes.quotes import choose_quotes
from feedback.themes.rank import Score, score, severity_of
from feedback.themes.repeated import repeated
from feedback.themes.scrub import scrub
from feedback.themes.services import FoundTheme
from feedback.themes.trend import Change, Split, Weight, compare, over_represented, split_change, wilson
from tickets.summaries.models import Verdict
from tickets.summaries.periods import Period

#: Breakdowns of every pain point: name in ``figures`` to column of the corpus.
DIMENSIONS = {
    "channel": "channels",
    "version": "versions",
    "platform": "platforms",
    "language": "languages",
    "segment": "segments",
}
#: A number of fewer people than this is greyed.
FEW_PEOPLE = 10
#: A theme is praise when at least this share of its messages has that topic and its mean sentiment is at least this.
PRAISE_SHARE, PRAISE_SENTIMENT = 0.5, 0.2
#: From this sentiment on it is praise whatever the topic ("loads fast" is about performance), unless most of the
#: messages are suggestions.
PLEASED_SENTIMENT = 0.6
_QUOTES = 3
_QUOTES_IN_OTHER_LANGUAGE = 2
_LONGEST_QUOTE = 280
# At most this many messages of a theme are considered for quotes.
_CENTRAL = 1_000
_HEARD_SHARE = 0.1
# A new theme may have had a few forerunners: up to this share of its current people.
_FORERUNNERS = 0.2
# A version counts as released once this many people wrote from it.
_RELEASED_TO = 3
#: The count of a theme in a period in which nobody raised it.
NOTHING = Counted(0, 0, 0.0, 0.0)


@dataclass(frozen=True)
class Quoted:
    row: int
    language: str
    text: str


@dataclass(frozen=True)
class Measured:
    """The numbers of one theme in the period, compared with the past."""

    found: FoundTheme
    people: int
    urgent: int
    interval: tuple[float, float]
    change: Change
    last: Counted | None
    split: Split | None
    sentiment: float
    severity: float
    score: Score
    verdict: str
    is_praise: bool
    figures: dict[str, object]
    quotes: tuple[Quoted, ...]
    place: tuple[float, float]

    @property
    def messages(self) -> int:
        return len(self.found.rows)


def measure(
    corpus: Corpus,
    themes: Sequence[FoundTheme],
    *,
    period: Period,
    past: Sequence[Mapping[int | None, Counted]],
    past_totals: Sequence[Counted],
) -> list[Measured]:
    """Count each theme and compare it with the ``past`` periods (oldest first); in the order of ``themes``.

    Compares shares of people, not counts: twice as many writers in a month do not make a theme worse.
    """
    breakdowns = {name: Breakdown.of(corpus, column) for name, column in DIMENSIONS.items()}
    overall = {name: breakdown.people() for name, breakdown in breakdowns.items()}
    total = len(np.unique(corpus.people))
    people = [len(np.unique(corpus.people[one.rows])) for one in themes]
    before = [[counted.get(one.theme.pk, NOTHING).people for counted in past] for one in themes]
    exposure = [counted.people for counted in past_totals]
    changes = _changes(people, before, total=total, exposure=exposure)
    places = map_of([one.centre for one in themes])
    measured = []
    for one, count, earlier, change, place in zip(themes, people, before, changes, places, strict=True):
        part = corpus.take(one.rows)
        severity = severity_of_all(part)
        last = past[-1].get(one.theme.pk, NOTHING) if past and past_totals[-1].people else None
        by = {name: breakdown.people(one.rows) for name, breakdown in breakdowns.items()}
        measured.append(
            Measured(
                found=one,
                people=count,
                urgent=int(part.is_urgent.sum()),
                interval=wilson(count, total),
                change=change,
                last=last,
                split=_split(last, past_totals, total, count, severity),
                sentiment=float(part.sentiment.mean()),
                severity=severity,
                score=score(
                    people=count,
                    of=total,
                    severity=severity,
                    ratio=change.ratio,
                    is_significant=change.is_significant,
                ),
                verdict=verdict_of(one.fate, change, count),
                is_praise=_is_praise(part),
                figures={
                    "days": count_days(part, period),
                    "repeated": int(repeated(part.texts, part.vectors).sum()),
                    "moods": _moods(part),
                    "past": _past_shares(earlier, exposure),
                    "by": by,
                    "stands_out": {name: _stand_out(by[name], overall[name]) for name in DIMENSIONS},
                },
                quotes=tuple(quotes_of(corpus, one.rows)),
                place=place,
            )
        )
    return measured


def _changes(
    people: Sequence[int], before: Sequence[Sequence[int]], *, total: int, exposure: Sequence[int]
) -> list[Change]:
    """Compare the ``people`` of each theme with those of the periods ``before``, skipping periods without writers."""
    usable = [place for place, writers in enumerate(exposure) if writers]
    counts = np.array(before, np.int64).reshape(len(people), len(exposure))
    return compare(
        people,
        counts[:, usable],
        exposure=float(max(total, 1)),
        past_exposure=[float(exposure[place]) for place in usable],
    )


def _is_praise(part: Corpus) -> bool:
    """Return whether the messages of ``part`` are mostly praise, or friendly without mostly suggesting something."""
    sentiment = float(part.sentiment.mean())
    if sentiment >= PLEASED_SENTIMENT:
        return float((part.topics == "suggestion").mean()) < PRAISE_SHARE
    return sentiment >= PRAISE_SENTIMENT and float((part.topics == "praise").mean()) >= PRAISE_SHARE


def _past_shares(people: Sequence[int], writers: Sequence[int]) -> list[dict[str, object]]:
    """Return a theme's people and their share of all writers in each past period; the share is None without writers."""
    return [
        {"people": count, "share": count / total if total else None}
        for count, total in zip(people, writers, strict=True)
    ]


def _moods(part: Corpus) -> dict[str, int]:
    return {
        "good": int((part.sentiment > NEUTRAL).sum()),
        "bad": int((part.sentiment < -NEUTRAL).sum()),
    }


def _stand_out(own: Mapping[str, int], overall: Mapping[str, int]) -> list[dict[str, object]]:
    """Return the known values that are more common among a theme's ``own`` people than ``overall``."""
    found = over_represented(
        {value: people for value, people in own.items() if value},
        {value: people for value, people in overall.items() if value},
    )
    return [{"value": one.value, "people": one.count, "ratio": one.ratio, "low": one.low} for one in found]


def severity_of_all(corpus: Corpus) -> float:
    """Return the mean severity of the messages, ``MILDEST`` .. 1; 0 when there are none."""
    return float(severity_of(corpus.sentiment, corpus.urgency, corpus.topics).mean()) if len(corpus) else 0.0


def _split(
    last: Counted | None, past_totals: Sequence[Counted], total: int, people: int, severity: float
) -> Split | None:
    if last is None:
        return None
    before = Weight(past_totals[-1].people, last.people, last.severity)
    return split_change(before, Weight(total, people, severity))


def verdict_of(fate: Fate, change: Change, people: int) -> Verdict:
    """Return how a theme changed; worse and better require a significant change."""
    if math.isnan(change.ratio):
        return Verdict.FIRST
    if fate is Fate.NEW and change.expected <= _FORERUNNERS * people:
        return Verdict.NEW
    if not change.is_significant:
        return Verdict.SAME
    return Verdict.WORSE if change.ratio > 1 else Verdict.BETTER


@dataclass(frozen=True)
class Breakdown:
    """A column of the corpus encoded as integers, so that counting a theme by it compares no strings.

    ``values`` are the k distinct values, "" for unknown; ``number`` (n,) is each message's index into them and
    ``person`` (n,) the number of its author, from 0.
    """

    values: NDArray[np.str_]
    number: NDArray[np.int64]
    person: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: Corpus, column: str) -> Breakdown:
        values, number = np.unique(getattr(corpus, column), return_inverse=True)
        return cls(values, number, np.unique(corpus.people, return_inverse=True)[1])

    def people(self, rows: NDArray[np.int64] | slice = slice(None)) -> dict[str, int]:
        """Count the distinct people of ``rows`` by value, largest count first."""
        pairs = np.unique(self.person[rows] * len(self.values) + self.number[rows])
        counts = np.bincount(pairs % max(len(self.values), 1), minlength=len(self.values))
        found = {str(self.values[place]): int(counts[place]) for place in np.flatnonzero(counts)}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def day_starts(period: Period) -> list[datetime]:
    """Return the local midnight at which each day of the period begins."""
    zone = ZoneInfo(period.time_zone)
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [datetime.combine(day, time.min, zone) for day in days]


def days_of(corpus: Corpus, period: Period) -> NDArray[np.int64]:
    """Return (n,): the local day of the period, from 0, of each message; late messages count on the first day."""
    starts = [start.timestamp() for start in day_starts(period)]
    return np.maximum(np.searchsorted(starts, corpus.said_at, side="right") - 1, 0)


def count_days(corpus: Corpus, period: Period) -> list[int]:
    """Count the messages of each local day of the period; late messages count on the first day."""
    counts = np.bincount(days_of(corpus, period), minlength=len(day_starts(period)))
    return [int(count) for count in counts]


def quotes_of(corpus: Corpus, rows: NDArray[np.int64]) -> list[Quoted]:
    """Choose typical quotes of a theme, first in its most used language, then in the other of zh and en.

    The other language must account for a tenth of the messages: fewer are usually strays about something else.
    Messages that only the crisis role may read are never quoted; personal data is removed.
    """
    open_rows = rows[~corpus.is_sensitive[rows]]
    codes = np.array([language.partition("-")[0] for language in corpus.languages[open_rows]], str)
    spoken, counts = np.unique(codes, return_counts=True)
    order = [str(spoken[place]) for place in np.argsort(-counts, kind="stable")]
    heard = {str(code) for code in spoken[counts >= _HEARD_SHARE * len(open_rows)]}
    chosen = []
    for place, language in enumerate(order):
        if place and language not in heard & {"zh", "en"}:
            continue
        own = central(corpus.vectors, open_rows[codes == language])
        picked = choose_quotes(
            [corpus.texts[row] for row in own],
            corpus.vectors[own].astype(np.float32),
            count=_QUOTES if not place else _QUOTES_IN_OTHER_LANGUAGE,
            people=corpus.people[own].tolist(),
        )
        chosen += [
            Quoted(int(own[row]), language, shortened(scrub(corpus.texts[own[row]]), _LONGEST_QUOTE))
            for row in picked
        ]
    return chosen


def central(vectors: NDArray[np.float16], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the ``rows`` nearest to their centre, at most ``_CENTRAL``, in their order: enough for a good quote."""
    if len(rows) <= _CENTRAL:
        return rows
    own = vectors[rows].astype(np.float32)
    nearest = np.argsort(-(own @ own.mean(axis=0)), kind="stable")[:_CENTRAL]
    return rows[np.sort(nearest)]


def map_of(centres: Sequence[NDArray[np.float32]]) -> list[tuple[float, float]]:
    """Place themes on a plane, each coordinate -1..1, so that similar ones are near each other (principal axes)."""
    if len(centres) < 3:
        return [(0.0, 0.0), (0.6, 0.0)][: len(centres)]
    points = np.array(centres, np.float64)
    points -= points.mean(axis=0)
    left, size, _right = np.linalg.svd(points, full_matrices=False)
    plane = left[:, :2] * size[:2]
    # The sign of an axis is arbitrary: fix it, so that the same themes give the same map.
    plane *= np.where(plane[np.abs(plane).argmax(axis=0), [0, 1]] < 0, -1, 1)
    plane /= np.maximum(np.abs(plane).max(axis=0), 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in plane]


def releases_of(corpus: Corpus, recent: Corpus, *, period: Period) -> list[dict[str, object]]:
    """Return the versions first written from in this period, as ``{version, day}``; day 0 is the first of the period.

    Releases are not announced to us, but people write from a version from its first day on. New means absent from
    ``recent``, the half year before; at least three people must use it, since one may have mistyped it.
    """
    if not len(recent):
        return []
    zone = ZoneInfo(period.time_zone)
    first = period.start.astimezone(zone).date()
    found: list[dict[str, object]] = []
    for version in sorted(set(corpus.versions.tolist()) - set(recent.versions.tolist()) - {""}):
        rows = corpus.versions == version
        if len(np.unique(corpus.people[rows])) < _RELEASED_TO:
            continue
        day = datetime.fromtimestamp(float(corpus.said_at[rows].min()), tz=zone).date()
        found.append({"version": version, "day": max(0, (day - first).days)})
    return sorted(found, key=lambda release: str(release["day"]).zfill(4))


def overview_of(
    corpus: Corpus, *, period: Period, past: Sequence[Period], past_totals: Sequence[Counted]
) -> dict[str, object]:
    """Return the figures of the whole period: days, sentiment per day, breakdowns, past periods."""
    zone = ZoneInfo(period.time_zone)
    starts = day_starts(period)
    counts = count_days(corpus, period)
    moods = np.bincount(days_of(corpus, period), corpus.sentiment, minlength=len(starts)).tolist()
    return {
        "first_day": starts[0].date().isoformat(),
        "days": counts,
        "day_sentiment": [
            round(mood / count, 3) if count else None for mood, count in zip(moods, counts, strict=True)
        ],
        "by": {name: Breakdown.of(corpus, column).people() for name, column in DIMENSIONS.items()},
        "past": [
            {
                "start": one.start.astimezone(zone).date().isoformat(),
                "messages": counted.messages,
                "people": counted.people,
                "sentiment": round(counted.sentiment, 3),
            }
            for one, counted in zip(past, past_totals, strict=True)
        ],
    }
