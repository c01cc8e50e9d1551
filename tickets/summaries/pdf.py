"""Export a summary as PDF: headline figures, what hurts, plots, quotes, method. A4, Chinese and English."""

from __future__ import annotations

import io
import re
from importlib.resources import as_file, files
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from config.kit.naming import page_language
from tickets.summaries.cards import Card, told_as
from tickets.summaries.models import Summary, Verdict
from tickets.summaries.plots import Days, Trend
from tickets.summaries.shown import Page, cautions_of, method_of, page_of
from tickets.summaries.writing import share, shortened, signed, times

SHOWN = 10
_LATIN, _WIDE = "Helvetica", "MicroHei"
_INK, _QUIET, _LINE, _ACCENT = (HexColor(code) for code in ("#111827", "#6b7280", "#e5e7eb", "#0f766e"))
_COLOURS = {
    Verdict.NEW: HexColor("#1d4ed8"),
    Verdict.WORSE: HexColor("#b91c1c"),
    Verdict.BETTER: HexColor("#047857"),
}
_SERIES = [HexColor(code) for code in ("#0f766e", "#c2410c", "#4338ca", "#4d7c0f", "#be185d", "#475569")]
# The width between the margins, less the padding of a frame.
_WIDTH = A4[0] - 32 * mm - 12
# Runs of characters that Helvetica lacks.
_RUNS = re.compile(r"[^\x00-\xff–—‘’“”•…€]+")


def wide_font() -> TTFont:
    """Return the CJK font; the glyphs used are embedded, so every PDF viewer shows them.

    Fonts that PDF viewers are supposed to bring along (STSong-Light) stay blank where no language pack is installed,
    as on most servers.
    """
    if _WIDE not in pdfmetrics.getRegisteredFontNames():
        with as_file(files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc") as path:
            pdfmetrics.registerFont(TTFont(_WIDE, str(path), subfontIndex=0))
    return pdfmetrics.getFont(_WIDE)


def as_pdf(summary: Summary) -> bytes:
    """Return the summary as a PDF in the active language. Three queries; the same snapshot gives the same bytes."""
    wide_font()
    language = page_language()
    page = page_of(summary, language=language)
    target = io.BytesIO()
    title = f"{_('Pain points')} {summary.title}"
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=15 * mm,
        bottomMargin=16 * mm,
        title=title,
        author="Earshot",
        invariant=1,
    )
    document.build(
        [
            *_head(summary, title),
            _tiles(summary, page),
            Spacer(1, 5 * mm),
            *_crises(page),
            *_pains(page),
            *_changes(page),
            *_plots(page),
            *_method(summary, page),
        ],
        onFirstPage=_foot(title),
        onLaterPages=_foot(title),
    )
    return target.getvalue()


def rich(text: str, *, is_bold: bool = False) -> str:
    """Return ``text`` as reportlab markup, each run of characters in a font that has them.

    Characters that neither font has (emoji, Arabic, Thai) are left out rather than printed as black boxes.
    """
    found, last = [], 0
    text = text.replace("−", "–")
    for match in _RUNS.finditer(text):
        found.append(escape(text[last : match.start()]))
        known = "".join(character for character in match[0] if ord(character) in wide_font().face.charToGlyph)
        found.append(f'<font name="{_WIDE}">{escape(known)}</font>' if known else "")
        last = match.end()
    found.append(escape(text[last:]))
    inside = "".join(found)
    return f"<b>{inside}</b>" if is_bold else inside


def _style(size: float, *, colour: Color = _INK, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        "", fontName=_LATIN, fontSize=size, leading=size * 1.35, textColor=colour, wordWrap="CJK", **more
    )


_TEXT, _SMALL = _style(9.5), _style(8, colour=_QUIET)
_CRISES_SHOWN, _TICKETS_SHOWN = 8, 4
_NUMBER = _style(9.5, alignment=2)
_SMALL_NUMBER = _style(8, colour=_QUIET, alignment=2)


def _head(summary: Summary, title: str) -> list[Any]:
    state = f"{summary.get_state_display()}" + (f" · r{summary.revision}" if summary.revision > 1 else "")
    about = _("%(origins)s · counted %(at)s · times and days of %(zone)s") % {
        "origins": ", ".join(summary.origin_names),
        "at": f"{summary.made_at.astimezone(ZoneInfo(summary.time_zone)):%Y-%m-%d %H:%M}",
        "zone": summary.time_zone,
    }
    return [
        Paragraph(rich(title, is_bold=True), _style(19)),
        Paragraph(rich(f"{state} · {about}"), _SMALL),
        *(Paragraph(rich(text), _style(9, colour=_COLOURS[Verdict.WORSE])) for text in cautions_of(summary)),
        Spacer(1, 4 * mm),
    ]


def _tiles(summary: Summary, page: Page) -> Table:
    last = page.last or {}
    before = _("before: %(value)s")
    crises = summary.overview.get("crises") or {}
    tiles = [
        (str(summary.people_count), _("people wrote"), before % {"value": last["people"]} if last else ""),
        (str(summary.message_count), _("messages"), before % {"value": last["messages"]} if last else ""),
        (
            signed(summary.sentiment),
            _("mood, −1 to 1"),
            before % {"value": signed(last["sentiment"])} if last else "",
        ),
        (
            str(len(page.cards)),
            _("themes that hurt"),
            _("%(new)d new, %(worse)d worse, %(better)d better")
            % {"new": len(page.new), "worse": len(page.worse), "better": len(page.better)},
        ),
        (
            str(crises.get("count", 0)),
            _("urgent reports"),
            _("%(count)d false alarms") % {"count": crises.get("false_alarms", 0)},
        ),
    ]
    cells = [
        [
            Paragraph(rich(value, is_bold=True), _style(16)),
            Paragraph(rich(name), _style(8.5)),
            Paragraph(rich(more), _style(7.5, colour=_QUIET)),
        ]
        for value, name, more in tiles
    ]
    table = Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells))
    table.setStyle(
        [
            ("BOX", (0, 0), (-1, -1), 0.6, _LINE),
            ("INNERGRID", (0, 0), (-1, -1), 0.6, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ]
    )
    return table


def _crises(page: Page) -> list[Any]:
    if not page.crises:
        return []
    head = [_("Day"), _("What"), _("People"), _("Reports"), _("Taken after (median)"), _("Tickets")]
    rows = [
        [
            Paragraph(rich(text), _TEXT)
            for text in (
                crisis.day.isoformat(),
                crisis.name,
                str(crisis.people),
                str(crisis.reports),
                crisis.waited,
                ", ".join(number for _id, number in crisis.tickets[:_TICKETS_SHOWN]),
            )
        ]
        for crisis in page.crises[:_CRISES_SHOWN]
    ]
    widths = [part * _WIDTH for part in (0.13, 0.27, 0.1, 0.1, 0.15, 0.25)]
    table = Table([[Paragraph(rich(name), _SMALL) for name in head], *rows], colWidths=widths, repeatRows=1)
    table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    title = Paragraph(rich(_("Crises of the period"), is_bold=True), _style(12))
    return [title, Spacer(1, 2 * mm), table, Spacer(1, 5 * mm)]


def _title(text: str) -> Paragraph:
    return Paragraph(rich(text, is_bold=True), _style(12, spaceBefore=4 * mm, spaceAfter=2 * mm))


def _pains(page: Page) -> list[Any]:
    shown = page.cards[:SHOWN]
    if not shown:
        return [_title(_("What hurts")), Paragraph(rich(_("Nothing that hurts.")), _TEXT)]
    head = ["#", _("Theme"), _("People"), _("Share"), _("Against the past"), _("Severity")]
    rows: list[list[Any]] = [
        [Paragraph(rich(name), _SMALL if place < 2 else _SMALL_NUMBER) for place, name in enumerate(head)]
    ]
    rows += [_pain(card) for card in shown]
    widths = [8 * mm, _WIDTH - 92 * mm, 15 * mm, 25 * mm, 25 * mm, 19 * mm]
    table = Table(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.6, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    return [_title(_("What hurts")), table]


def _pain(card: Card) -> list[Any]:
    point = card.point
    told: list[Any] = [Paragraph(rich(card.name, is_bold=True), _TEXT)]
    quote = next((quote for quote in card.quotes if rich(quote.text).strip()), None)
    if quote is not None:
        told.append(Paragraph(rich(f"“{quote.text}”"), _SMALL))
    told += [Paragraph(rich(remark), _style(7.5, colour=_QUIET)) for remark in card.remarks]
    if card.broke_out_on is not None:
        told.append(Paragraph(rich(told_as(card)), _style(7.5, colour=_COLOURS[Verdict.NEW])))
    if card.stands_out:
        marks = " · ".join(f"{found.value} {times(found.ratio)}" for found in card.stands_out)
        told.append(Paragraph(rich(marks), _style(7.5, colour=_ACCENT)))
    if card.follow_up is not None:
        done = [card.follow_up.get_status_display(), card.follow_up.fixed_in]
        told.append(Paragraph(rich(" · ".join(filter(None, done))), _style(7.5, colour=_QUIET)))
    verdict = Verdict(point.verdict)
    change = "–" if verdict is Verdict.FIRST else str(verdict.label)
    if verdict in (Verdict.WORSE, Verdict.BETTER):
        change += f" {card.change}"
    return [
        Paragraph(str(point.rank), _style(9.5, colour=_QUIET)),
        told,
        Paragraph(f"<b>{card.people}</b>", _NUMBER),
        [
            Paragraph(share(card.share), _NUMBER),
            Paragraph(f"{share(card.share_low)}–{share(card.share_high)}", _SMALL_NUMBER),
        ],
        Paragraph(rich(change), _style(9, colour=_COLOURS.get(verdict, _QUIET), alignment=2)),
        _severity(card.severity),
    ]


def _severity(value: float) -> Drawing:
    width, height = 16 * mm, 11.0
    drawing = Drawing(width, height)
    drawing.add(Rect(0, 2, width, 5, fillColor=_LINE, strokeColor=None, rx=2, ry=2))
    drawing.add(Rect(0, 2, width * value, 5, fillColor=_COLOURS[Verdict.WORSE], strokeColor=None, rx=2, ry=2))
    return drawing


def _changes(page: Page) -> list[Any]:
    columns = [
        (_("New themes"), page.new, False),
        (_("Got worse"), page.worse, True),
        (_("Got better"), page.better, True),
    ]
    cells = []
    for name, cards, has_factor in columns:
        lines = [Paragraph(rich(name, is_bold=True), _style(10, spaceAfter=3))]
        for card in cards[:6]:
            more = f" · {card.change}" if has_factor else ""
            lines.append(Paragraph(rich(f"{card.name} · {card.people}{more}"), _style(8.5)))
        if not cards:
            lines.append(Paragraph(rich(_("Nothing that could not be chance.")), _SMALL))
        cells.append(lines)
    table = Table([cells], colWidths=[_WIDTH / 3] * 3)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    return [KeepTogether([_title(_("What changed")), table])]


def _plots(page: Page) -> list[Any]:
    found: list[Any] = []
    if page.trend is not None:
        found.append(KeepTogether([_title(_("Share of people, over time")), _trend(page.trend)]))
    found.append(KeepTogether([_title(_("Messages per day")), _days(page.days)]))
    return found


def _trend(trend: Trend) -> Drawing:
    """Draw the page's lines with y flipped, since PDF coordinates start at the bottom."""
    height, foot, scale = 180.0, 18.0, 0.95
    drawing = Drawing(_WIDTH, (height + foot) * scale + 8)
    for tick in trend.ticks:
        y = (height - tick.at) * scale + foot
        drawing.add(Line(38, y, 38 + 400 * scale * 0.8, y, strokeColor=_LINE, strokeWidth=0.6))
        drawing.add(_label(34, y - 2.5, share(tick.value), anchor="end"))
    for x, name in trend.labels:
        drawing.add(_label(38 + x * scale * 0.8, 4, name))
    for series, colour in zip(trend.series, _SERIES, strict=False):
        for piece in series.line.pieces:
            points = [
                (38 + float(x) * scale * 0.8, (height - float(y)) * scale + foot)
                for x, y in (pair.split(",") for pair in piece.split())
            ]
            drawing.add(PolyLine([n for point in points for n in point], strokeColor=colour, strokeWidth=1.4))
        end = 38 + series.line.last_x * scale * 0.8, (height - series.line.last_y) * scale + foot
        drawing.add(Circle(*end, 2.2, fillColor=colour, strokeColor=None))
        y = (height - series.label_y) * scale + foot - 3
        drawing.add(_label(38 + 410 * scale * 0.8, y, shortened(series.name), anchor="start", colour=colour))
    return drawing


def _days(days: Days) -> Drawing:
    height, foot = 180.0, 18.0
    scale_x, scale_y = (_WIDTH - 40) / 640, 0.55
    drawing = Drawing(_WIDTH, height * scale_y + foot + 8)
    for tick in days.ticks:
        y = (height - tick.at) * scale_y + foot
        drawing.add(Line(34, y, _WIDTH, y, strokeColor=_LINE, strokeWidth=0.6))
        drawing.add(_label(30, y - 2.5, f"{tick.value:g}", anchor="end"))
    for bar, _name in days.bars:
        drawing.add(
            Rect(
                34 + bar.x * scale_x,
                foot,
                bar.width * scale_x,
                bar.height * scale_y,
                fillColor=_ACCENT,
                strokeColor=None,
            )
        )
    for x, name in days.labels:
        drawing.add(_label(34 + x * scale_x, 4, name))
    return drawing


def _label(x: float, y: float, text: str, *, anchor: str = "middle", colour: Color = _QUIET) -> String:
    is_latin = _RUNS.search(text) is None
    font = _LATIN if is_latin else _WIDE
    return String(x, y, text, fontName=font, fontSize=7.5, textAnchor=anchor, fillColor=colour)


def _method(summary: Summary, page: Page) -> list[Any]:
    return [
        KeepTogether(
            [
                _title(_("How the order comes about")),
                Paragraph(rich(method_of(page)), _SMALL),
                Paragraph(rich(summary.model_version), _SMALL),
            ]
        )
    ]


def _foot(title: str) -> Any:
    def draw(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.saveState()
        canvas.setFillColor(_QUIET)
        canvas.setFont(_WIDE, 7.5)
        canvas.drawString(16 * mm, 9 * mm, f"Earshot · {title}")
        canvas.drawRightString(A4[0] - 16 * mm, 9 * mm, str(document.page))
        canvas.restoreState()

    return draw
