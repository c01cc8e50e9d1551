"""Overrule what the analysis said of a ticket, so that the next model learns from it."""

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

#: Which fields people correct, and to what. The lane is corrected by raising to the crisis queue or
#: by calling a false alarm, which do what follows from it.
CORRECTABLE = {"topic": Topic.values, "category": CrisisCategory.values}


class NotCorrectable(Refused):
    code = "not_correctable"


@transaction.atomic
def correct_ticket(
    ticket: Ticket, *, field: str, new: str, actor: User, at: datetime, reason: str = ""
) -> TicketEvent:
    """Set ``field`` (topic or category) of ``ticket`` to ``new``, on the gravest message too. Raises NotCorrectable."""
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
    """Put ``ticket`` into the crisis queue because ``actor`` sees what the analysis missed; return its place.

    Where the analysis of its gravest message differs, lane and category are corrected: the next model learns from it.
    """
    message = assessed_message(ticket)
    if message is not None:
        was_missed = message.assessment.lane != UrgencyLane.RED
        if was_missed:
            correct(message, field="lane", new=UrgencyLane.RED, actor=actor, at=at)
        if was_missed or message.assessment.category != category:
            correct(message, field="category", new=category, actor=actor, at=at)
    # Lists mark what is urgent by the ticket: a person's word replaces the model's, as a false alarm's does.
    touch(ticket, at=at, lane=UrgencyLane.RED, category=category, urgency=1.0)
    place, _entered = enter(ticket, category=category, lane=UrgencyLane.RED, actor=actor, at=at)
    return place


def assessed_message(ticket: Ticket) -> Message | None:
    """Return the customer's message that the analysis found most urgent, with its assessment; None without one."""
    return (
        Message.objects.filter(feedback=ticket.feedback_id, direction=Direction.IN, assessment__isnull=False)
        .select_related("assessment")
        .order_by("-assessment__urgency", "-pk")
        .first()
    )
