"""Admit a message to the desk: open or reopen its ticket, send it where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from config.kit.origins import Origin
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.analysis.urgency import PAGED_AT_AMBER
from feedback.intake.models import Direction, Feedback, FeedbackState, Message, Topic
from feedback.intake.services import show_state
from tickets.desk.crisis_places import enter
from tickets.desk.models import UNSOLVED, Ticket
from tickets.desk.services import Plan, hear, hold_threads, open_ticket
from tickets.queues.models import AccessLevel, Priority, Queue
from tickets.queues.services import crisis_queue, default_queue, review_queue
from tickets.routing.decide import Conditions, Decision, Facts, RuleFacts, decide
from tickets.routing.models import Rule
from users.accounts.models import Availability, User


def is_urgent(assessment: Assessment) -> bool:
    """Whether the message goes to the crisis queue: red, or amber of a category that leaves no time."""
    if assessment.lane == UrgencyLane.RED:
        return True
    return assessment.lane == UrgencyLane.AMBER and assessment.category in PAGED_AT_AMBER


@transaction.atomic(savepoint=False)
def admit(message: Message, assessment: Assessment, *, at: datetime) -> Ticket | None:
    """Open or reopen the ticket of an assessed incoming message; urgent ones enter the crisis queue.

    Praise that asks for nothing and imports that are not urgent need no ticket: returns None. Twice is
    harmless: the feedback has one ticket, a message is heard once, a ticket has one open place.
    """
    own = Ticket.objects.filter(feedback=message.feedback_id).only("merged_into").first()
    if own is not None:
        hold_threads(own.top_id)
    feedback = Feedback.objects.select_for_update().get(pk=message.feedback_id)
    # Only now: another message may have opened it, or an agent merged it, while we waited.
    own = Ticket.objects.select_related("queue", "merged_into__queue").filter(feedback=feedback).first()
    ticket = (own.merged_into or own) if own is not None else None
    # What happened long ago and elsewhere pages nobody: what may be urgent waits to be reviewed.
    is_history = message.origin == Origin.IMPORT
    urgent = is_urgent(assessment) and not is_history
    if own is not None and ticket is not None:
        if not is_opening(own, message):
            ticket = hear(ticket, message=message, assessment=assessment, at=at)
    elif not urgent and needs_no_answer(message, assessment):
        show_state(feedback, FeedbackState.CLOSED)
        return None
    else:
        facts = facts_of(message.feedback, assessment)
        plan = review_plan() if is_history else urgent_plan() if urgent else plan_for(facts)
        ticket = open_ticket(feedback, message=message, assessment=assessment, plan=plan, at=at)
    if urgent:
        lane = UrgencyLane(assessment.lane)
        enter(ticket, category=assessment.category, lane=lane, message=message, at=at)
    return ticket


def is_opening(ticket: Ticket, message: Message) -> bool:
    """Whether ``message`` is the one that opened ``ticket``."""
    return ticket.events.filter(kind="opened", details__message=message.pk).exists()


def needs_no_answer(message: Message, assessment: Assessment) -> bool:
    """Whether a first message is only praise, a rating without words, an automatic mail, or harmless history."""
    if message.origin == Origin.IMPORT:
        return assessment.lane == UrgencyLane.NONE
    if Message.objects.filter(
        feedback_id=message.feedback_id, direction=Direction.IN, pk__lt=message.pk
    ).exists():
        return False
    return asks_nothing(message, assessment)


def asks_nothing(message: Message, assessment: Assessment) -> bool:
    """Whether ``message``, opening its thread, wants no person to do anything."""
    return message.is_automatic or not message.text or assessment.topic == Topic.PRAISE


def close_history(
    assessed: Sequence[tuple[Message, Assessment]],
) -> list[tuple[Message, Assessment]]:
    """Close the feedback of imports that are not urgent, all at once, and return the others.

    What ``admit`` would do with each; thousands of imported reviews need no look at each.
    """
    harmless = [
        message.feedback_id
        for message, assessment in assessed
        if message.origin == Origin.IMPORT and needs_no_answer(message, assessment)
    ]
    Feedback.objects.filter(pk__in=harmless).update(state=FeedbackState.CLOSED)
    return [pair for pair in assessed if pair[0].feedback_id not in set(harmless)]


def facts_of(feedback: Feedback, assessment: Assessment) -> Facts:
    """Return what rules may ask about this feedback."""
    return Facts(
        channel_kind=feedback.channel.kind,
        topic=assessment.topic,
        category=assessment.category,
        lane=assessment.lane,
        segment=feedback.customer.segment,
        language=assessment.language,
        urgency=assessment.urgency,
        sentiment=assessment.sentiment,
    )


def decision_for(facts: Facts) -> Decision:
    """Return what the active rules say about ``facts``: the dry run is this very call."""
    return decide(facts, active_rules())


def active_rules() -> list[RuleFacts]:
    """Return the active rules in their order. One query."""
    return [_as_facts(rule) for rule in Rule.objects.filter(is_active=True).order_by("position", "id")]


def plan_for(facts: Facts) -> Plan:
    """Turn the rules' decision into a plan. Where no rule spoke, amber goes to be reviewed, high."""
    decision = decision_for(facts)
    is_amber = facts.lane == UrgencyLane.AMBER
    if decision.queue_id is not None:
        queue = Queue.objects.get(pk=decision.queue_id)
    else:
        queue = review_queue() if is_amber else default_queue()
    usual = Priority.HIGH if is_amber else Priority.NORMAL
    priority = usual if decision.priority is None else Priority(decision.priority)
    return Plan(
        queue=queue,
        priority=priority,
        assignee=least_busy(queue) if decision.assigns else None,
        tags=decision.tags,
    )


def urgent_plan() -> Plan:
    """Return the plan for an urgent message, which no rule changes."""
    return Plan(crisis_queue(), Priority.URGENT)


def review_plan() -> Plan:
    """Return the plan for an import that may be urgent."""
    return Plan(review_queue(), Priority.NORMAL)


def least_busy(queue: Queue) -> User | None:
    """Return the available agent of ``queue``'s working teams with the fewest unsolved tickets, or None."""
    agents = User.objects.filter(
        teams__in=queue.accesses.filter(level=AccessLevel.WORK).values("team"),
        is_active=True,
        availability=Availability.AVAILABLE,
    ).distinct()
    loads = dict(
        Ticket.objects.filter(assignee__in=agents, status__in=UNSOLVED)
        .values_list("assignee")
        .annotate(load=Count("pk", filter=Q()))
    )
    return min(agents, key=lambda agent: (loads.get(agent.pk, 0), agent.pk), default=None)


def _as_facts(rule: Rule) -> RuleFacts:
    return RuleFacts(
        rule_id=rule.pk,
        conditions=Conditions(
            channel_kinds=tuple(rule.channel_kinds),
            topics=tuple(rule.topics),
            categories=tuple(rule.categories),
            lanes=tuple(rule.lanes),
            segments=tuple(rule.segments),
            languages=tuple(rule.languages),
            urgency_from=rule.urgency_from,
            sentiment_up_to=rule.sentiment_up_to,
        ),
        queue_id=rule.queue_id,
        priority=rule.priority,
        tags=tuple(rule.tags),
        assigns=rule.assigns,
    )
