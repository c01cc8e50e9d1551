"""Opening tickets for the messages that need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.kit.origins import Origin
from config.kit.text import shortened
from feedback.analysis.models import Assessment
from feedback.intake.models import Message
from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.desk.tagging import add_tags
from tickets.queues.models import Priority, Queue
from tickets.queues.services import Deadlines, deadlines
from users.accounts.models import User

#: A ticket whose feedback has no subject takes this many characters of its message instead.
SUBJECT_FROM_TEXT = 80


@dataclass(frozen=True)
class Plan:
    """What routing decided for a new ticket."""

    queue: Queue
    priority: Priority
    assignee: User | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opening:
    """A message that opens the ticket of its feedback, with its assessment and what routing decided."""

    message: Message
    assessment: Assessment
    plan: Plan


def open_tickets(openings: Sequence[Opening], *, at: datetime) -> list[Ticket]:
    """Open a ticket for each of ``openings`` and return them in that order.

    Each must be of different feedback that has no ticket yet: the caller locks the feedback and checks.
    Raises IntegrityError when one has a ticket. Two queries, and a few per tag.
    """
    tickets = Ticket.objects.bulk_create(
        [ticket_of(opening, limits=_limits(opening, at=at), at=at) for opening in openings]
    )
    TicketEvent.objects.create_all(
        TicketEvent(
            ticket=ticket,
            kind=EventKind.OPENED,
            at=at,
            new=opening.plan.queue.slug,
            details={"message": opening.message.pk},
        )
        for ticket, opening in zip(tickets, openings, strict=True)
    )
    for ticket, opening in zip(tickets, openings, strict=True):
        add_tags(ticket, opening.plan.tags)
    return tickets


def _limits(opening: Opening, *, at: datetime) -> Deadlines:
    # Nobody is waiting for an answer to imported feedback.
    is_history = opening.message.feedback.origin == Origin.IMPORT
    return Deadlines(None, None) if is_history else deadlines(opening.plan.priority, at=at)


def ticket_of(opening: Opening, *, limits: Deadlines, at: datetime) -> Ticket:
    """Return the unsaved ticket for ``opening``, opened at ``at``. No query."""
    message, assessment, plan = opening.message, opening.assessment, opening.plan
    feedback = message.feedback
    return Ticket(
        feedback=feedback,
        subject=feedback.subject or shortened(message.text, SUBJECT_FROM_TEXT),
        priority=plan.priority,
        queue=plan.queue,
        assignee=plan.assignee,
        topic=assessment.topic,
        language=assessment.language,
        urgency=assessment.urgency,
        lane=assessment.lane,
        category=assessment.category,
        flags=assessment.flags,
        is_sensitive="sensitive" in assessment.flags,
        sentiment=assessment.sentiment,
        origin=feedback.origin,
        opened_at=at,
        updated_at=at,
        last_customer_at=message.received_at,
        first_reply_due_at=limits.first_reply_due_at,
        solve_due_at=limits.solve_due_at,
        due_at=limits.first_reply_due_at,
    )
