"""OpenAPI documentation of team figures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from config.kit.documentation import Body, Operation
from tickets.api import figure_serializers as shapes
from tickets.figures.asking import MOST_DAYS

_NUMBERS: dict[str, Any] = {
    "opened": 112,
    "solved": 97,
    "reopened": 6,
    "merged": 3,
    "answers": 164,
    "first_answer_count": 104,
    "first_answer_median_seconds": 2520.0,
    "first_answer_p90_seconds": 21600.0,
    "solution_count": 97,
    "solution_median_seconds": 64800.0,
    "solution_p90_seconds": 259200.0,
    "first_answers_due": 104,
    "first_answers_in_time_share": 0.932692,
    "solutions_due": 97,
    "solutions_in_time_share": 0.886598,
    "ratings": 31,
    "rating_mean": 4.16129,
    "crisis_alarms": 9,
    "crisis_acknowledged": 7,
    "crisis_false_alarms": 2,
    "crisis_acknowledgement_median_seconds": 140.0,
    "crisis_acknowledgement_p90_seconds": 412.0,
}
_WHOLE = {"waiting_start": 41, "waiting_end": 59, **_NUMBERS}
_AGENT = shapes.AgentNumbersOut().get_fields()
_OWN = {name: value for name, value in _NUMBERS.items() if name in _AGENT}
_EXAMPLE: dict[str, Any] = {
    "from": "2026-11-16",
    "to": "2026-11-22",
    "time_zone": "Asia/Shanghai",
    "team": None,
    "queue": None,
    "channel": None,
    "now": _WHOLE,
    "before": {"from": "2026-11-09", "to": "2026-11-15", **_WHOLE},
    "days": [{"day": "2026-11-16", "opened": 18, "solved": 14, "waiting": 45}],
    "teams": [{"team": "first-line", **_NUMBERS}],
    "agents": [{"agent": "ana", **_OWN}],
    "channels": [{"channel": "app", **_NUMBERS}],
    "messages_by_hour": [[0] * 9 + [4, 7, 9] + [5] * 8 + [2] * 4] * 7,
}
_SLUG = "Its slug, one of those that the caller may see."
READ = Operation(
    "readFigures",
    "figures",
    {200: Body(shapes.FiguresOut, _EXAMPLE)},
    refuses=(401, 403, 422),
    parameters=(
        OpenApiParameter("from", str, description="The first day, such as 2026-11-16."),
        OpenApiParameter(
            "to",
            str,
            description=f"The last day, counted, too; at most {MOST_DAYS} days. Without both: the last 7.",
        ),
        OpenApiParameter("team", str, description=_SLUG),
        OpenApiParameter("queue", str, description=_SLUG),
        OpenApiParameter("channel", str, description=_SLUG),
    ),
)
