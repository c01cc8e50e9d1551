"""Export a summary as CSV and JSON, in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from config.kit.cells import safe_cell
from config.kit.languages import base_of
from config.kit.naming import page_language
from tickets.summaries.models import PainPoint, Quote, Summary
from tickets.summaries.together import together_in

# A theme is marked as a campaign from this many copies of one text that also make up this share of its messages;
# opinion on it is divided when praise and complaint each reach this share.
_CAMPAIGN_FROM, _CAMPAIGN_SHARE = 5, 0.3
_DIVIDED_FROM = 0.25


def points_of(summary: Summary) -> list[PainPoint]:
    """Return the pain points that are not hidden, worst first, with their themes. One query."""
    shown = summary.pain_points.filter(is_hidden=False).select_related("theme__merged_into")
    return list(shown.defer("message_ids").order_by("rank"))


def quotes_of(summary: Summary) -> dict[int, list[Quote]]:
    """Return the quotes that may be shown, by pain point id. One query."""
    found: dict[int, list[Quote]] = {}
    quotes = Quote.objects.filter(pain_point__summary=summary).shown()
    for quote in quotes.select_related("message").order_by("pain_point", "place"):
        found.setdefault(quote.pain_point_id, []).append(quote)
    return found


def own_language_first(quotes: Iterable[Quote], language: str) -> list[Quote]:
    """Return ``quotes`` with those in the reader's ``language`` first."""
    return sorted(quotes, key=lambda quote: quote.language != base_of(language))


def as_csv(summary: Summary) -> Iterator[str]:
    """Yield the lines of a CSV table: the column names, after a BOM for Excel, then a row per pain point.

    ``outbreak`` is the rank of the theme that stands for all that broke out together; a person who raised several of
    them counts in each row. ``outbreak_people`` counts each person once, as the page does.
    """
    columns = [
        "rank", "theme", "name", "verdict", "people", "messages", "share", "share_low", "share_high",
        "last_people", "last_share", "ratio", "ratio_low", "ratio_high", "chance", "change", "change_volume",
        "change_share", "change_severity", "change_new", "sentiment", "severity", "urgent", "reach", "trend",
        "score", "is_praise", "outbreak", "outbreak_people", "quote",
    ]  # fmt: skip
    language = page_language()
    quotes = quotes_of(summary)
    outbreaks = {rank: one for one in together_in(summary).values() for rank in one.ranks}
    yield "\ufeff" + _line(columns)
    for point in points_of(summary):
        said = own_language_first(quotes.get(point.pk, []), language)
        outbreak = outbreaks.get(point.rank)
        row = {
            **_numbers(point),
            "theme": str(point.theme.public_id),
            "name": point.name_for(language),
            "outbreak": outbreak and outbreak.ranks[0],
            "outbreak_people": outbreak and outbreak.people,
            "quote": said[0].text if said else "",
        }
        yield _line([safe_cell(row[column]) for column in columns])


def _line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()


def _numbers(point: PainPoint) -> dict[str, Any]:
    return {
        "rank": point.rank,
        "verdict": point.verdict,
        "people": point.people_count,
        "messages": point.message_count,
        "urgent": point.urgent_count,
        **{
            name: None if (value := getattr(point, name)) is None else round(value, 6)
            for name in (
                "share", "share_low", "share_high", "last_share", "ratio", "ratio_low", "ratio_high", "chance",
                "change", "change_volume", "change_share", "change_severity", "change_new", "sentiment",
                "severity", "reach", "trend", "score",
            )
        },
        "last_people": point.last_people,
        "is_praise": point.is_praise,
    }  # fmt: skip


def as_json(summary: Summary) -> dict[str, Any]:
    """Return the whole snapshot as a JSON-serialisable dict: numbers, codes, ISO 8601 times, names in all languages."""
    quotes = quotes_of(summary)
    return {
        **as_head(summary),
        "overview": summary.overview,
        "pain_points": [
            {
                "id": str(point.public_id),
                "theme": str(point.theme.public_id),
                "names": names_of(point),
                **_numbers(point),
                "figures": point.figures,
                "map": [point.map_x, point.map_y],
                "quotes": [
                    {"language": quote.language, "text": quote.text, "message": str(quote.message.public_id)}
                    for quote in quotes.get(point.pk, [])
                ],
            }
            for point in points_of(summary)
        ],
    }


def as_head(summary: Summary) -> dict[str, Any]:
    """Return the fields of a summary that lists show."""
    return {
        "id": str(summary.public_id),
        "title": summary.title,
        "kind": summary.kind,
        "start_at": summary.start_at.isoformat(),
        "end_at": summary.end_at.isoformat(),
        "time_zone": summary.time_zone,
        "origins": summary.origins,
        "revision": summary.revision,
        "state": summary.state,
        "made_at": summary.made_at.isoformat(),
        "published_at": summary.published_at.isoformat() if summary.published_at else None,
        "messages": summary.message_count,
        "people": summary.people_count,
        "other": summary.other_count,
        "late": summary.late_count,
        "covered": round(summary.covered, 4),
        "sentiment": round(summary.sentiment, 4),
        "formula": summary.formula,
        "model_version": summary.model_version,
    }


def names_of(point: PainPoint) -> dict[str, str]:
    """Return the names in both languages of the product, preferring names people gave to automatic labels."""
    return {language: point.name_for(language) for language in ("en", "zh-hans")}


def remarks_of(point: PainPoint) -> list[str]:
    """Return what a reader should know before trusting the name and the numbers of a pain point.

    Empty for pain points counted before ``repeated`` and ``moods`` were.
    """
    count = point.message_count
    remarks = []
    same = point.figures.get("repeated", 0)
    if same >= _CAMPAIGN_FROM and same >= _CAMPAIGN_SHARE * count:
        remarks.append(
            _("%(same)d of %(count)d messages are nearly the same text") % {"same": same, "count": count}
        )
    moods = point.figures.get("moods", {"good": 0, "bad": 0})
    good, bad = moods["good"] / count, moods["bad"] / count
    if min(good, bad) >= _DIVIDED_FROM and count >= _CAMPAIGN_FROM:
        remarks.append(
            _("%(good)s praise it, %(bad)s complain") % {"good": f"{good:.0%}", "bad": f"{bad:.0%}"}
        )
    return remarks
