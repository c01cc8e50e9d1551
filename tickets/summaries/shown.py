"""What the pages of a summary show: its numbers with words and plots around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from config.kit.languages import LANGUAGE_NAMES
from feedback.intake.models import ChannelKind
from feedback.themes.models import theme_name
from tickets.summaries.counting import FEW_PEOPLE
from tickets.summaries.drawing import MOST_LINES, Bar, Circle, Line, Tick, bars, circles, line, ticks
from tickets.summaries.exports import own_language_first, points_of, quotes_of, remarks_of
from tickets.summaries.models import FollowUp, PainPoint, Quote, Summary, Verdict
from tickets.summaries.together import Together, folded_in, together_in
from tickets.summaries.urgent import category_name, waited
from tickets.summaries.writing import share as share_text
from tickets.summaries.writing import times as factor
from users.profiles.models import Segment

SHOWN_FIRST = 10
#: Names of the breakdowns, of ``counting.DIMENSIONS``.
DIMENSION_NAMES = {
    "channel": gettext_lazy("Channel"),
    "version": gettext_lazy("Version"),
    "platform": gettext_lazy("Platform"),
    "language": gettext_lazy("Language"),
    "segment": gettext_lazy("Segment"),
}
#: ``rank.FORMULA`` and what its factors are, in the words of the page.
FORMULA = gettext_lazy("Score = reach × severity × trend × 100")
REACH = gettext_lazy(
    "Reach: the share of all people who wrote, the lower end of its 95 % interval, so that few people do not jump up"
)
SEVERITY = gettext_lazy(
    "Severity: 0.1 to 1, the mean over the messages of the greatest of urgency, bad mood and, where something does "
    "not work, 0.4"
)
TREND = gettext_lazy(
    "Trend: the root of the change against the past, ½ to 2; 1 while the change could be chance"
)
WORSE_AND_BETTER = gettext_lazy(
    "Worse and better: the share of people against the mean of all these periods, counted as bursty (negative "
    "binomial), corrected for the number of themes; what could be chance is called “as before”. Greyed: fewer than "
    "ten people"
)
WHO_WRITES = gettext_lazy("Who writes is not who uses: each channel draws its own kind of people")
# A theme's value of a breakdown that is this much more frequent than elsewhere is told on the first page.
_TOLD_FROM = 1.5
_TOLD = 3
# The plot begins with the first period in which so many wrote, measured by this one.
_DRAWN_FROM = 0.1
_PLOT_WIDTH, _PLOT_HEIGHT = 640, 180
_TREND_WIDTH = 400
_MAP_WIDTH, _MAP_HEIGHT = 860, 400
_LABEL_TOP, _LABEL_LINE, _LABEL_GAP, _LABEL_CHARACTER = 6, 13, 8, 7


@dataclass(frozen=True)
class StandsOut:
    dimension: str
    value: str
    ratio: float
    people: int


@dataclass(frozen=True)
class Card:
    """One pain point as the first page shows it. ``low``, ``high`` and ``middle`` are per cent of the widest interval.

    The numbers are those of the theme; where other themes broke out with it (``told_as``: all of them, itself first)
    those of all together, each person counted once. ``past`` are the shares before, oldest first.
    """

    point: PainPoint
    name: str
    people: int
    share: float
    share_low: float
    share_high: float
    urgent: int
    severity: float
    score: float
    past: list[float | None]
    quotes: list[Quote]
    follow_up: FollowUp | None
    stands_out: list[StandsOut]
    remarks: list[str]
    spark: Line
    low: float
    high: float
    middle: float
    told_as: list[Card]
    broke_out_on: date | None

    @property
    def is_few(self) -> bool:
        return self.people < FEW_PEOPLE

    @property
    def change(self) -> str:
        """The change as a factor: ``×2.1``; empty without a past."""
        return "" if self.point.ratio is None else factor(self.point.ratio)


@dataclass(frozen=True)
class Series:
    name: str
    line: Line
    number: int
    label_y: float


@dataclass(frozen=True)
class Trend:
    """Shares of the largest themes over the past periods and this one."""

    series: list[Series]
    ticks: list[Tick]
    labels: list[tuple[float, str]]


@dataclass(frozen=True)
class Release:
    """A line where a version came out, and the height of its label."""

    x: float
    version: str
    label_y: int


@dataclass(frozen=True)
class Days:
    """Messages per day as bars, the mood as a line of -1..1 above a zero in the middle."""

    bars: list[tuple[Bar, str]]
    mood: Line
    ticks: list[Tick]
    labels: list[tuple[float, str]]
    releases: list[Release]


@dataclass(frozen=True)
class Bubble:
    circle: Circle
    card: Card


@dataclass(frozen=True)
class Gone:
    """A theme that nobody raised any more; ``people`` did in the period before."""

    name: str
    people: int


@dataclass(frozen=True)
class Crisis:
    """What was urgent about one thing on one day; ``tickets`` are (public id, number)."""

    day: date
    name: str
    people: int
    reports: int
    waited: str
    tickets: list[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """Everything on the first page of a summary."""

    cards: list[Card]
    new: list[Card]
    worse: list[Card]
    better: list[Card]
    gone: list[Gone]
    crises: list[Crisis]
    liked: list[Card]
    trend: Trend | None
    days: Days
    bubbles: list[Bubble]
    channels: list[tuple[str, int, float]]
    last: dict[str, Any] | None
    measured_against: str

    @property
    def first(self) -> list[Card]:
        return self.cards[:SHOWN_FIRST]

    @property
    def others(self) -> list[Card]:
        return self.cards[SHOWN_FIRST:]


def page_of(summary: Summary, *, language: str) -> Page:
    """Return the first page of ``summary`` for a reader of ``language``. Three queries, however many themes."""
    points = points_of(summary)
    quotes = quotes_of(summary)
    follow_ups = {
        found.theme_id: found
        for found in FollowUp.objects.filter(theme__in=[point.theme_id for point in points]).select_related(
            "owner"
        )
    }
    outbreaks = together_in(summary)
    highest = [one.high for one in outbreaks.values()] + [point.share_high for point in points]
    widest = max(highest, default=0) or 1
    cards = {
        point.rank: card_of(
            point, quotes.get(point.pk, []), follow_ups.get(point.theme_id), widest=widest, language=language
        )
        for point in points
    }
    pains = unfolded(cards, summary, widest=widest)
    overview = summary.overview
    past = overview.get("past", [])
    return Page(
        cards=pains,
        new=[card for card in pains if card.point.verdict == Verdict.NEW],
        worse=[card for card in pains if card.point.verdict == Verdict.WORSE],
        better=[card for card in pains if card.point.verdict == Verdict.BETTER],
        gone=[_gone_of(one, language) for one in overview.get("gone", [])],
        crises=crises_of(summary),
        liked=[card for card in cards.values() if card.point.is_praise],
        trend=trend_of(pains[:MOST_LINES], past, summary),
        days=days_of(overview, date.fromisoformat(overview["first_day"])),
        bubbles=bubbles_of(sorted(cards.values(), key=lambda card: -card.point.people_count)),
        channels=_shares(overview["by"]["channel"], "channel"),
        last=past[-1] if past and past[-1]["people"] else None,
        measured_against=measured_against(summary),
    )


def measured_against(summary: Summary) -> str:
    """Return the periods that worse and better are measured against: ``2026-05 – 2026-09``; "" without a past."""
    starts = [before["start"] for before in summary.overview.get("past", []) if before["people"]]
    names = [_start_name(start, summary) for start in starts]
    return " – ".join(dict.fromkeys([names[0], names[-1]])) if names else ""


def cautions_of(summary: Summary) -> list[str]:
    """Return what a reader should know before trusting any number of ``summary``."""
    found = []
    if summary.covered < 1:
        found.append(
            _("Only %(part)s of the period had passed: counts are partial, shares are not.")
            % {"part": share_text(summary.covered)}
        )
    if summary.late_count:
        found.append(
            _("%(count)s messages of the period before came after it was published and are counted here.")
            % {"count": summary.late_count}
        )
    if summary.people_count < FEW_PEOPLE:
        found.append(_("Fewer than ten people wrote: read the messages, not the percentages."))
    return found


def method_of(page: Page) -> str:
    """Return the sentences that say how the order and the verdicts of ``page`` come about."""
    against = [_("Measured against: %(periods)s") % {"periods": page.measured_against}]
    sentences = [
        *(FORMULA, REACH, SEVERITY, TREND, WORSE_AND_BETTER),
        *(against if page.measured_against else []),
        WHO_WRITES,
    ]
    end = pgettext("end of a sentence", ". ")
    return "".join(f"{sentence}{end}" for sentence in sentences).rstrip()


def told_as(card: Card) -> str:
    """Return which themes ``card`` stands for, with the people of each, in one sentence."""
    words = _(
        "%(count)d themes broke out in the same hours of %(day)s, probably of one cause; whoever raised several "
        "counts once: %(themes)s"
    )
    themes = ", ".join(f"{one.name} {one.people}" for one in card.told_as)
    return words % {"count": len(card.told_as), "day": f"{card.broke_out_on:%Y-%m-%d}", "themes": themes}


def _gone_of(gone: dict[str, Any], language: str) -> Gone:
    name = theme_name(
        gone["labels"],
        language,
        glosses=gone.get("glosses"),
        main_language=gone.get("main_language", ""),
        name_en=gone["name_en"],
        name_zh=gone["name_zh"],
    )
    return Gone(name, gone["people"])


def unfolded(cards: Mapping[int, Card], summary: Summary, *, widest: float) -> list[Card]:
    """Return of ``cards`` (by rank) what hurts, the worst first: of themes that broke out together one for all."""
    outbreaks, folded = together_in(summary), folded_in(summary)
    writers = [before["people"] for before in summary.overview.get("past", [])]
    return [
        _all_together(card, outbreaks[rank], cards, writers, widest) if rank in outbreaks else card
        for rank, card in cards.items()
        if not card.point.is_praise and folded.get(rank) not in cards
    ]


def _all_together(
    first: Card, one: Together, cards: Mapping[int, Card], writers: Sequence[int], widest: float
) -> Card:
    past = first.past
    if one.past is not None:
        past = [count / total if total else None for count, total in zip(one.past, writers, strict=True)]
    return replace(
        first,
        people=one.people,
        urgent=first.urgent if one.urgent is None else one.urgent,
        severity=first.severity if one.severity is None else one.severity,
        score=first.score if one.score is None else one.score,
        told_as=[cards[rank] for rank in one.ranks if rank in cards],
        broke_out_on=one.day,
        **_on_the_scale(one.share, one.low, one.high, widest),
        **_over_time(past, one.share),
    )


def _on_the_scale(share: float, low: float, high: float, widest: float) -> dict[str, Any]:
    return {
        "share": share,
        "share_low": low,
        "share_high": high,
        "low": round(100 * low / widest, 1),
        "high": round(100 * (high - low) / widest, 1),
        "middle": round(100 * share / widest, 1),
    }


def _over_time(past: list[float | None], share: float) -> dict[str, Any]:
    return {"past": past, "spark": line([*past, share], width=96, height=26)}


def crises_of(summary: Summary) -> list[Crisis]:
    """Return the crises of the period, most people first; none of summaries made before they were listed."""
    return [
        Crisis(
            date.fromisoformat(one["day"]),
            category_name(one["category"]),
            one["people"],
            one["reports"],
            waited(one["minutes"]),
            [(ticket["id"], ticket["number"]) for ticket in one["tickets"]],
        )
        for one in (summary.overview.get("crises") or {}).get("listed", [])
    ]


def card_of(
    point: PainPoint, quotes: list[Quote], follow_up: FollowUp | None, *, widest: float, language: str
) -> Card:
    """Return ``point`` as a card; ``widest`` is the largest upper bound of a share on the page."""
    past = [before["share"] for before in point.figures.get("past", [])]
    return Card(
        point=point,
        name=point.name_for(language),
        people=point.people_count,
        urgent=point.urgent_count,
        severity=point.severity,
        score=point.score,
        # Those that the reader can read come first.
        quotes=own_language_first(quotes, language),
        follow_up=follow_up,
        stands_out=stands_out_of(point)[:_TOLD],
        remarks=remarks_of(point),
        told_as=[],
        broke_out_on=None,
        **_on_the_scale(point.share, point.share_low, point.share_high, widest),
        **_over_time(past, point.share),
    )


def stands_out_of(point: PainPoint) -> list[StandsOut]:
    """Return what ``point`` has much more of than its share, the surest first."""
    found = [
        (
            each["low"],
            StandsOut(dimension, value_name(dimension, each["value"]), each["ratio"], each["people"]),
        )
        for dimension, values in point.figures.get("stands_out", {}).items()
        for each in values
        if each["ratio"] >= _TOLD_FROM
    ]
    return [each for _low, each in sorted(found, key=lambda pair: -pair[0])]


def value_name(dimension: str, value: str) -> str:
    """Return a value of a breakdown as people call it."""
    if not value or value == "und":
        return _("not known")
    names: dict[str, Any] = {
        "channel": dict(ChannelKind.choices),
        "segment": dict(Segment.choices),
        "language": LANGUAGE_NAMES,
    }
    return str(names.get(dimension, {}).get(value, value))


def breakdowns_of(point: PainPoint, summary: Summary) -> list[dict[str, Any]]:
    """Return each breakdown of ``point`` beside that of everybody: value, people, share here and overall."""
    found = []
    for dimension, name in DIMENSION_NAMES.items():
        own, all_of_them = point.figures["by"][dimension], summary.overview["by"][dimension]
        size, total = sum(own.values()) or 1, sum(all_of_them.values()) or 1
        rows = [
            {
                "name": value_name(dimension, value),
                "people": people,
                "share": people / size,
                "overall": all_of_them.get(value, 0) / total,
                "ratio": next(
                    (
                        each["ratio"]
                        for each in point.figures["stands_out"][dimension]
                        if each["value"] == value
                    ),
                    None,
                ),
            }
            for value, people in most_first(own)[:8]
        ]
        if len(rows) > 1:
            found.append({"name": name, "rows": rows})
    return found


def _shares(counts: dict[str, int], dimension: str) -> list[tuple[str, int, float]]:
    total = sum(counts.values()) or 1
    return [(value_name(dimension, value), count, count / total) for value, count in most_first(counts)]


def most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return counts as they are read: the database keeps JSON objects in an order of its own."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def trend_of(cards: Sequence[Card], past: Sequence[dict[str, Any]], summary: Summary) -> Trend | None:
    """Return the plot of shares over time, None when there is no past."""
    # Where a period had hardly begun, two people were a tenth of all.
    least = max(1.0, _DRAWN_FROM * summary.people_count)
    known = [number for number, before in enumerate(past) if before["people"] >= least]
    if not known or not cards:
        return None
    first = known[0]
    shares = [[*card.past[first:], card.share] for card in cards]
    top = max(share for row in shares for share in row if share is not None) * 1.05 or 1
    lines = [line(row, width=_TREND_WIDTH, height=_PLOT_HEIGHT, top=top, pad=4) for row in shares]
    heights = spread([one.last_y for one in lines], least=15)
    starts = [before["start"] for before in past[first:]] + [summary.local_start.date().isoformat()]
    step = (_TREND_WIDTH - 8) / max(len(starts) - 1, 1)
    return Trend(
        [
            Series(card.name, one, number, height)
            for number, (card, one, height) in enumerate(zip(cards, lines, heights, strict=True), start=1)
        ],
        ticks(top, height=_PLOT_HEIGHT),
        [(round(4 + step * number, 1), _start_name(start, summary)) for number, start in enumerate(starts)],
    )


def _start_name(start: str, summary: Summary) -> str:
    return start[:7] if summary.kind == "month" else start[5:]


def spread(heights: Sequence[float], *, least: float) -> list[float]:
    """Return ``heights`` moved as little as needed so that labels there lie ``least`` apart."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    moved = list(heights)
    for before, number in pairwise(order):
        moved[number] = max(moved[number], moved[before] + least)
    lowest: float = _PLOT_HEIGHT
    for number in reversed(order):
        moved[number] = min(moved[number], lowest)
        lowest = moved[number] - least
    return [round(height, 1) for height in moved]


def days_of(overview: dict[str, Any], first: date, *, counts: list[int] | None = None) -> Days:
    """Return the plot of messages and mood per day; of ``counts`` when given, without a mood."""
    values = counts or overview["days"]
    moods = [None] * len(values) if counts else overview["day_sentiment"]
    names = [(first + timedelta(days=number)).isoformat() for number in range(len(values))]
    step = _PLOT_WIDTH / max(len(values), 1)
    every = max(1, len(values) // 6)
    return Days(
        list(zip(bars(values, width=_PLOT_WIDTH, height=_PLOT_HEIGHT), names, strict=True)),
        line(
            [None if mood is None else mood + 1 for mood in moods], width=_PLOT_WIDTH, height=60, top=2, pad=2
        ),
        ticks(max(values, default=0), height=_PLOT_HEIGHT, most=3),
        [
            (round(step * (number + 0.5), 1), name[5:])
            for number, name in enumerate(names)
            if number % every == 0
        ],
        releases_at([(step * (one["day"] + 0.5), one["version"]) for one in overview.get("releases", [])]),
    )


def releases_at(places: Sequence[tuple[float, str]]) -> list[Release]:
    """Return the releases at ``places`` (x, version), a label that would touch the one before it a row lower."""
    ends: list[float] = []
    found = []
    for x, version in sorted(places):
        row = next((number for number, end in enumerate(ends) if end < x), len(ends))
        end = x + _LABEL_GAP + _LABEL_CHARACTER * len(version)
        ends[row : row + 1] = [end]
        found.append(Release(round(x, 1), version, _LABEL_TOP + _LABEL_LINE * row))
    return found


def bubbles_of(cards: Sequence[Card]) -> list[Bubble]:
    """Return the map of themes, the largest first."""
    shown = list(cards[:40])
    across = stretched([card.point.map_x for card in shown])
    down = stretched([card.point.map_y for card in shown])
    drawn = circles(
        list(zip(across, down, strict=True)),
        [card.point.people_count for card in shown],
        width=_MAP_WIDTH,
        height=_MAP_HEIGHT,
    )
    return [Bubble(circle, card) for circle, card in zip(drawn, shown, strict=True)]


def stretched(places: Sequence[float]) -> list[float]:
    """Return ``places`` spread over -1..1, so that a map has no empty half; one place is in the middle."""
    low, high = min(places, default=0.0), max(places, default=0.0)
    return [2 * (place - low) / (high - low) - 1 if high > low else 0.0 for place in places]


def split_of(point: PainPoint) -> list[dict[str, Any]]:
    """Return the parts of a change with the width of their bars, 0..100; empty without a period before."""
    if point.change is None:
        return []
    parts = [
        (_("More or fewer people wrote at all"), point.change_volume),
        (_("A larger or smaller part of them about this"), point.change_share),
        (_("Graver or milder words"), point.change_severity),
        (_("New"), point.change_new),
    ]
    largest = max(abs(value or 0) for _name, value in parts) or 1
    return [
        {"name": name, "value": value or 0.0, "width": f"{100 * abs(value or 0) / largest:.0f}"}
        for name, value in parts
    ]
