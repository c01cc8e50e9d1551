"""The content of a summary's pages: its numbers with the text and plots around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from feedback.themes.models import theme_name
from tickets.summaries.cards import Card, card_of, unfolded, value_name
from tickets.summaries.counting import FEW_PEOPLE
from tickets.summaries.drawing import MOST_LINES
from tickets.summaries.exports import points_of, quotes_of
from tickets.summaries.models import FollowUp, PainPoint, Summary, Verdict
from tickets.summaries.plots import Bubble, Days, Trend, bubbles_of, days_of, start_name, trend_of
from tickets.summaries.together import together_in
from tickets.summaries.urgent import category_name, waited
from tickets.summaries.writing import share as share_text

SHOWN_FIRST = 10
#: Display names of the breakdowns in ``counting.DIMENSIONS``.
DIMENSION_NAMES = {
    "channel": gettext_lazy("Channel"),
    "version": gettext_lazy("Version"),
    "platform": gettext_lazy("Platform"),
    "language": gettext_lazy("Language"),
    "segment": gettext_lazy("Segment"),
}
#: ``rank.FORMULA`` and its factors, in the words of the page.
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


@dataclass(frozen=True)
class Gone:
    """A theme that is no longer raised; ``people`` raised it in the period before."""

    name: str
    people: int


@dataclass(frozen=True)
class Crisis:
    """The urgent reports of one category on one day; ``tickets`` are (public id, number)."""

    day: date
    name: str
    people: int
    reports: int
    waited: str
    tickets: list[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """The content of the first page of a summary."""

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
    """Return the first page of ``summary`` for a reader of ``language``. Three queries for any number of themes."""
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
    """Return the periods that worse and better are measured against, as ``2026-05 – 2026-09``; "" without a past."""
    starts = [before["start"] for before in summary.overview.get("past", []) if before["people"]]
    names = [start_name(start, summary) for start in starts]
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
    """Return the sentences that explain the order and the verdicts of ``page``."""
    against = [_("Measured against: %(periods)s") % {"periods": page.measured_against}]
    sentences = [
        *(FORMULA, REACH, SEVERITY, TREND, WORSE_AND_BETTER),
        *(against if page.measured_against else []),
        WHO_WRITES,
    ]
    end = pgettext("end of a sentence", ". ")
    return "".join(f"{sentence}{end}" for sentence in sentences).rstrip()


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


def crises_of(summary: Summary) -> list[Crisis]:
    """Return the crises of the period, most people first; [] for summaries made before crises were listed."""
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


def breakdowns_of(point: PainPoint, summary: Summary) -> list[dict[str, Any]]:
    """Return each breakdown of ``point`` that has several values: value, people, share in it and overall."""
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
    """Return the counts, largest first: PostgreSQL does not keep the key order of JSON objects."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def split_of(point: PainPoint) -> list[dict[str, Any]]:
    """Return the parts of a change with the widths of their bars, 0..100; [] without a period before."""
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
