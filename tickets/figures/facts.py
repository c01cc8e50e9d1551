"""Turn event rows into the facts that are counted, and into the tickets waiting day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tickets.desk.models import UNSOLVED, EventKind
from tickets.desk.transitions import OVER
from tickets.figures.counting import Fact, Measure
from tickets.figures.reading import RatingRow, Row, Standing

_ALARMS = (EventKind.CRISIS_ENTERED, EventKind.CRISIS_AGAIN)
_DUE = {EventKind.REPLIED: Measure.ANSWER_DUE, EventKind.MOVED: Measure.SOLUTION_DUE}


@dataclass(frozen=True)
class Placed:
    """An event, and the queue its ticket was in after it."""

    row: Row
    queue: int

    def fact(self, measure: Measure, value: float | None = None) -> Fact:
        row = self.row
        return Fact(measure, row.ticket, row.at, row.agent, self.queue, row.channel, value)


def placed(rows: Sequence[Row], standing: Standing) -> list[Placed]:
    return [
        Placed(row, standing.queue_at(row.ticket, row.at, event=row.pk, present=row.present_queue))
        for row in rows
    ]


def facts_of(happened: Sequence[Placed], earlier: Mapping[tuple[int, str], float]) -> Iterator[Fact]:
    """Yield the facts in ``happened``, in its order. ``earlier`` is from ``latest_before``, for its tickets."""
    answered = {ticket for ticket, kind in earlier if kind == EventKind.REPLIED}
    alarmed = {ticket: at for (ticket, kind), at in earlier.items() if kind == EventKind.CRISIS_ENTERED}
    for one in happened:
        row = one.row
        match row.kind:
            case EventKind.OPENED:
                yield one.fact(Measure.OPENED)
            case EventKind.MERGED:
                yield one.fact(Measure.MERGED)
            case EventKind.MOVED if row.old not in OVER and row.new in OVER:
                yield one.fact(Measure.SOLVED, row.age)
            case EventKind.MOVED if row.old in OVER and row.new not in OVER:
                yield one.fact(Measure.REOPENED)
            case EventKind.REPLIED:
                yield one.fact(Measure.ANSWERED)
                if row.ticket not in answered:
                    answered.add(row.ticket)
                    yield one.fact(Measure.FIRST_ANSWER, row.age)
            case EventKind.CRISIS_ENTERED | EventKind.CRISIS_AGAIN:
                alarmed[row.ticket] = row.at
                yield one.fact(Measure.ALARMED)
            case EventKind.CRISIS_FALSE_ALARM:
                yield one.fact(Measure.FALSE_ALARM)
            case EventKind.CRISIS_ACKNOWLEDGED:
                began = alarmed.get(row.ticket, row.at - row.age)
                yield one.fact(Measure.ACKNOWLEDGED, row.at - began)
        if row.in_time is not None and row.kind in _DUE:
            yield one.fact(_DUE[EventKind(row.kind)], float(row.in_time == "true"))


def rated(rows: Sequence[RatingRow], standing: Standing) -> Iterator[Fact]:
    """Yield a fact for each rating, with the agent who gave the last answer before it."""
    for row in rows:
        # A move at exactly the time of a rating is assumed to have come before it.
        queue = standing.queue_at(row.ticket, row.at, event=2**63, present=row.present_queue)
        yield Fact(Measure.RATED, row.ticket, row.at, row.agent, queue, row.channel, float(row.score))


def waiting_after(
    start: Mapping[int, int], happened: Sequence[Placed], ends: Sequence[float]
) -> Iterator[dict[int, int]]:
    """Yield the tickets waiting for a solution at each of ``ends``, which are in order, with their queues.

    ``start`` are those that waited before the first of ``happened``. It yields the same dict each time, updated
    in place.
    """
    waiting = dict(start)
    place = 0
    for end in ends:
        while place < len(happened) and happened[place].row.at < end:
            _apply(happened[place], waiting)
            place += 1
        yield waiting


def _apply(one: Placed, waiting: dict[int, int]) -> None:
    row = one.row
    is_waiting = row.ticket in waiting
    if row.kind in (EventKind.MOVED, EventKind.UNMERGED):
        is_waiting = row.new in UNSOLVED
    elif row.kind == EventKind.OPENED:
        is_waiting = True
    elif row.kind == EventKind.MERGED:
        is_waiting = False
    if is_waiting:
        waiting[row.ticket] = one.queue
    else:
        waiting.pop(row.ticket, None)
