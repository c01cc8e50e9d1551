"""Entering the crisis queue, and leaving it, which takes a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.analysis.services import correct
from feedback.analysis.urgency import PAGED_AT_AMBER
from feedback.intake.models import Direction, Message
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import close_place, open_place, stop_alarm
from tickets.desk.locks import hold
from tickets.desk.models import CrisisPlace, EventKind, Ticket, TicketEvent
from tickets.desk.services import assign, change_queue, prioritise
from tickets.queues.models import Priority, Queue
from tickets.queues.services import chain_of, crisis_queue, default_queue, escalation_policy, frozen
from users.accounts.models import User

PAGING_ORIGINS = (Origin.LIVE, Origin.DRILL)


class AlreadyAcknowledged(Refused):
    code = "already_acknowledged"


class ReasonNeeded(Refused):
    code = "reason_needed"
    field = "reason"


class NotInCrisisQueue(Refused):
    code = "not_in_crisis_queue"


def is_urgent(assessment: Assessment) -> bool:
    """Whether the message goes to the crisis queue: red, or amber in a category that cannot wait."""
    if assessment.lane == UrgencyLane.RED:
        return True
    return assessment.lane == UrgencyLane.AMBER and assessment.category in PAGED_AT_AMBER


@transaction.atomic
def enter(
    ticket: Ticket,
    *,
    category: str,
    lane: UrgencyLane,
    at: datetime,
    message: Message | None = None,
    actor: User | None = None,
) -> tuple[CrisisPlace, bool]:
    """Put ``ticket`` into the crisis queue with a deadline and a next step; return its place and whether it is new.

    ``message`` is the urgent one, ``actor`` the agent who raised the ticket by hand. A ticket already
    in the crisis queue keeps its one place:

    - More severe than before (red after amber, or a category with a shorter time to acknowledge): the
      alarm restarts even if the ticket was taken, since the agent acknowledged something less severe.
    - As severe, not yet acknowledged: nothing changes; a second message starts no second clock.
    - As severe, acknowledged: the agent has the policy's time to act on the ticket in any way, or the
      alarm restarts (``tickets.crisis.escalation``). Agents in an ongoing conversation are not paged
      for each of its messages.

    Calling it again for the same message changes nothing.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",)).select_related("queue", "feedback").get(pk=ticket.pk)
    )
    place = open_place(ticket)
    if message is not None and (known := _place_of(message, ticket)) is not None:
        return known, False
    if place is not None:
        _alarm_again(place, category=category, lane=lane, at=at, message=message, actor=actor)
        return place, False
    place = _new_place(ticket, category=category, lane=lane, at=at)
    place.save(force_insert=True)
    queue = crisis_queue()
    if ticket.queue_id != queue.pk:
        change_queue(ticket, to=queue, actor=actor, at=at)
    if ticket.priority != Priority.URGENT:
        prioritise(ticket, to=Priority.URGENT, actor=actor, at=at)
    TicketEvent.objects.create_all(
        [_event(place, EventKind.CRISIS_ENTERED, message=message, actor=actor, at=at)]
    )
    return place, True


def enter_opened(opened: Sequence[tuple[Ticket, Message]], *, at: datetime) -> list[CrisisPlace]:
    """Put tickets opened in this transaction into the crisis queue, each for its urgent message; return the places.

    No other transaction has seen them, so unlike ``enter`` it needs no lookups or locks. Two queries.
    """
    places = CrisisPlace.objects.bulk_create(
        _new_place(ticket, category=ticket.category, lane=UrgencyLane(ticket.lane), at=at)
        for ticket, _message in opened
    )
    TicketEvent.objects.create_all(
        _event(place, EventKind.CRISIS_ENTERED, message=message, at=at)
        for place, (_ticket, message) in zip(places, opened, strict=True)
    )
    return places


def _new_place(ticket: Ticket, *, category: str, lane: UrgencyLane, at: datetime) -> CrisisPlace:
    policy = frozen(escalation_policy(category))
    may_page = ticket.origin in PAGING_ORIGINS
    return CrisisPlace(
        ticket=ticket,
        category=category,
        lane=lane,
        policy=policy,
        entered_at=at,
        ack_due_at=at + chain_of(policy).acknowledge_within,
        next_step_at=at if may_page else None,
        may_page=may_page,
    )


def _place_of(message: Message, ticket: Ticket) -> CrisisPlace | None:
    """Return the place that ``message`` created or changed, None when it did neither."""
    event = ticket.events.filter(
        kind__in=(EventKind.CRISIS_ENTERED, EventKind.CRISIS_AGAIN), details__message=message.pk
    ).first()
    return CrisisPlace.objects.get(pk=event.details["place"]) if event else None


def _alarm_again(
    place: CrisisPlace,
    *,
    category: str,
    lane: UrgencyLane,
    at: datetime,
    message: Message | None,
    actor: User | None,
) -> None:
    policy = frozen(escalation_policy(category))
    old, new = chain_of(place.policy), chain_of(policy)
    is_graver = (lane == UrgencyLane.RED and place.lane != UrgencyLane.RED) or (
        new.acknowledge_within < old.acknowledge_within
    )
    if is_graver:
        place.category, place.lane, place.policy = category, lane, policy
        restart(place, at=at)
    elif place.acknowledged_at is not None and (place.next_step_at is None or has_reacted(place)):
        place.ack_due_at = at + old.acknowledge_within
        place.next_step_at = place.ack_due_at if place.may_page else None
    else:
        return
    place.save()
    TicketEvent.objects.create_all(
        [_event(place, EventKind.CRISIS_AGAIN, message=message, actor=actor, at=at)]
    )


def restart(place: CrisisPlace, *, at: datetime) -> None:
    """Restart the alarm of ``place`` at ``at``, unacknowledged; the caller saves it."""
    place.ack_due_at = at + chain_of(place.policy).acknowledge_within
    place.step, place.next_step_at = 0, at if place.may_page else None
    place.acknowledged_at = place.acknowledged_by = None


def has_reacted(place: CrisisPlace) -> bool:
    """Whether anyone has acted on the ticket since the alarm of ``place`` began, other than by raising it again."""
    began_at = place.ack_due_at - chain_of(place.policy).acknowledge_within
    done = TicketEvent.objects.filter(ticket_id=place.ticket_id, actor__isnull=False, at__gte=began_at)
    return done.exclude(kind=EventKind.CRISIS_AGAIN).exists()


@transaction.atomic
def acknowledge(place: CrisisPlace, *, actor: User, at: datetime) -> None:
    """Acknowledge the urgent ticket: escalation ends and the ticket is assigned to ``actor``.

    Raises CannotWorkOn, NotInCrisisQueue, or AlreadyAcknowledged: when two run concurrently, the first one wins.
    """
    ticket = hold(place.ticket)
    check_may_work_on(ticket, actor)
    if not stop_alarm(place, actor=actor, at=at):
        place.refresh_from_db()
        raise no_longer_waiting(place)
    if ticket.assignee_id != actor.pk:
        assign(ticket, to=actor, actor=actor, at=at)


def no_longer_waiting(place: CrisisPlace) -> Refused:
    """Return the refusal for an agent who acts on the alarm of ``place`` after it was taken or ended."""
    if place.closed_at is not None:
        return NotInCrisisQueue(_("This ticket is no longer in the crisis queue."))
    name = place.acknowledged_by.name if place.acknowledged_by else _("someone else")
    return AlreadyAcknowledged(_("%(name)s took this ticket already.") % {"name": name})


@transaction.atomic
def call_false_alarm(place: CrisisPlace, *, reason: str, actor: User, at: datetime) -> None:
    """Take the ticket out of the crisis queue as not urgent, restoring its former queue and priority.

    The correction trains the next model. Raises ReasonNeeded, CannotWorkOn, NotInCrisisQueue.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded(_("Say why this is a false alarm: the model learns from it."))
    ticket = hold(place.ticket)
    check_may_work_on(ticket, actor)
    if not close_place(place, actor=actor, at=at, false_alarm_reason=reason):
        raise NotInCrisisQueue(_("This ticket is no longer in the crisis queue."))
    message = (
        ticket.feedback.messages.filter(assessment__lane=place.lane, direction=Direction.IN)
        .order_by("-pk")
        .first()
    )
    if message is not None:
        correct(message, field="lane", new=UrgencyLane.NONE, actor=actor, at=at, reason=reason)
    # The agent's judgement replaces the model's; a later message is compared with zero urgency.
    ticket.lane, ticket.category, ticket.urgency = UrgencyLane.NONE, "", 0.0
    ticket.save(update_fields=["lane", "category", "urgency"])
    queue, priority = _before_the_crisis(ticket)
    change_queue(ticket, to=queue, actor=actor, at=at)
    prioritise(ticket, to=priority, actor=actor, at=at)


def _before_the_crisis(ticket: Ticket) -> tuple[Queue, Priority]:
    """Return the queue and priority that ``ticket`` had before it entered the crisis queue."""
    events = ticket.events.order_by("-pk")
    moved = events.filter(kind=EventKind.QUEUED, new=crisis_queue().slug).first()
    raised = events.filter(kind=EventKind.PRIORITISED, new=str(Priority.URGENT.value)).first()
    queue = Queue.objects.filter(slug=moved.old, is_crisis=False).first() if moved else None
    return queue or default_queue(), Priority(int(raised.old)) if raised else Priority.NORMAL


def _event(
    place: CrisisPlace, kind: EventKind, *, message: Message | None, at: datetime, actor: User | None = None
) -> TicketEvent:
    details = {"place": place.pk, "lane": place.lane} | ({"message": message.pk} if message else {})
    return TicketEvent(
        ticket_id=place.ticket_id, kind=kind, at=at, actor=actor, new=place.category, details=details
    )
