"""Turn facts into numbers. Pure: no Django, no models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

#: A median, mean or share of fewer than this says little.
FEW = 5

Key = TypeVar("Key", bound=Hashable)


class Measure(StrEnum):
    """What is counted about a ticket."""

    OPENED = "opened"
    SOLVED = "solved"
    REOPENED = "reopened"
    MERGED = "merged"
    ANSWERED = "answered"
    FIRST_ANSWER = "first_answer"
    ANSWER_DUE = "answer_due"
    SOLUTION_DUE = "solution_due"
    RATED = "rated"
    ALARMED = "alarmed"
    ACKNOWLEDGED = "acknowledged"
    FALSE_ALARM = "false_alarm"


class Fact(NamedTuple):
    """One ``measure`` of ``ticket``, in its ``queue`` at the time, by ``agent`` (None: the customer or the system).

    ``at`` is in seconds since 1970. ``value`` is in seconds (SOLVED, FIRST_ANSWER, ACKNOWLEDGED), 1 for kept and 0 for
    missed (ANSWER_DUE, SOLUTION_DUE), or the score (RATED); otherwise None.
    """

    measure: Measure
    ticket: int
    at: float
    agent: int | None
    queue: int
    channel: int
    value: float | None = None


@dataclass(frozen=True)
class Spread:
    """How long something took over ``count`` tickets, in seconds; None when ``count`` is 0."""

    count: int = 0
    median: float | None = None
    ninetieth: float | None = None

    @property
    def is_few(self) -> bool:
        return self.count < FEW


@dataclass(frozen=True)
class Mean:
    """The mean over ``count`` tickets: a score, or the share 0..1 of deadlines met; None when ``count`` is 0."""

    count: int = 0
    mean: float | None = None

    @property
    def is_few(self) -> bool:
        return self.count < FEW


@dataclass(frozen=True)
class Numbers:
    """The numbers of some tickets. ``answers`` counts messages; all others count each ticket once."""

    opened: int
    solved: int
    reopened: int
    merged: int
    answers: int
    alarms: int
    false_alarms: int
    first_answer: Spread
    solving: Spread
    acknowledgement: Spread
    answers_in_time: Mean
    solutions_in_time: Mean
    satisfaction: Mean

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a table could show."""
        return not (self.opened or self.solved or self.reopened or self.answers or self.satisfaction.count)


def numbers_of(facts: Iterable[Fact]) -> Numbers:
    """Count ``facts``, given oldest first. A ticket counts once in each number, with its latest fact."""
    tickets: defaultdict[Measure, dict[int, float | None]] = defaultdict(dict)
    answers = 0
    for fact in facts:
        tickets[fact.measure][fact.ticket] = fact.value
        answers += fact.measure is Measure.ANSWERED
    values = {
        measure: sorted(value for value in latest.values() if value is not None)
        for measure, latest in tickets.items()
    }
    return Numbers(
        opened=len(tickets[Measure.OPENED]),
        solved=len(tickets[Measure.SOLVED]),
        reopened=len(tickets[Measure.REOPENED]),
        merged=len(tickets[Measure.MERGED]),
        answers=answers,
        alarms=len(tickets[Measure.ALARMED]),
        false_alarms=len(tickets[Measure.FALSE_ALARM]),
        first_answer=_spread(values.get(Measure.FIRST_ANSWER, [])),
        solving=_spread(values.get(Measure.SOLVED, [])),
        acknowledgement=_spread(values.get(Measure.ACKNOWLEDGED, [])),
        answers_in_time=_mean(values.get(Measure.ANSWER_DUE, [])),
        solutions_in_time=_mean(values.get(Measure.SOLUTION_DUE, [])),
        satisfaction=_mean(values.get(Measure.RATED, [])),
    )


def grouped(facts: Iterable[Fact], key: Callable[[Fact], Key | None]) -> dict[Key, list[Fact]]:
    """Return ``facts`` grouped by ``key``, keeping their order; those whose key is None are left out."""
    found: defaultdict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        group = key(fact)
        if group is not None:
            found[group].append(fact)
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """Return the ``share`` (0..1) quantile of ``values``, sorted and not empty, interpolating linearly."""
    place = share * (len(values) - 1)
    lower = int(place)
    upper = min(lower + 1, len(values) - 1)
    return values[lower] + (values[upper] - values[lower]) * (place - lower)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(len(values), quantile(values, 0.5), quantile(values, 0.9)) if values else Spread()


def _mean(values: Sequence[float]) -> Mean:
    return Mean(len(values), sum(values) / len(values)) if values else Mean()
