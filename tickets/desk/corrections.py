"""Overrule the analysis of a ticket, so that the next model learns from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from feedback.analysis.models import CrisisCategory, UrgencyLane
from feedback.analysis.services import correct
from feedback.intake.models import Direction, Message, Topic
from tickets.desk.crisis_places import enter
from tickets.desk.locks import touch
from tickets.desk.models import CrisisPlace, EventKind, Ticket, TicketEvent
from users.accounts.models import User

#: The fields that people may correct, and their allowed values. The lane is corrected by raising an alarm
#: or calling a false alarm, which also take the steps that follow from it.
CORRECTABLE = {"topic": Topic.values, "category": CrisisCategory.values}


class NotCorrectable(Refused):
    code = "not_correctable"


@transaction.atomic
def correct_ticket(
    ticket: Ticket, *, field: str, new: str, actor: User, at: datetime, reason: str = ""
) -> TicketEvent:
    """Set ``field`` (topic or category) to ``new`` on ``ticket`` and its most urgent message.

    Raises NotCorrectable.
    """
    if new not in CORRECTABLE.get(field, ()):
        raise NotCorrectable(_("This cannot be corrected to that."), field=field)
    message = assessed_message(ticket)
    if message is not None:
        correct(message, field=field, new=new, actor=actor, at=at, reason=reason)
    old = getattr(ticket, field)
    touch(ticket, at=at, **{field: new})
    return TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.CORRECTED,
        at=at,
        actor=actor,
        old=old,
        new=new,
        note=reason,
        details={"field": field},
    )


@transaction.atomic
def raise_alarm(ticket: Ticket, *, category: CrisisCategory, actor: User, at: datetime) -> CrisisPlace:
    """Put ``ticket`` into the crisis queue because the analysis missed its urgency; return its place.

    Where the assessment of its most urgent message differs, lane and category are corrected, so that the next model
    learns from it.
    """
    message = assessed_message(ticket)
    if message is not None:
        was_missed = message.assessment.lane != UrgencyLane.RED
        if was_missed:
            correct(message, field="lane", new=UrgencyLane.RED, actor=actor, at=at)
        if was_missed or message.assessment.category != category:
            correct(message, field="category", new=category, actor=actor, at=at)
    # Lists mark urgent tickets by these fields: the agent's judgement replaces the model's, as in a false alarm.
    touch(ticket, at=at, lane=UrgencyLane.RED, category=category, urgency=1.0)
    place, _entered = enter(ticket, category=category, lane=UrgencyLane.RED, actor=actor, at=at)
    return place


def assessed_message(ticket: Ticket) -> Message | None:
    """Return the customer's most urgent assessed message, with its assessment; None when there is none."""
    return (
        Message.objects.filter(feedback=ticket.feedback_id, direction=Direction.IN, assessment__isnull=False)
        .select_related("assessment")
        .order_by("-assessment__urgency", "-pk")
        .first()
    )
