"""Figures as CSV and JSON: counts, seconds and shares 0..1, not rounded for display."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from config.kit.cells import safe_cell
from tickets.figures.asking import Asked, Days
from tickets.figures.counting import Mean, Numbers, Spread
from tickets.figures.services import Report

#: The number columns, in the order of the file.
COLUMNS = (
    "opened", "solved", "reopened", "merged", "waiting_start", "waiting_end", "answers", "first_answer_count",
    "first_answer_median_seconds", "first_answer_p90_seconds", "solution_count", "solution_median_seconds",
    "solution_p90_seconds", "first_answers_due", "first_answers_in_time_share", "solutions_due",
    "solutions_in_time_share", "ratings", "rating_mean", "crisis_alarms", "crisis_acknowledged", "crisis_false_alarms",
    "crisis_acknowledgement_median_seconds", "crisis_acknowledgement_p90_seconds", "messages",
)  # fmt: skip


def as_csv(report: Report) -> Iterator[str]:
    """Yield the lines of one table, starting with the column names and a BOM for Excel.

    ``part`` says what a row is about: period, before, day, team, agent, channel, or hour (of a weekday, 1 = Monday).
    """
    yield "\ufeff" + _line(["part", "name", *COLUMNS])
    for part, name, numbers in _rows(report):
        yield _line([part, safe_cell(name), *(numbers.get(column) for column in COLUMNS)])


def _rows(report: Report) -> Iterator[tuple[str, str, dict[str, Any]]]:
    earliest, start, end = report.waiting
    days = report.asked.days
    yield "period", _named(days), flat(report.now) | {"waiting_start": start, "waiting_end": end}
    before = flat(report.before) | {"waiting_start": earliest, "waiting_end": start}
    yield "before", _named(days.before), before
    for day in report.days:
        counts = {"opened": day.opened, "solved": day.solved, "waiting_end": day.waiting}
        yield "day", day.date.isoformat(), counts
    for team in report.teams:
        yield "team", str(team.team), flat(team.numbers)
    for agent in report.agents:
        yield "agent", agent.agent.name, _own(agent.numbers)
    for channel in report.channels:
        yield "channel", str(channel.channel), flat(channel.numbers)
    for weekday, hours in enumerate(report.hours, start=1):
        for hour, count in enumerate(hours):
            yield "hour", f"{weekday} {hour:02}:00", {"messages": count}


def flat(numbers: Numbers) -> dict[str, Any]:
    """Return ``numbers`` keyed by the names in COLUMNS."""
    return {
        "opened": numbers.opened,
        "solved": numbers.solved,
        "reopened": numbers.reopened,
        "merged": numbers.merged,
        "answers": numbers.answers,
        **_spread("first_answer", numbers.first_answer),
        **_spread("solution", numbers.solving),
        **_mean("first_answers_due", "first_answers_in_time_share", numbers.answers_in_time),
        **_mean("solutions_due", "solutions_in_time_share", numbers.solutions_in_time),
        **_mean("ratings", "rating_mean", numbers.satisfaction),
        "crisis_alarms": numbers.alarms,
        "crisis_acknowledged": numbers.acknowledgement.count,
        "crisis_false_alarms": numbers.false_alarms,
        "crisis_acknowledgement_median_seconds": numbers.acknowledgement.median,
        "crisis_acknowledgement_p90_seconds": numbers.acknowledgement.ninetieth,
    }


def as_json(report: Report) -> dict[str, Any]:
    """Return ``report`` as the REST API returns it."""
    earliest, start, end = report.waiting
    asked = report.asked
    return {
        **_question(asked),
        "now": flat(report.now) | {"waiting_start": start, "waiting_end": end},
        "before": {
            "from": asked.days.before.first.isoformat(),
            "to": asked.days.before.last.isoformat(),
            "waiting_start": earliest,
            "waiting_end": start,
            **flat(report.before),
        },
        "days": [
            {"day": day.date.isoformat(), "opened": day.opened, "solved": day.solved, "waiting": day.waiting}
            for day in report.days
        ],
        "teams": [{"team": line.team.slug, **flat(line.numbers)} for line in report.teams],
        "agents": [{"agent": line.agent.username, **_own(line.numbers)} for line in report.agents],
        "channels": [{"channel": line.channel.slug, **flat(line.numbers)} for line in report.channels],
        "messages_by_hour": report.hours,
    }


def _question(asked: Asked) -> dict[str, Any]:
    return {
        "from": asked.days.first.isoformat(),
        "to": asked.days.last.isoformat(),
        "time_zone": asked.days.period.time_zone,
        **{
            name: row.slug if (row := getattr(asked, name)) is not None else None
            for name in ("team", "queue", "channel")
        },
    }


def _own(numbers: Numbers) -> dict[str, Any]:
    """Return those of ``numbers`` that are counted for an agent."""
    names = (
        "solved", "answers", "first_answer_count", "first_answer_median_seconds", "first_answer_p90_seconds",
        "first_answers_due", "first_answers_in_time_share", "ratings", "rating_mean",
    )  # fmt: skip
    every = flat(numbers)
    return {name: every[name] for name in names}


def _spread(name: str, spread: Spread) -> dict[str, Any]:
    return {
        f"{name}_count": spread.count,
        f"{name}_median_seconds": spread.median,
        f"{name}_p90_seconds": spread.ninetieth,
    }


def _mean(count: str, name: str, mean: Mean) -> dict[str, Any]:
    return {count: mean.count, name: None if mean.mean is None else round(mean.mean, 6)}


def _named(days: Days) -> str:
    return f"{days.first} – {days.last}"


def _line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()
