"""Pain points as the pages of a summary show them, including those shown as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.kit.languages import LANGUAGE_NAMES
from feedback.intake.models import ChannelKind
from tickets.summaries.counting import FEW_PEOPLE
from tickets.summaries.drawing import Line, line
from tickets.summaries.exports import own_language_first, remarks_of
from tickets.summaries.models import FollowUp, PainPoint, Quote, Summary
from tickets.summaries.together import Together, folded_in, together_in
from tickets.summaries.writing import times as factor
from users.profiles.models import Segment

# The first page mentions a breakdown value that is at least this many times as frequent in the theme as overall.
_TOLD_FROM = 1.5
_TOLD = 3


@dataclass(frozen=True)
class StandsOut:
    dimension: str
    value: str
    ratio: float
    people: int


@dataclass(frozen=True)
class Card:
    """One pain point as the first page shows it.

    The numbers are the theme's own; if other themes broke out with it (``told_as``: all of them, itself first), they
    cover all of those themes, counting each person once. ``past`` holds the earlier shares, oldest first. ``low``,
    ``middle`` and ``high`` are in per cent of the page's scale: where the interval of the share starts, the share
    itself, and the width of the interval.
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
        # Quotes in the reader's language come first.
        quotes=own_language_first(quotes, language),
        follow_up=follow_up,
        stands_out=stands_out_of(point)[:_TOLD],
        remarks=remarks_of(point),
        told_as=[],
        broke_out_on=None,
        **_on_the_scale(point.share, point.share_low, point.share_high, widest),
        **_over_time(past, point.share),
    )


def unfolded(cards: Mapping[int, Card], summary: Summary, *, widest: float) -> list[Card]:
    """Return the cards of what hurts, worst first, with one card for all themes that broke out together.

    ``cards`` are by rank; praise is left out.
    """
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


def told_as(card: Card) -> str:
    """Return a sentence naming the themes that ``card`` stands for, with the number of people of each."""
    words = _(
        "%(count)d themes broke out in the same hours of %(day)s, probably of one cause; whoever raised several "
        "counts once: %(themes)s"
    )
    themes = ", ".join(f"{one.name} {one.people}" for one in card.told_as)
    return words % {"count": len(card.told_as), "day": f"{card.broke_out_on:%Y-%m-%d}", "themes": themes}


def stands_out_of(point: PainPoint) -> list[StandsOut]:
    """Return the breakdown values that are much more frequent in ``point`` than overall, the most certain first."""
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
    """Return the display name of a breakdown value."""
    if not value or value == "und":
        return _("not known")
    names: dict[str, Any] = {
        "channel": dict(ChannelKind.choices),
        "segment": dict(Segment.choices),
        "language": LANGUAGE_NAMES,
    }
    return str(names.get(dimension, {}).get(value, value))
