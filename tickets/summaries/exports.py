"""A summary as Markdown, CSV and JSON, in the reader's language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from config.kit.cells import safe_cell
from config.kit.languages import base_of
from tickets.summaries.models import PainPoint, Quote, Summary, Verdict
from tickets.summaries.urgent import category_name, waited

# From so many copies of one text, and this share of the messages, a theme is marked; opinion on it is divided when of
# either side there is this much.
_CAMPAIGN_FROM, _CAMPAIGN_SHARE = 5, 0.3
_DIVIDED_FROM = 0.25
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


def points_of(summary: Summary) -> list[PainPoint]:
    """Return the pain points that are shown, the worst first, with their theme. One query."""
    shown = summary.pain_points.filter(is_hidden=False).select_related("theme__merged_into")
    return list(shown.defer("message_ids").order_by("rank"))


def quotes_of(summary: Summary) -> dict[int, list[Quote]]:
    """Return the quotes of each pain point, by its id, that may be shown. One query."""
    found: dict[int, list[Quote]] = {}
    quotes = Quote.objects.filter(pain_point__summary=summary).shown()
    for quote in quotes.select_related("message").order_by("pain_point", "place"):
        found.setdefault(quote.pain_point_id, []).append(quote)
    return found


def own_language_first(quotes: Iterable[Quote], language: str) -> list[Quote]:
    """Return ``quotes`` with those that a reader of ``language`` reads without translation in front."""
    return sorted(quotes, key=lambda quote: quote.language != base_of(language))


def as_csv(summary: Summary) -> Iterator[str]:
    """Yield the lines of a table with one pain point a row, the first line the column names, with a BOM for Excel."""
    columns = [
        "rank", "theme", "name", "verdict", "people", "messages", "share", "share_low", "share_high",
        "last_people", "last_share", "ratio", "ratio_low", "ratio_high", "chance", "change", "change_volume",
        "change_share", "change_severity", "change_new", "sentiment", "severity", "urgent", "reach", "trend",
        "score", "is_praise", "quote",
    ]  # fmt: skip
    language = translation.get_language() or "en"
    quotes = quotes_of(summary)
    yield "\ufeff" + _line(columns)
    for point in points_of(summary):
        said = own_language_first(quotes.get(point.pk, []), language)
        row = {
            **_numbers(point),
            "theme": str(point.theme.public_id),
            "name": point.name_for(language),
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
    """Return the whole snapshot, ready for JSON: numbers, codes and ISO 8601, names in every language there is."""
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
    """Return what a list of summaries tells of one."""
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
    """Return the names in both languages of the product: given ones before labels."""
    return {language: point.name_for(language) for language in ("en", "zh-hans")}


def as_markdown(summary: Summary, *, most: int = 10) -> str:
    """Return the summary as Markdown, in the active language: what hurts, what changed, with quotes."""
    language = translation.get_language() or "en"
    points, quotes = points_of(summary), quotes_of(summary)
    pains = [point for point in points if not point.is_praise]
    lines = [
        f"# {_('Pain points')} {summary.title}",
        "",
        _("%(messages)d messages of %(people)d people; %(other)d messages in no theme. Origin: %(origins)s.")
        % {
            "messages": summary.message_count,
            "people": summary.people_count,
            "other": summary.other_count,
            "origins": ", ".join(summary.origins),
        },
        "",
        f"| # | {_('Theme')} | {_('People')} | {_('Share')} | {_('Against the past')} "
        f"| {_('Severity')} | {_('Score')} |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for point in pains[:most]:
        lines.append(
            f"| {point.rank} | {plain(point.name_for(language))} | {point.people_count} | {share_text(point)} "
            f"| {change_text(point)} | {point.severity:.2f} | {point.score:.2f} |"
        )
    lines += ["", f"{summary.formula}", ""]
    for point in pains[:most]:
        lines += [f"## {point.rank}. {plain(point.name_for(language))}", ""]
        lines += [f"{'; '.join(remarks)}\n" for remarks in [remarks_of(point)] if remarks]
        said = own_language_first(quotes.get(point.pk, []), language)
        lines += [f"> {plain(quote.text)}\n" for quote in said]
    lines += _crises(summary)
    liked = [point for point in points if point.is_praise][:3]
    if liked:
        lines += [f"## {_('What people like')}", ""]
        lines += [f"- {plain(point.name_for(language))} ({point.people_count})" for point in liked]
    return "\n".join(lines) + "\n"


def _crises(summary: Summary) -> list[str]:
    listed = (summary.overview.get("crises") or {}).get("listed", [])
    if not listed:
        return []
    head = [_("Day"), _("What"), _("People"), _("Reports"), _("Taken after (median)"), _("Tickets")]
    lines = [f"## {_('Crises of the period')}", "", f"| {' | '.join(head)} |", "|---|---|---:|---:|---:|---|"]
    for one in listed:
        tickets = ", ".join(ticket["number"] for ticket in one["tickets"])
        lines.append(
            f"| {one['day']} | {category_name(one['category'])} | {one['people']} | {one['reports']} "
            f"| {waited(one['minutes'])} | {tickets} |"
        )
    return [*lines, ""]


def remarks_of(point: PainPoint) -> list[str]:
    """Return what a reader should know before trusting the name and the number; none for points counted before."""
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


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it stands."""
    return _MARKDOWN.sub(r"\\\1", text)


def share_text(point: PainPoint) -> str:
    return f"{point.share:.1%} ({point.share_low:.1%}–{point.share_high:.1%})"


def change_text(point: PainPoint) -> str:
    """Return the change in words, with a number where it is no chance: ``worse ×2.1``; "" without a past."""
    if point.ratio is None:
        return ""
    said = str(point.get_verdict_display())
    # What is new had no share to be a multiple of: its ratio says how sure that is, not how much it grew.
    return f"{said} ×{point.ratio:.1f}" if point.verdict in (Verdict.WORSE, Verdict.BETTER) else said
