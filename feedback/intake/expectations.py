"""When a sender may expect an answer. The rule is registered from outside; intake does not know tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

#: ``rule(is_urgent, at)`` returns when the answer to a message received at ``at`` is due, None when none is promised.
Rule = Callable[[bool, datetime], datetime | None]

_rules: list[Rule] = []


def register_expectation(rule: Rule) -> None:
    """Register ``rule``, replacing any earlier one."""
    _rules[:] = [rule]


def answer_due_at(*, is_urgent: bool, at: datetime) -> datetime | None:
    """Return when the answer to a message received at ``at`` is due, None when none is promised."""
    return _rules[0](is_urgent, at) if _rules else None
