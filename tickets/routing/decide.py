"""Decide where a ticket goes from facts and rules alone. Pure: no Django, no models, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """The facts that rules can test: codes as stored, ``urgency`` 0..1, ``sentiment`` -1..1."""

    channel_kind: str
    topic: str
    category: str
    lane: str
    segment: str
    language: str
    urgency: float
    sentiment: float


@dataclass(frozen=True)
class Conditions:
    """The conditions of a rule; empty tuples and None match anything."""

    channel_kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urgency_from: float | None = None
    sentiment_up_to: float | None = None

    def hold(self, facts: Facts) -> bool:
        """Whether every condition holds for ``facts``."""
        return (
            _any_of(self.channel_kinds, facts.channel_kind)
            and _any_of(self.topics, facts.topic)
            and _any_of(self.categories, facts.category)
            and _any_of(self.lanes, facts.lane)
            and _any_of(self.segments, facts.segment)
            and _any_of(self.languages, facts.language)
            and (self.urgency_from is None or facts.urgency >= self.urgency_from)
            and (self.sentiment_up_to is None or facts.sentiment <= self.sentiment_up_to)
        )


@dataclass(frozen=True)
class RuleFacts:
    """One rule; None for ``queue_id`` or ``priority`` leaves it to later rules."""

    rule_id: int
    conditions: Conditions
    queue_id: int | None = None
    priority: int | None = None
    tags: tuple[str, ...] = ()
    assigns: bool = False


@dataclass(frozen=True)
class Decision:
    """The combined outcome of the rules; ``rule_ids`` are those that matched, in order."""

    queue_id: int | None = None
    priority: int | None = None
    tags: tuple[str, ...] = ()
    assigns: bool = False
    rule_ids: tuple[int, ...] = field(default=())


def decide(facts: Facts, rules: Sequence[RuleFacts]) -> Decision:
    """Apply ``rules`` in order: the first match that sets the queue or priority wins, and tags accumulate."""
    held = [rule for rule in rules if rule.conditions.hold(facts)]
    return Decision(
        queue_id=next((rule.queue_id for rule in held if rule.queue_id is not None), None),
        priority=next((rule.priority for rule in held if rule.priority is not None), None),
        tags=tuple(dict.fromkeys(tag for rule in held for tag in rule.tags)),
        assigns=any(rule.assigns for rule in held),
        rule_ids=tuple(rule.rule_id for rule in held),
    )


def _any_of(wanted: tuple[str, ...], value: str) -> bool:
    return not wanted or value in wanted
