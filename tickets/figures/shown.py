"""What the page of figures shows, as text and coordinates that the templates only draw."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kit.durations import roughly
from tickets.figures.asking import Asked
from tickets.figures.counting import FEW, Mean, Measure, Numbers, Spread
from tickets.figures.services import WAITING, AgentLine, Day, Report
from tickets.summaries.drawing import Line, Tick, line, ticks
from tickets.summaries.writing import share

PLOT_WIDTH, PLOT_HEIGHT = 640.0, 180.0
NONE = "–"
_MOST_LABELS = 7
_HEAT_LEVELS = 4


@dataclass(frozen=True)
class Cell:
    """A number; ``href`` opens the tickets behind it. A low one is greyed; ``mark`` says how few it is based on."""

    text: str
    href: str = ""
    is_low: bool = False
    mark: str = ""


@dataclass(frozen=True)
class TableRow:
    name: str
    cells: list[Cell]
    remark: str = ""


@dataclass(frozen=True)
class Tile:
    """One figure, with ``details`` below it; ``before`` is its value in the period before."""

    title: str
    number: Cell
    before: str
    change: str = ""
    details: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Series:
    """A line through the days, with a labelled point for each."""

    name: str
    line: Line
    points: list[tuple[float, float, str]]


@dataclass(frozen=True)
class Plot:
    series: list[Series]
    ticks: list[Tick]
    labels: list[tuple[float, str]]


@dataclass(frozen=True)
class HeatRow:
    """A weekday: (count, level 0..4) of each hour."""

    name: str
    cells: list[tuple[int, int]]


def behind(asked: Asked, what: str, **more: str) -> str:
    """Return the URL of the tickets behind a number of ``asked``."""
    return f"{reverse('figures:tickets')}?{asked.query}&{urlencode({'what': what, **more})}"


def tiles_of(report: Report) -> list[Tile]:
    """Return the tiles for the whole period, next to the period before."""
    asked, now, before = report.asked, report.now, report.before
    earliest, start, end = report.waiting
    waited = behind(replace(asked, days=asked.days.before), WAITING)
    return [
        _count_tile(_("Tickets opened"), Measure.OPENED, now.opened, before.opened, asked),
        _count_tile(_("Solved"), Measure.SOLVED, now.solved, before.solved, asked),
        _count_tile(_("Reopened"), Measure.REOPENED, now.reopened, before.reopened, asked),
        Tile(
            _("Waiting at the end"),
            _counted(end, behind(asked, WAITING)),
            f"{earliest} → {start}",
            _change(end, start),
            (Cell(_("%(count)s at the start") % {"count": start}, waited),),
        ),
        _spread_tile(_("First answer"), Measure.FIRST_ANSWER, now.first_answer, before.first_answer, asked),
        _spread_tile(_("Solution"), Measure.SOLVED, now.solving, before.solving, asked),
        _promise_tile(
            _("First answers in time"),
            ("answer_due", "answer_missed"),
            now.answers_in_time,
            before.answers_in_time,
            asked,
        ),
        _promise_tile(
            _("Solutions in time"),
            ("solution_due", "solution_missed"),
            now.solutions_in_time,
            before.solutions_in_time,
            asked,
        ),
        _satisfaction_tile(now, before, asked),
        _alarm_tile(now, before, asked),
    ]


def _count_tile(title: str, what: Measure, now: int, before: int, asked: Asked) -> Tile:
    return Tile(title, _counted(now, behind(asked, what)), str(before), _change(now, before))


def _spread_tile(title: str, what: Measure, now: Spread, before: Spread, asked: Asked) -> Tile:
    details = (
        Cell(_("9 of 10 within %(time)s") % {"time": _time(now.ninetieth)}),
        Cell(_tickets(now.count), behind(asked, what)),
    )
    change = _change(now.median, before.median)
    return Tile(title, _median(now), _time(before.median), change, details if now.count else ())


def _promise_tile(title: str, what: tuple[str, str], now: Mean, before: Mean, asked: Asked) -> Tile:
    due, missed = what
    details = (
        Cell(_tickets(now.count), behind(asked, due)),
        Cell(_("those missed"), behind(asked, missed)),
    )
    change = _points(now.mean, before.mean)
    return Tile(title, _share(now), share(before.mean), change, details if now.count else ())


def _satisfaction_tile(now: Numbers, before: Numbers, asked: Asked) -> Tile:
    rated = now.satisfaction
    told = ngettext("%(count)s rating", "%(count)s ratings", rated.count) % {"count": rated.count}
    details = (Cell(told, behind(asked, Measure.RATED)),) if rated.count else ()
    score = _score(before.satisfaction).text
    difference = _difference(rated.mean, before.satisfaction.mean)
    return Tile(_("Satisfaction, 1 to 5"), _score(rated), score, difference, details)


def _alarm_tile(now: Numbers, before: Numbers, asked: Asked) -> Tile:
    nine_of_ten = Cell(_("9 of 10 within %(time)s") % {"time": _time(now.acknowledgement.ninetieth)})
    details = (
        *([nine_of_ten] if now.acknowledgement.count else []),
        Cell(_("%(count)s alarms") % {"count": now.alarms}, behind(asked, Measure.ALARMED)),
        Cell(
            _("%(count)s acknowledged") % {"count": now.acknowledgement.count},
            behind(asked, Measure.ACKNOWLEDGED),
        ),
        Cell(
            _("%(count)s called a false alarm") % {"count": now.false_alarms},
            behind(asked, Measure.FALSE_ALARM),
        ),
    )
    return Tile(
        _("Crises acknowledged within"),
        _median(now.acknowledgement),
        _time(before.acknowledgement.median),
        _change(now.acknowledgement.median, before.acknowledgement.median),
        details if now.alarms else (),
    )


def day_rows(report: Report) -> list[TableRow]:
    """Return a row for each day: opened, solved and waiting; each number links to its tickets."""
    return [_day_row(day, report.asked) for day in report.days]


def _day_row(day: Day, asked: Asked) -> TableRow:
    name = day.date.isoformat()
    numbers = ((Measure.OPENED, day.opened), (Measure.SOLVED, day.solved), (WAITING, day.waiting))
    return TableRow(
        name, [Cell(str(count), behind(asked, what, day=name) if count else "") for what, count in numbers]
    )


def team_rows(report: Report) -> list[TableRow]:
    """Return a row for each team, with the numbers of the queues it works."""
    return [
        TableRow(str(line.team), _group_cells(line.numbers, replace(report.asked, team=line.team)))
        for line in report.teams
    ]


def channel_rows(report: Report) -> list[TableRow]:
    """Return a row for each channel, with the numbers of the tickets that came in by it."""
    return [
        TableRow(str(line.channel), _group_cells(line.numbers, replace(report.asked, channel=line.channel)))
        for line in report.channels
    ]


def _group_cells(numbers: Numbers, asked: Asked) -> list[Cell]:
    counts = (
        (Measure.OPENED, numbers.opened),
        (Measure.SOLVED, numbers.solved),
        (Measure.REOPENED, numbers.reopened),
    )
    return [
        *(_counted(count, behind(asked, what)) for what, count in counts),
        _linked(_median(numbers.first_answer), behind(asked, Measure.FIRST_ANSWER)),
        _linked(_median(numbers.solving), behind(asked, Measure.SOLVED)),
        _linked(_share(numbers.answers_in_time), behind(asked, Measure.ANSWER_DUE)),
        _linked(_score(numbers.satisfaction), behind(asked, Measure.RATED)),
    ]


def agent_rows(report: Report) -> list[TableRow]:
    """Return a row for each agent whose work the reader may see."""
    return [_agent_row(line, report.asked) for line in report.agents]


def _agent_row(line: AgentLine, asked: Asked) -> TableRow:
    numbers, username = line.numbers, line.agent.username
    cells = [
        _counted(numbers.answers, behind(asked, Measure.ANSWERED, agent=username)),
        _counted(numbers.solved, behind(asked, Measure.SOLVED, agent=username)),
        _linked(_median(numbers.first_answer), behind(asked, Measure.FIRST_ANSWER, agent=username)),
        _linked(_share(numbers.answers_in_time), behind(asked, Measure.ANSWER_DUE, agent=username)),
        _linked(_score(numbers.satisfaction), behind(asked, Measure.RATED, agent=username)),
    ]
    return TableRow(line.agent.name, cells, "" if line.agent.is_active else _("no longer active"))


def plots_of(report: Report) -> tuple[Plot, Plot]:
    """Return the plots of opened and solved, and of waiting, by day: their scales differ too much for one plot."""
    days = report.days
    opened, solved, waiting = (
        (_("Tickets opened"), [day.opened for day in days]),
        (_("Solved"), [day.solved for day in days]),
        (_("Waiting at the end"), [day.waiting for day in days]),
    )
    return _plot([opened, solved], days), _plot([waiting], days)


def _plot(series: Sequence[tuple[str, list[int]]], days: Sequence[Day]) -> Plot:
    highest = max((value for _name, values in series for value in values), default=0) or 1
    every = max(1, math.ceil(len(days) / _MOST_LABELS))
    places = [_place(number, len(days)) for number in range(len(days))]
    return Plot(
        [_series(name, values, places, days, highest=highest) for name, values in series],
        ticks(highest, height=PLOT_HEIGHT, most=3),
        [
            (x, day.date.strftime("%m-%d"))
            for number, (x, day) in enumerate(zip(places, days, strict=True))
            if number % every == 0
        ],
    )


def _series(
    name: str, values: list[int], places: list[float], days: Sequence[Day], *, highest: int
) -> Series:
    points = [
        (x, round(PLOT_HEIGHT - PLOT_HEIGHT * value / highest, 1), f"{day.date} · {name}: {value}")
        for x, value, day in zip(places, values, days, strict=True)
    ]
    return Series(name, line(values, width=PLOT_WIDTH, height=PLOT_HEIGHT, top=highest, pad=0), points)


def _place(number: int, count: int) -> float:
    return round(PLOT_WIDTH * number / max(count - 1, 1), 1)


def heat_of(report: Report) -> list[HeatRow]:
    """Return when messages arrive: a row for each weekday, darker where there are more."""
    highest = max(max(hours) for hours in report.hours) or 1
    return [
        HeatRow(
            str(WEEKDAYS_ABBR[weekday]),
            [(count, math.ceil(_HEAT_LEVELS * count / highest)) for count in hours],
        )
        for weekday, hours in enumerate(report.hours)
    ]


def _counted(count: int, href: str) -> Cell:
    return Cell(str(count), href if count else "", is_low=0 < count < FEW)


def _median(spread: Spread) -> Cell:
    return _resting_on(spread.count, _time(spread.median))


def _share(mean: Mean) -> Cell:
    return _resting_on(mean.count, share(mean.mean))


def _score(mean: Mean) -> Cell:
    return _resting_on(mean.count, NONE if mean.mean is None else f"{mean.mean:.1f}")


def _linked(cell: Cell, href: str) -> Cell:
    return cell if cell.text == NONE else replace(cell, href=href)


def _resting_on(count: int, text: str) -> Cell:
    """Return the cell of a median, mean or share of ``count`` tickets; marked with ``count`` if fewer than FEW."""
    is_low = 0 < count < FEW
    mark = ngettext("of %(count)s", "of %(count)s", count) % {"count": count}
    return Cell(text, is_low=is_low, mark=mark if is_low else "")


def _tickets(count: int) -> str:
    return ngettext("%(count)s ticket", "%(count)s tickets", count) % {"count": count}


def _time(seconds: float | None) -> str:
    return NONE if seconds is None else roughly(timedelta(seconds=seconds))


def _change(now: float | None, before: float | None) -> str:
    """Return the relative change from ``before`` to ``now``; empty when one is missing or ``before`` is 0."""
    if now is None or not before:
        return ""
    return _signed(f"{now / before - 1:+.0%}")


def _points(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    return _("%(points)s points") % {"points": _signed(f"{100 * (now - before):+.0f}")}


def _difference(now: float | None, before: float | None) -> str:
    return "" if now is None or before is None else _signed(f"{now - before:+.1f}")


def _signed(text: str) -> str:
    """Return ``text``, a signed number, with a typographic minus, or ± for a change too small to show."""
    return text.replace("-", "−") if re.search("[1-9]", text) else "±" + text[1:]
