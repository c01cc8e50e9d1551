"""Turn the messages of a period into the numbers of its summary. No database: columns in, dataclasses out."""

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

#: Breakdowns of every pain point: name in ``figures``, column of the corpus.
DIMENSIONS = {
    "channel": "channels",
    "version": "versions",
    "platform": "platforms",
    "language": "languages",
    "segment": "segments",
}
#: Under so many people a number is shown in grey.
FEW_PEOPLE = 10
#: A theme is what people like when that is the topic of so many of its messages, and its sentiment at least this.
PRAISE_SHARE, PRAISE_SENTIMENT = 0.5, 0.2
#: From here on it is so whatever the topic ("loads fast" is about performance), save where most ask for something.
PLEASED_SENTIMENT = 0.6
_QUOTES = 3
_QUOTES_IN_OTHER_LANGUAGE = 2
_LONGEST_QUOTE = 280
# Of a large theme only so many messages are looked at for quotes.
_CENTRAL = 1_000
_HEARD_SHARE = 0.1
# A new theme may have had stray forerunners: up to this part of what it has now.
_FORERUNNERS = 0.2
# A version is taken for released when so many people wrote from it.
_RELEASED_TO = 3
#: What is counted of a theme in a period in which nobody spoke of it.
NOTHING = Counted(0, 0, 0.0, 0.0)


@dataclass(frozen=True)
class Quoted:
    row: int
    language: str
    text: str


@dataclass(frozen=True)
class Measured:
    """One theme's numbers in the period, against the past."""

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
    """Count each theme and compare it with the ``past`` periods (oldest first), in the order of ``themes``.

    Shares of people are compared, not counts: a month in which twice as many wrote makes nothing worse.
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
    """Compare the ``people`` of each theme with those of the periods ``before`` in which anybody wrote."""
    usable = [place for place, writers in enumerate(exposure) if writers]
    counts = np.array(before, np.int64).reshape(len(people), len(exposure))
    return compare(
        people,
        counts[:, usable],
        exposure=float(max(total, 1)),
        past_exposure=[float(exposure[place]) for place in usable],
    )


def _is_praise(part: Corpus) -> bool:
    """Whether the messages of ``part`` are mostly praise, and kindly meant."""
    sentiment = float(part.sentiment.mean())
    if sentiment >= PLEASED_SENTIMENT:
        return float((part.topics == "suggestion").mean()) < PRAISE_SHARE
    return sentiment >= PRAISE_SENTIMENT and float((part.topics == "praise").mean()) >= PRAISE_SHARE


def _past_shares(people: Sequence[int], writers: Sequence[int]) -> list[dict[str, object]]:
    """Return the people of a theme in each past period and their share of all who wrote then, None where nobody did."""
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
    """Return the known values that are commoner among a theme's ``own`` people than ``overall``."""
    found = over_represented(
        {value: people for value, people in own.items() if value},
        {value: people for value, people in overall.items() if value},
    )
    return [{"value": one.value, "people": one.count, "ratio": one.ratio, "low": one.low} for one in found]


def severity_of_all(corpus: Corpus) -> float:
    """Return the mean severity of the messages, ``MILDEST`` .. 1; 0 of none."""
    return float(severity_of(corpus.sentiment, corpus.urgency, corpus.topics).mean()) if len(corpus) else 0.0


def _split(
    last: Counted | None, past_totals: Sequence[Counted], total: int, people: int, severity: float
) -> Split | None:
    if last is None:
        return None
    before = Weight(past_totals[-1].people, last.people, last.severity)
    return split_change(before, Weight(total, people, severity))


def verdict_of(fate: Fate, change: Change, people: int) -> Verdict:
    """Say in one word what became of a theme: only what is hardly chance is called worse or better."""
    if math.isnan(change.ratio):
        return Verdict.FIRST
    if fate is Fate.NEW and change.expected <= _FORERUNNERS * people:
        return Verdict.NEW
    if not change.is_significant:
        return Verdict.SAME
    return Verdict.WORSE if change.ratio > 1 else Verdict.BETTER


@dataclass(frozen=True)
class Breakdown:
    """A column of the corpus as numbers, so that each theme is counted by it without comparing words.

    ``values`` are the k different ones, "" where it is unknown; ``number`` (n,) is each message's, ``person`` (n,) who
    said it, from 0.
    """

    values: NDArray[np.str_]
    number: NDArray[np.int64]
    person: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: Corpus, column: str) -> Breakdown:
        values, number = np.unique(getattr(corpus, column), return_inverse=True)
        return cls(values, number, np.unique(corpus.people, return_inverse=True)[1])

    def people(self, rows: NDArray[np.int64] | slice = slice(None)) -> dict[str, int]:
        """Count the distinct people of ``rows`` by value, most first."""
        pairs = np.unique(self.person[rows] * len(self.values) + self.number[rows])
        counts = np.bincount(pairs % max(len(self.values), 1), minlength=len(self.values))
        found = {str(self.values[place]): int(counts[place]) for place in np.flatnonzero(counts)}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def day_starts(period: Period) -> list[datetime]:
    """Return the local midnight that each day of the period begins with."""
    zone = ZoneInfo(period.time_zone)
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [datetime.combine(day, time.min, zone) for day in days]


def days_of(corpus: Corpus, period: Period) -> NDArray[np.int64]:
    """Return (n,): on which local day of the period each message was said, from 0; what came late on the first."""
    starts = [start.timestamp() for start in day_starts(period)]
    return np.maximum(np.searchsorted(starts, corpus.said_at, side="right") - 1, 0)


def count_days(corpus: Corpus, period: Period) -> list[int]:
    """Count the messages of each local day of the period; what came late counts on the first day."""
    counts = np.bincount(days_of(corpus, period), minlength=len(day_starts(period)))
    return [int(count) for count in counts]


def quotes_of(corpus: Corpus, rows: NDArray[np.int64]) -> list[Quoted]:
    """Choose typical quotes of a theme, first in the language most used, then in the other of zh and en.

    The other language must hold a tenth of the messages: what little of it strayed here shows something else. What only
    the crisis role may read is never quoted; personal data is taken out.
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
    """Return the ``rows`` nearest to their middle, in their order: so many that a good quote is among them."""
    if len(rows) <= _CENTRAL:
        return rows
    own = vectors[rows].astype(np.float32)
    nearest = np.argsort(-(own @ own.mean(axis=0)), kind="stable")[:_CENTRAL]
    return rows[np.sort(nearest)]


def map_of(centres: Sequence[NDArray[np.float32]]) -> list[tuple[float, float]]:
    """Place themes on a plane, each coordinate -1..1, so that alike ones are near each other (principal axes)."""
    if len(centres) < 3:
        return [(0.0, 0.0), (0.6, 0.0)][: len(centres)]
    points = np.array(centres, np.float64)
    points -= points.mean(axis=0)
    left, size, _right = np.linalg.svd(points, full_matrices=False)
    plane = left[:, :2] * size[:2]
    # The sign of an axis is arbitrary: fixed, so that the same themes make the same map.
    plane *= np.where(plane[np.abs(plane).argmax(axis=0), [0, 1]] < 0, -1, 1)
    plane /= np.maximum(np.abs(plane).max(axis=0), 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in plane]


def releases_of(corpus: Corpus, recent: Corpus, *, period: Period) -> list[dict[str, object]]:
    """Return the versions that nobody wrote from in the half year before: ``{version, day}``, day 0 the first.

    Nobody tells us of releases; from its first day on people write from it. At least three of them: a typing error is
    no release.
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
    """Return what concerns the whole period: days, sentiment per day, breakdowns, past periods."""
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
