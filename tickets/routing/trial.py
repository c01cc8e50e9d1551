"""Try the rules on a text: show what would happen to it, and which rules decide so. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from config.kit.languages import own_name
from feedback.analysis.assess import Assessed, Context, assess
from feedback.analysis.corrections import current_lessons
from feedback.analysis.models import Assessment, CrisisCategory, UrgencyLane
from feedback.intake.models import Topic
from tickets.desk.crisis_places import is_urgent
from tickets.desk.opening import Plan
from tickets.routing.decide import Facts
from tickets.routing.models import Rule
from tickets.routing.services import active_rules, decision_for, plan_for, urgent_plan


@dataclass(frozen=True)
class Trial:
    """The outcome for one text; ``rules`` are those that matched, in the order they ran."""

    assessed: Assessed
    facts: Facts
    plan: Plan
    rules: tuple[Rule, ...]
    is_urgent: bool

    @property
    def language(self) -> str:
        return own_name(self.facts.language) or "–"

    @property
    def topic(self) -> str:
        return str(Topic(self.facts.topic).label)

    @property
    def lane(self) -> str:
        """The urgency lane, with the crisis category if there is one."""
        words = [UrgencyLane(self.facts.lane).label]
        if self.facts.category:
            words.append(CrisisCategory(self.facts.category).label)
        return ", ".join(map(str, words))


def try_rules(text: str, *, channel_kind: str, segment: str) -> Trial:
    """Assess ``text`` and apply the active rules, with the same functions as for real messages."""
    # The administrator may have changed a rule a moment ago.
    active_rules.forget()
    assessed = assess(text, context=Context(), lessons=current_lessons())
    # Not saved: it only derives the lane and category the way a stored one does.
    judged = Assessment(lane=assessed.lane, categories=[list(pair) for pair in assessed.categories])
    facts = Facts(
        channel_kind=channel_kind,
        topic=assessed.topic,
        category=judged.category,
        lane=UrgencyLane(assessed.lane),
        segment=segment,
        language=assessed.language,
        urgency=assessed.urgency,
        sentiment=assessed.sentiment,
    )
    urgent = is_urgent(judged)
    held = decision_for(facts).rule_ids
    rules = Rule.objects.select_related("queue").in_bulk(held)
    return Trial(
        assessed=assessed,
        facts=facts,
        plan=urgent_plan() if urgent else plan_for(facts),
        rules=() if urgent else tuple(rules[rule_id] for rule_id in held),
        is_urgent=urgent,
    )
