"""Changes that agents and the system make to a ticket. Each writes its event in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_text
from tickets.desk.access import check_may_work_on, may_work_on
from tickets.desk.alarms import close_place, open_place, stop_alarm
from tickets.desk.clocks import next_deadline, set_deadlines
from tickets.desk.locks import hold, touch
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.desk.transitions import move
from tickets.queues.models import Priority, Queue
from users.accounts.models import User


class NotInYourQueue(Refused):
    code = "not_in_your_queue"


class NotTakenYet(Refused):
    code = "not_taken_yet"


class EmptyNote(Refused):
    code = "empty"
    field = "text"


@transaction.atomic
def assign(ticket: Ticket, *, to: User | None, actor: User | None, at: datetime) -> TicketEvent:
    """Assign ``ticket`` to ``to``, None for nobody. Raises NotInYourQueue when ``to`` cannot work its queue.

    Agents who assign an urgent ticket to themselves acknowledge it; assigned to another agent, it still waits
    to be acknowledged.
    """
    if to is not None and not may_work_on(ticket, to):
        raise NotInYourQueue(
            _("%(name)s does not work the queue “%(queue)s”.") % {"name": to.name, "queue": ticket.queue}
        )
    old = ticket.assignee
    touch(ticket, at=at, assignee=to)
    if to is not None and ticket.status == Status.NEW:
        move(ticket, Status.OPEN, actor=actor, at=at)
    if to is not None and to == actor and (place := open_place(ticket)) is not None:
        stop_alarm(place, actor=to, at=at)
    return TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.ASSIGNED,
        at=at,
        actor=actor,
        old=old.username if old else "",
        new=to.username if to else "",
    )


@transaction.atomic
def prioritise(ticket: Ticket, *, to: Priority, actor: User | None, at: datetime) -> TicketEvent:
    """Set the priority of ``ticket``, and its deadlines by the new policy, counted from when its clocks started."""
    old, ticket.priority = Priority(ticket.priority), to
    set_deadlines(ticket)
    touch(
        ticket,
        at=at,
        priority=to,
        first_reply_due_at=ticket.first_reply_due_at,
        solve_due_at=ticket.solve_due_at,
        due_at=next_deadline(ticket) if ticket.due_at is not None else None,
    )
    return TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.PRIORITISED, at=at, actor=actor, old=str(old.value), new=str(to.value)
    )


@transaction.atomic
def change_queue(
    ticket: Ticket, *, to: Queue, actor: User | None, at: datetime, reason: str = ""
) -> TicketEvent:
    """Move ``ticket`` to another queue; an assignee who cannot work there is removed.

    Leaving the crisis queue closes its place there. Raises NotTakenYet when the place is not acknowledged.
    """
    old = ticket.queue
    if not to.is_crisis and (place := open_place(ticket)) is not None:
        if place.acknowledged_at is None:
            raise NotTakenYet(
                _("%(number)s is urgent: take it or call a false alarm before you move it.")
                % {"number": ticket.number}
            )
        close_place(place, actor=actor, at=at)
    touch(ticket, at=at, queue=to)
    if ticket.assignee is not None and not may_work_on(ticket, ticket.assignee):
        touch(ticket, at=at, assignee=None)
    return TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.QUEUED, at=at, actor=actor, old=old.slug, new=to.slug, note=reason
    )


@transaction.atomic
def add_note(ticket: Ticket, *, text: str, actor: User, at: datetime) -> TicketEvent:
    """Add an internal note, which no customer ever sees. Raises CannotWorkOn, EmptyNote, WasMerged."""
    ticket = hold(ticket)
    check_may_work_on(ticket, actor)
    text = clean_text(text)
    if not text:
        raise EmptyNote(_("Write something: the note is empty."))
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.NOTED, at=at, actor=actor, note=text)
