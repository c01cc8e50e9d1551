"""Whom to notify next, and when, about an unacknowledged urgent ticket. Pure: no Django, no models, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

ON_CALL, BACKUP, CRISIS_TEAM, ADMINISTRATORS = "on_call", "backup", "crisis_team", "administrators"
TEAM = "team:"
#: The recipients a step may notify; a team is named by its slug.
NOTIFIABLE = re.compile(rf"({ON_CALL}|{BACKUP}|{CRISIS_TEAM}|{ADMINISTRATORS}|{TEAM}[-\w]+)")
MOST_MINUTES = 7 * 24 * 60


class BadSteps(ValueError):
    """Unusable steps. ``code`` says why, ``number`` (from 1) in which step, None for all."""

    def __init__(self, code: str, message: str, number: int | None = None) -> None:
        super().__init__(message if number is None else f"step {number}: {message}")
        self.code, self.number = code, number


@dataclass(frozen=True)
class Step:
    """Notify ``notify`` when ``after`` has passed since the alarm."""

    after: timedelta
    notify: str


@dataclass(frozen=True)
class Chain:
    """The steps of a policy in order of time; the last one is repeated until the ticket is acknowledged."""

    acknowledge_within: timedelta
    steps: tuple[Step, ...]
    repeat_every: timedelta

    def step(self, taken: int) -> Step:
        """Return the step that follows after ``taken`` steps."""
        return self.steps[min(taken, len(self.steps) - 1)]

    def next_at(self, taken: int, *, alarmed_at: datetime, at: datetime) -> datetime:
        """Return when the step after ``taken`` steps is due, the last of them taken at ``at``. Never None.

        A chain that fell behind (say, nothing ran for an hour) catches up at once, since its steps are overdue.
        """
        if taken < len(self.steps):
            return max(alarmed_at + self.steps[taken].after, at)
        return at + self.repeat_every

    def is_last(self, taken: int) -> bool:
        """Whether after ``taken`` steps only the last one is repeated."""
        return taken >= len(self.steps)


#: Used when a policy cannot be read: better to notify too many people than nobody.
LAST_RESORT = Chain(
    acknowledge_within=timedelta(minutes=5),
    steps=(Step(timedelta(0), CRISIS_TEAM),),
    repeat_every=timedelta(minutes=5),
)


def parse_steps(steps: Any) -> tuple[Step, ...]:
    """Parse steps as they are stored: ``[{"after_minutes": 0, "notify": "on_call"}, ...]``.

    Raises BadSteps.
    """
    if not isinstance(steps, Sequence) or isinstance(steps, str) or not steps:
        raise BadSteps("none", "a list of at least one step is needed")
    parsed = tuple(_step(number, step) for number, step in enumerate(steps, start=1))
    if parsed[0].after:
        raise BadSteps("not_at_once", "after_minutes of the first step is 0", 1)
    for number, (step, later) in enumerate(pairwise(parsed), start=2):
        if later.after <= step.after:
            raise BadSteps("not_later", "it is no later than the one before it", number)
    return parsed


def _step(number: int, step: Any) -> Step:
    if not isinstance(step, Mapping):
        raise BadSteps("no_object", "it is no object", number)
    minutes, notify = step.get("after_minutes"), step.get("notify")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 <= minutes <= MOST_MINUTES:
        raise BadSteps("no_minutes", "after_minutes is a number of minutes, at most a week", number)
    if not isinstance(notify, str) or not NOTIFIABLE.fullmatch(notify):
        who = f"{ON_CALL}, {BACKUP}, {CRISIS_TEAM}, {ADMINISTRATORS} or {TEAM}<slug>"
        raise BadSteps("nobody", f"notify is {who}", number)
    return Step(timedelta(minutes=minutes), notify)


def read_chain(policy: Mapping[str, Any]) -> Chain:
    """Parse a policy as it is frozen into a place. Raises ValueError for an invalid one."""
    try:
        within = timedelta(seconds=float(policy["acknowledge_within_seconds"]))
        repeat_every = timedelta(seconds=float(policy["repeat_every_seconds"]))
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no readable times: {error}") from error
    if within <= timedelta(0) or repeat_every <= timedelta(0):
        raise ValueError("times must be longer than nothing")
    return Chain(within, parse_steps(policy.get("steps")), repeat_every)
