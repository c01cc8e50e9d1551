"""Admit messages to the desk: open or reopen their tickets and route them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import Count

from config.kit.origins import Origin
from config.kit.remembered import remembered
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.models import Direction, Feedback, FeedbackState, Message, Topic
from tickets.desk.crisis_places import enter, enter_opened, is_urgent
from tickets.desk.hearing import hear
from tickets.desk.locks import hold_threads
from tickets.desk.models import EventKind, Ticket
from tickets.desk.opening import Opening, Plan, open_tickets
from tickets.queues.models import AccessLevel, Priority, Queue
from tickets.queues.services import crisis_queue, default_queue, queue_of, review_queue
from tickets.routing.decide import Conditions, Decision, Facts, RuleFacts, decide
from tickets.routing.models import Rule
from users.accounts.models import Availability, User


def admit(message: Message, assessment: Assessment, *, at: datetime) -> Ticket | None:
    """Open or reopen the ticket of one assessed incoming message, as ``admit_many`` does."""
    return admit_many([(message, assessment)], at=at)[0]


@transaction.atomic(savepoint=False)
def admit_many(assessed: Sequence[tuple[Message, Assessment]], *, at: datetime) -> list[Ticket | None]:
    """Open or reopen the tickets of assessed incoming messages, in order; urgent ones enter the crisis queue.

    Messages that need no answer, such as praise and imports that are not urgent, need no ticket and get None.
    Running twice is harmless: a feedback has one ticket, a message is recorded once, a ticket has one open place.
    Seven queries for any number of new threads, plus the configuration, which ``recall`` (``tickets.queues``) caches.
    """
    tickets: dict[int, Ticket | None] = {}
    waiting = sorted(assessed, key=lambda pair: pair[0].pk)
    while waiting:
        # Different threads are admitted together; messages of one thread one by one, in order.
        firsts = {message.feedback_id: (message, assessment) for message, assessment in reversed(waiting)}
        tickets |= _admit_threads(list(firsts.values()), at=at)
        waiting = [pair for pair in waiting if pair[0].pk not in tickets]
    return [tickets[message.pk] for message, _assessment in assessed]


def _admit_threads(
    assessed: Sequence[tuple[Message, Assessment]], *, at: datetime
) -> dict[int, Ticket | None]:
    """Admit one message of each thread and return the tickets by message key."""
    found: dict[int, Ticket | None] = {message.pk: None for message, _assessment in assessed}
    own = _held_tickets([message.feedback_id for message, _assessment in assessed])
    openings: list[Opening] = []
    closed = []
    for message, assessment in assessed:
        if (ticket := own.get(message.feedback_id)) is not None:
            found[message.pk] = _admit_to(ticket, message, assessment, at=at)
        elif not is_alarm(message, assessment) and needs_no_answer(message, assessment):
            closed.append(message.feedback_id)
        else:
            given = Counter(one.plan.assignee for one in openings)
            openings.append(Opening(message, assessment, _plan(message, assessment, given=given)))
    Feedback.objects.filter(pk__in=closed).update(state=FeedbackState.CLOSED)
    opened = list(zip(open_tickets(openings, at=at), openings, strict=True))
    enter_opened(
        [(ticket, one.message) for ticket, one in opened if is_alarm(one.message, one.assessment)], at=at
    )
    return found | {one.message.pk: ticket for ticket, one in opened}


def _held_tickets(feedback_ids: Sequence[int]) -> dict[int, Ticket]:
    """Lock the threads and return the existing tickets by feedback key."""
    tickets = Ticket.objects.filter(feedback__in=feedback_ids)
    hold_threads(*{ticket.top_id for ticket in tickets.only("merged_into")}, also=feedback_ids)
    # Read after locking: another message may have opened one, or an agent merged it, while we waited.
    return {own.feedback_id: own for own in tickets.select_related("queue", "merged_into__queue")}


def _admit_to(own: Ticket, message: Message, assessment: Assessment, *, at: datetime) -> Ticket:
    """Add ``message`` to ``own``, or to the ticket it was merged into."""
    ticket = own.merged_into or own
    if not is_opening(own, message):
        ticket = hear(ticket, message=message, assessment=assessment, at=at)
    if is_alarm(message, assessment):
        lane = UrgencyLane(assessment.lane)
        enter(ticket, category=assessment.category, lane=lane, message=message, at=at)
    return ticket


def is_alarm(message: Message, assessment: Assessment) -> bool:
    """Whether ``message`` enters the crisis queue: it is urgent and not imported. Urgent imports wait for review."""
    return is_urgent(assessment) and message.origin != Origin.IMPORT


def _plan(message: Message, assessment: Assessment, *, given: Mapping[User | None, int]) -> Plan:
    if message.origin == Origin.IMPORT:
        return review_plan()
    if is_urgent(assessment):
        return urgent_plan()
    return plan_for(facts_of(message.feedback, assessment), given=given)


def is_opening(ticket: Ticket, message: Message) -> bool:
    """Whether ``message`` is the one that opened ``ticket``."""
    return ticket.events.filter(kind=EventKind.OPENED, details__message=message.pk).exists()


def needs_no_answer(message: Message, assessment: Assessment) -> bool:
    """Whether a first message is only praise, a rating without words, automatic mail, or an import not urgent.

    One query when the message asks for nothing, otherwise none.
    """
    if message.origin == Origin.IMPORT:
        return assessment.lane == UrgencyLane.NONE
    said = Message.objects.filter(feedback_id=message.feedback_id, direction=Direction.IN)
    return asks_nothing(message, assessment) and not said.filter(pk__lt=message.pk).exists()


def asks_nothing(message: Message, assessment: Assessment) -> bool:
    """Whether ``message``, as the first of its thread, asks for no action."""
    return message.is_automatic or not message.text or assessment.topic == Topic.PRAISE


def facts_of(feedback: Feedback, assessment: Assessment) -> Facts:
    """Return the facts that rules can test for this feedback."""
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
    """Return what the active rules decide for ``facts``. The dry run makes the same call."""
    return decide(facts, active_rules())


@remembered
def active_rules() -> list[RuleFacts]:
    """Return the active rules in order. One query, cached for ``config.kit.remembered.SECONDS``."""
    return [_as_facts(rule) for rule in Rule.objects.filter(is_active=True).order_by("position", "id")]


def plan_for(facts: Facts, *, given: Mapping[User | None, int] = MappingProxyType({})) -> Plan:
    """Turn the rules' decision into a plan. Unless a rule says otherwise, amber goes to the review queue, HIGH.

    ``given`` counts the tickets assigned to each agent in this batch and not yet written.
    """
    decision = decision_for(facts)
    is_amber = facts.lane == UrgencyLane.AMBER
    if decision.queue_id is not None:
        queue = queue_of(decision.queue_id)
    else:
        queue = review_queue() if is_amber else default_queue()
    usual = Priority.HIGH if is_amber else Priority.NORMAL
    priority = usual if decision.priority is None else Priority(decision.priority)
    return Plan(
        queue=queue,
        priority=priority,
        assignee=least_busy(queue, given=given) if decision.assigns else None,
        tags=decision.tags,
    )


def urgent_plan() -> Plan:
    """Return the plan for an urgent message; rules do not apply."""
    return Plan(crisis_queue(), Priority.URGENT)


def review_plan() -> Plan:
    """Return the plan for an import that may be urgent."""
    return Plan(review_queue(), Priority.NORMAL)


def least_busy(queue: Queue, *, given: Mapping[User | None, int]) -> User | None:
    """Return the available agent with the fewest unsolved tickets in the teams that work ``queue``, None if none.

    ``given`` counts tickets that are assigned but not yet written. Two queries.
    """
    agents = User.objects.filter(
        teams__in=queue.accesses.filter(level=AccessLevel.WORK).values("team"),
        is_active=True,
        availability=Availability.AVAILABLE,
    ).distinct()
    loads = dict(
        Ticket.objects.unsolved()
        .filter(assignee__in=agents)
        .values_list("assignee")
        .annotate(load=Count("pk"))
    )
    return min(
        agents, key=lambda agent: (loads.get(agent.pk, 0) + given.get(agent, 0), agent.pk), default=None
    )


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
