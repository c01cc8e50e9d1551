"""When a sender may expect an answer. Whoever answers registers the rule; intake knows no tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

#: ``rule(is_urgent, at)`` returns when an answer to what came at ``at`` is due, None where nobody promised.
Rule = Callable[[bool, datetime], datetime | None]

_rules: list[Rule] = []


def register_expectation(rule: Rule) -> None:
    """Make ``rule`` the one that is asked."""
    _rules[:] = [rule]


def answer_due_at(*, is_urgent: bool, at: datetime) -> datetime | None:
    """Return by when what came at ``at`` is answered, None where nothing is promised."""
    return _rules[0](is_urgent, at) if _rules else None
