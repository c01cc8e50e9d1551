"""Count what became of the submissions, straight from the tables."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from tests.chaos.visitors import is_urgent

# Each query is over all messages whose text ends in the submission's number.
MESSAGES = """
SELECT (regexp_match(m.text, 'chaos-(\\d+)$'))[1]::int, m.id,
       (SELECT count(*) FROM tickets_ticket t WHERE t.feedback_id = m.feedback_id),
       (SELECT count(*) FROM tickets_crisisplace p JOIN tickets_ticket t ON t.id = p.ticket_id
         WHERE t.feedback_id = m.feedback_id),
       (SELECT extract(epoch FROM o.done_at - m.received_at) FROM kit_outboxrow o
         WHERE o.kind = 'message.received' AND o.subject_id = m.id AND o.done_at IS NOT NULL)
  FROM feedback_message m WHERE m.direction = 'in'
"""
OPEN = "SELECT count(*) FROM kit_outboxrow WHERE kind = 'message.received' AND done_at IS NULL"
DONE_BY = "SELECT done_by, count(*) FROM kit_outboxrow WHERE kind = 'message.received' GROUP BY done_by"


@dataclass(frozen=True)
class Count:
    """``lost`` and ``doubled`` are numbers of submissions; seconds are from intake to crisis queue."""

    messages: int
    lost: list[int]
    doubled: list[int]
    without_ticket: list[int]
    urgent_without_place: list[int]
    urgent_doubled: list[int]
    urgent_seconds: list[float]
    done_by: dict[str, int]


def open_rows(database_url: str) -> int:
    """Return how many messages are not assessed yet."""
    with psycopg.connect(database_url) as connection:
        return int(connection.execute(OPEN).fetchone()[0])  # type: ignore[index]


def count(database_url: str, acknowledged: set[int]) -> Count:
    """Hold what is in the tables against what was acknowledged."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(MESSAGES).fetchall()
        done_by: dict[str, int] = dict(connection.execute(DONE_BY).fetchall())
    seen = [row[0] for row in rows]
    return Count(
        messages=len(rows),
        lost=sorted(acknowledged - set(seen)),
        doubled=sorted({number for number in seen if seen.count(number) > 1}),
        without_ticket=sorted(row[0] for row in rows if row[2] != 1),
        urgent_without_place=sorted(row[0] for row in rows if is_urgent(row[0]) and row[3] == 0),
        urgent_doubled=sorted(row[0] for row in rows if row[3] > 1),
        urgent_seconds=sorted(float(row[4]) for row in rows if is_urgent(row[0]) and row[4] is not None),
        done_by=done_by,
    )


def percentile(values: list[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of sorted ``values`` do not exceed."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
