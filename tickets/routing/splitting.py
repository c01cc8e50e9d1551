"""Splitting a ticket that covers two matters: some of its messages become a new ticket."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.models import Feedback, Message
from feedback.intake.parting import part
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import open_place
from tickets.desk.crisis_places import acknowledge, enter, is_urgent
from tickets.desk.locks import hold, touch
from tickets.desk.models import EventKind, LinkKind, Ticket, TicketEvent, TicketLink
from tickets.desk.opening import Opening, open_tickets
from tickets.desk.services import NotTakenYet
from tickets.routing.services import facts_of, plan_for
from users.accounts.models import User


class CannotSplit(Refused):
    code = "cannot_split"
    field = "message"


@transaction.atomic
def split(
    ticket: Ticket, messages: Collection[uuid.UUID], *, subject: str = "", actor: User, at: datetime
) -> Ticket:
    """Move ``messages`` (public ids) of the customer from ``ticket`` into a new ticket; return it.

    It goes to the queue of ``ticket``. When that is the crisis queue, it stays there if the messages moved are urgent,
    acknowledged by ``actor``, and is routed by the rules otherwise. Merging the two joins the conversations again.
    A second call finds the messages gone. Raises CannotSplit, CannotPart, CannotWorkOn, NotTakenYet, WasMerged.
    """
    held = hold(ticket)
    check_may_work_on(held, actor)
    place = open_place(held)
    if place is not None and place.acknowledged_at is None:
        raise NotTakenYet(_("%(number)s is urgent: take it before you split it.") % {"number": held.number})
    made = part(held.feedback, messages, subject=subject)
    moved = _assessed(made)
    gravest = max((message.assessment for message in moved), key=lambda one: one.urgency)
    new = _opened(held, made, message=moved[0], assessment=gravest, at=at)
    if place is not None and is_urgent(gravest):
        lane = UrgencyLane(gravest.lane)
        place, _is_new = enter(new, category=gravest.category, lane=lane, at=at, actor=actor)
        acknowledge(place, actor=actor, at=at)
        new.refresh_from_db()
    _tell_both(held, new, moved, actor=actor, at=at)
    return new


def _assessed(made: Feedback) -> list[Message]:
    """Return the messages of ``made``, oldest first, with their assessments. Raises CannotSplit."""
    moved = list(made.messages.select_related("assessment").order_by("pk"))
    if not all(hasattr(message, "assessment") for message in moved):
        # It is not routed yet, and the worker doing so holds no lock that we could wait for.
        raise CannotSplit(_("One of these messages is still being read. Try again in a moment."))
    return moved


def _opened(
    held: Ticket, made: Feedback, *, message: Message, assessment: Assessment, at: datetime
) -> Ticket:
    plan = plan_for(facts_of(made, assessment))
    if not held.queue.is_crisis:
        # The new ticket stays where the agent who splits it can see it.
        plan = replace(plan, queue=held.queue, assignee=None)
    [new] = open_tickets([Opening(message, assessment, plan)], at=at)
    if held.is_sensitive and not new.is_sensitive:
        # Users who may not read the ticket may not read a part of it either.
        touch(new, at=at, is_sensitive=True)
    return new


def _tell_both(held: Ticket, new: Ticket, moved: Sequence[Message], *, actor: User, at: datetime) -> None:
    touch(held, at=at)
    keys = [message.pk for message in moved]
    TicketEvent.objects.create(
        ticket=held,
        kind=EventKind.SPLIT,
        at=at,
        actor=actor,
        new=new.number,
        details={"into": new.pk, "messages": keys},
    )
    TicketEvent.objects.create(
        ticket=new,
        kind=EventKind.SPLIT,
        at=at,
        actor=actor,
        old=held.number,
        details={"from": held.pk, "messages": keys},
    )
    TicketLink.objects.create(source=new, target=held, kind=LinkKind.SPLIT, at=at, actor=actor)
