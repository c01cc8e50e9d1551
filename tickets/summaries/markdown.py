"""Export a summary as Markdown, for pasting into a document or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.kit.naming import page_language
from tickets.summaries.cards import Card, told_as
from tickets.summaries.models import PainPoint, Summary, Verdict
from tickets.summaries.shown import Page, cautions_of, method_of, page_of
from tickets.summaries.writing import share, times

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")
_LIKED = 3


def as_markdown(summary: Summary) -> str:
    """Return ``summary`` in the active language: what hurts, what changed, crises, quotes, method. Three queries."""
    page = page_of(summary, language=page_language())
    counted = _(
        "%(messages)d messages of %(people)d people; %(other)d messages in no theme. Origin: %(origins)s."
    ) % {
        "messages": summary.message_count,
        "people": summary.people_count,
        "other": summary.other_count,
        "origins": ", ".join(summary.origin_names),
    }
    parts = [
        [f"# {_('Pain points')} {summary.title}", "", counted],
        [f"> {caution}" for caution in cautions_of(summary)],
        _table(page.first),
        *(_pain(card) for card in page.first),
        _changes(page),
        _crises(page),
        _liked(page),
        [f"## {_('How the order comes about')}", "", method_of(page)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _table(cards: Iterable[Card]) -> list[str]:
    head = [_("Theme"), _("People"), _("Share"), _("Against the past"), _("Severity"), _("Score")]
    return [
        f"| # | {' | '.join(head)} |",
        "|---:|---|---:|---:|---:|---:|---:|",
        *(
            f"| {card.point.rank} | {plain(card.name)} | {card.people} | {share_text(card)} "
            f"| {change_text(card.point)} | {card.severity:.2f} | {card.score:.2f} |"
            for card in cards
        ),
    ]


def _pain(card: Card) -> list[str]:
    notes = [*([told_as(card)] if card.told_as else []), *card.remarks]
    lines = [f"## {card.point.rank}. {plain(card.name)}"]
    for text in [*(plain(note) for note in notes), *(f"> {plain(quote.text)}" for quote in card.quotes)]:
        lines += ["", text]
    return lines


def _changes(page: Page) -> list[str]:
    lists = [
        (pgettext("theme", "New"), [_item(card) for card in page.new]),
        (_("Got worse"), [_item(card) for card in page.worse]),
        (_("Got better"), [_item(card) for card in page.better]),
        (_("No theme of its own any more"), [f"- {plain(gone.name)} ({gone.people})" for gone in page.gone]),
    ]
    return list(_sections(_("What changed"), lists))


def _sections(title: str, lists: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    yield f"## {title}"
    for name, items in lists:
        if items:
            yield from ("", f"**{name}**", "", *items)


def _item(card: Card) -> str:
    change = f", {card.change}" if card.point.verdict in (Verdict.WORSE, Verdict.BETTER) else ""
    return f"- {plain(card.name)} ({card.people}{change})"


def _crises(page: Page) -> list[str]:
    if not page.crises:
        return []
    head = [_("Day"), _("What"), _("People"), _("Reports"), _("Taken after (median)"), _("Tickets")]
    return [
        f"## {_('Crises of the period')}",
        "",
        f"| {' | '.join(head)} |",
        "|---|---|---:|---:|---:|---|",
        *(
            f"| {one.day.isoformat()} | {one.name} | {one.people} | {one.reports} | {one.waited} "
            f"| {', '.join(number for _id, number in one.tickets)} |"
            for one in page.crises
        ),
    ]


def _liked(page: Page) -> list[str]:
    items = [f"- {plain(card.name)} ({card.people})" for card in page.liked[:_LIKED]]
    return [f"## {_('What people like')}", "", *items] if items else []


def plain(text: str) -> str:
    """Escape ``text`` so that Markdown shows it literally."""
    return _MARKUP.sub(r"\\\1", text)


def share_text(card: Card) -> str:
    return f"{share(card.share)} ({share(card.share_low)}–{share(card.share_high)})"


def change_text(point: PainPoint) -> str:
    """Return the change in words, with its factor if it is not chance: ``worse ×2.1``; "" without a past."""
    if point.ratio is None:
        return ""
    said = str(point.get_verdict_display())
    # A new theme had no share to be a multiple of: its ratio says how sure the change is, not how much it grew.
    return f"{said} {times(point.ratio)}" if point.verdict in (Verdict.WORSE, Verdict.BETTER) else said
