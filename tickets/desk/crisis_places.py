"""Into the crisis queue, and out of it only by a person's decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from feedback.analysis.models import UrgencyLane
from feedback.analysis.services import correct
from tickets.desk.models import CrisisPlace, EventKind, Status, Ticket, TicketEvent
from tickets.desk.services import assign, change_queue, prioritise
from tickets.queues.models import Priority
from tickets.queues.services import crisis_queue, default_queue, escalation_policy, frozen
from users.accounts.models import User

PAGING_ORIGINS = (Origin.LIVE, Origin.DRILL)


class AlreadyAcknowledged(Refused):
    code = "already_acknowledged"


class ReasonNeeded(Refused):
    code = "reason_needed"
    field = "reason"


class NotInCrisisQueue(Refused):
    code = "not_in_crisis_queue"


@transaction.atomic
def enter(ticket: Ticket, *, category: str, lane: UrgencyLane, at: datetime) -> tuple[CrisisPlace, bool]:
    """Put ``ticket`` into the crisis queue with a deadline and a next step; return its place and whether new.

    A ticket that is there already keeps its place, so a second urgent message starts no second clock;
    but one that was acknowledged must be acknowledged again when the customer turns urgent anew after that.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",)).select_related("queue", "feedback").get(pk=ticket.pk)
    )
    place = ticket.crisis_places.filter(closed_at=None).first()
    if place is not None:
        return place, False
    policy = frozen(escalation_policy(category))
    within = timedelta(seconds=float(policy["acknowledge_within_seconds"]))  # type: ignore[arg-type]
    may_page = ticket.origin in PAGING_ORIGINS
    place = CrisisPlace.objects.create(
        ticket=ticket,
        category=category,
        lane=lane,
        policy=policy,
        entered_at=at,
        ack_due_at=at + within,
        next_step_at=at if may_page else None,
        may_page=may_page,
    )
    queue = crisis_queue()
    if ticket.queue_id != queue.pk:
        change_queue(ticket, to=queue, actor=None, at=at)
    if ticket.priority != Priority.URGENT:
        prioritise(ticket, to=Priority.URGENT, actor=None, at=at)
    TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.CRISIS_ENTERED,
        at=at,
        new=category,
        details={"place": place.pk, "lane": lane},
    )
    return place, True


@transaction.atomic
def acknowledge(place: CrisisPlace, *, actor: User, at: datetime) -> TicketEvent:
    """Take the urgent ticket: escalation ends, the ticket is ``actor``'s. Raises AlreadyAcknowledged."""
    taken = CrisisPlace.objects.filter(pk=place.pk, acknowledged_at=None, closed_at=None).update(
        acknowledged_at=at, acknowledged_by=actor, next_step_at=None
    )
    place.refresh_from_db()
    if not taken:
        who = place.acknowledged_by.name if place.acknowledged_by else _("someone else")
        raise AlreadyAcknowledged(_("%(name)s took this ticket already.") % {"name": who})
    event = TicketEvent.objects.create(
        ticket=place.ticket,
        kind=EventKind.CRISIS_ACKNOWLEDGED,
        at=at,
        actor=actor,
        details={"place": place.pk},
    )
    assign(place.ticket, to=actor, actor=actor, at=at)
    return event


@transaction.atomic
def call_false_alarm(place: CrisisPlace, *, reason: str, actor: User, at: datetime) -> TicketEvent:
    """Take the ticket out of the crisis queue as not urgent; the correction trains the next model.

    Raises ReasonNeeded, NotInCrisisQueue.
    """
    if not reason.strip():
        raise ReasonNeeded(_("Say why this is a false alarm: the model learns from it."))
    _close(place, at=at, false_alarm_reason=reason.strip()[:300])
    ticket = place.ticket
    message = (
        ticket.feedback.messages.filter(assessment__lane=place.lane, direction="in").order_by("-pk").first()
    )
    if message is not None:
        correct(message, field="lane", new=UrgencyLane.NONE, actor=actor, at=at, reason=reason)
    event = TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.CRISIS_FALSE_ALARM,
        at=at,
        actor=actor,
        note=reason.strip(),
        details={"place": place.pk},
    )
    change_queue(ticket, to=default_queue(), actor=actor, at=at)
    prioritise(ticket, to=Priority.NORMAL, actor=actor, at=at)
    return event


@transaction.atomic
def leave(place: CrisisPlace, *, actor: User | None, at: datetime) -> TicketEvent:
    """Close the place of a ticket that is solved. Raises NotInCrisisQueue."""
    _close(place, at=at)
    return TicketEvent.objects.create(
        ticket=place.ticket, kind=EventKind.CRISIS_LEFT, at=at, actor=actor, details={"place": place.pk}
    )


def _close(place: CrisisPlace, *, at: datetime, **changes: str) -> None:
    closed = CrisisPlace.objects.filter(pk=place.pk, closed_at=None).update(
        closed_at=at, next_step_at=None, **changes
    )
    if not closed:
        raise NotInCrisisQueue(_("This ticket is no longer in the crisis queue."))
    place.refresh_from_db()


def close_with_ticket(ticket: Ticket, *, actor: User | None, at: datetime) -> None:
    """Close the open place, if any, of a ticket that was just solved or closed."""
    if ticket.status not in (Status.SOLVED, Status.CLOSED):
        return
    place = ticket.crisis_places.filter(closed_at=None).first()
    if place is not None:
        leave(place, actor=actor, at=at)
