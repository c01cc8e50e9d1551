"""What people and the system do to a ticket. Each verb writes its event in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.text import clean_line, clean_text
from feedback.analysis.models import Assessment
from feedback.intake.models import Feedback, Message
from tickets.desk.alarms import close_place, open_place, stop_alarm
from tickets.desk.models import EventKind, Status, Tag, Ticket, TicketEvent
from tickets.desk.transitions import OVER, WasMerged, move
from tickets.queues.models import AccessLevel, Priority, Queue, QueueAccess
from tickets.queues.services import Deadlines, deadlines
from users.accounts.models import User

SUBJECT_FROM_TEXT = 80


class ChangedMeanwhile(Refused):
    """A save came from a page older than the ticket."""

    code = "changed_meanwhile"


class NotInYourQueue(Refused):
    code = "not_in_your_queue"


class CannotWorkOn(Refused):
    code = "cannot_work_on"


class NotTakenYet(Refused):
    code = "not_taken_yet"


class EmptyNote(Refused):
    code = "empty"
    field = "text"


class EmptyTag(Refused):
    code = "empty"
    field = "tag"


@dataclass(frozen=True)
class Plan:
    """What routing decided for a new ticket."""

    queue: Queue
    priority: Priority
    assignee: User | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opening:
    """A message that opens the ticket of its feedback, what the analysis made of it, and what routing decided."""

    message: Message
    assessment: Assessment
    plan: Plan


def open_tickets(openings: Sequence[Opening], *, at: datetime) -> list[Ticket]:
    """Open a ticket for each of ``openings``, of different feedback that has none yet, in their order.

    Two queries, and one per tag. Raises IntegrityError when one has a ticket: the caller holds the feedback's
    locks and looked.
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
    # Nobody waits for an answer to what was imported.
    is_history = opening.message.feedback.origin == Origin.IMPORT
    return Deadlines(None, None) if is_history else deadlines(opening.plan.priority, at=at)


def ticket_of(opening: Opening, *, limits: Deadlines, at: datetime) -> Ticket:
    """Return the ticket that ``opening`` makes at ``at``, unsaved. No query."""
    message, assessment, plan = opening.message, opening.assessment, opening.plan
    feedback = message.feedback
    return Ticket(
        feedback=feedback,
        subject=feedback.subject or headline(message.text),
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


def headline(text: str) -> str:
    """Return the subject of a ticket whose feedback has none: the text's first words on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_FROM_TEXT else line[: SUBJECT_FROM_TEXT - 1] + "…"


@transaction.atomic
def hear(ticket: Ticket, *, message: Message, assessment: Assessment, at: datetime) -> Ticket:
    """Note that the customer wrote again: reopen, re-score to the worse of then and now.

    A second time for the same message changes nothing.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",)).select_related("feedback", "queue").get(pk=ticket.pk)
    )
    if ticket.events.filter(kind=EventKind.MESSAGE_IN, details__message=message.pk).exists():
        return ticket
    TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.MESSAGE_IN, at=at, details={"message": message.pk}
    )
    rescore(ticket, message, assessment)
    ticket.updated_at = at
    ticket.version += 1
    ticket.save(
        update_fields=[
            "last_customer_at", "sentiment", "flags", "is_sensitive", "urgency", "lane", "category",
            "updated_at", "version",
        ]
    )  # fmt: skip
    hide_whole_matter(ticket)
    if Status(ticket.status) in OVER or ticket.status in (Status.WAITING_ON_CUSTOMER, Status.ON_HOLD):
        wait_on_us(ticket, actor=None, at=at)
    return ticket


def rescore(ticket: Ticket, message: Message, assessment: Assessment) -> None:
    """Let ``ticket`` follow what the customer said now: as urgent as the worse of then and now. The caller saves it."""
    ticket.last_customer_at = max(ticket.last_customer_at, message.received_at)
    ticket.sentiment = assessment.sentiment
    ticket.flags = sorted({*ticket.flags, *assessment.flags})
    ticket.is_sensitive = ticket.is_sensitive or "sensitive" in assessment.flags
    if assessment.urgency > ticket.urgency:
        ticket.urgency, ticket.lane = assessment.urgency, assessment.lane
        ticket.category = assessment.category or ticket.category


def hide_whole_matter(ticket: Ticket) -> None:
    """Make what was merged into a sensitive ``ticket`` sensitive, too, and leave it so when they are parted.

    What is said in any of the threads, and answered in all, would else stand open in the one that went.
    """
    if ticket.is_sensitive:
        Ticket.objects.worked_on_as(ticket.top_id).filter(is_sensitive=False).update(is_sensitive=True)


def wait_on_us(ticket: Ticket, *, actor: User | None, at: datetime) -> None:
    """Move ``ticket`` back to us: what the customer said starts our clock anew."""
    limits = deadlines(Priority(ticket.priority), at=at)
    ticket.first_reply_due_at, ticket.first_replied_at = limits.first_reply_due_at, None
    ticket.solve_due_at = limits.solve_due_at
    ticket.save(update_fields=["first_reply_due_at", "first_replied_at", "solve_due_at"])
    move(ticket, Status.WAITING_ON_US, actor=actor, at=at)


def hold_threads(*tops: int, also: Collection[int] = ()) -> None:
    """Lock the feedback of the tickets ``tops`` and of all merged into them, and feedback ``also`` without a ticket,
    lowest first, until the transaction ends.

    Whoever changes several threads does it in this order, so that no two can wait for each other.
    """
    threads = Ticket.objects.none()
    for top in tops:
        threads = threads | Ticket.objects.worked_on_as(top)
    ids = threads.values_list("feedback", flat=True)
    # Two lists of keys joined in the statement would make PostgreSQL read the whole table.
    found = Feedback.objects.filter(pk__in={*also, *ids} if also else ids).order_by("pk")
    list(found.select_for_update().values_list("pk", flat=True))


def hold(ticket: Ticket) -> Ticket:
    """Lock the feedback and then its ticket, as every change of both must, and return the ticket fresh.

    In the caller's transaction; without this order an agent's answer and a customer's new message
    could wait for each other.
    """
    hold_threads(ticket.top_id)
    return locked(ticket.pk)


def locked(ticket_id: int) -> Ticket:
    """Return the ticket as it is now, locked; its feedback is locked already."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("feedback__channel", "feedback__customer", "feedback__address", "queue", "assignee")
        .get(pk=ticket_id)
    )


def may_work_on(ticket: Ticket, user: User) -> bool:
    """Whether ``user`` may change ``ticket``: administrators, the crisis team in its queue, teams that work it."""
    if not user.is_agent or not Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists():
        return False
    if user.is_administrator or (user.is_crisis_team and ticket.queue.is_crisis):
        return True
    return QueueAccess.objects.filter(
        queue_id=ticket.queue_id, team__members=user, level=AccessLevel.WORK
    ).exists()


def check_may_work_on(ticket: Ticket, user: User) -> None:
    """Raise CannotWorkOn unless ``user`` may change ``ticket``, WasMerged when it is worked on elsewhere."""
    if ticket.merged_into_id is not None:
        raise WasMerged(ticket)
    if not may_work_on(ticket, user):
        raise CannotWorkOn(_("You may read %(number)s but not change it.") % {"number": ticket.number})


def check_version(ticket: Ticket, version: int | None) -> None:
    """Raise ChangedMeanwhile when the page that is saved shows an older state than the ticket has."""
    if version is not None and version != ticket.version:
        raise ChangedMeanwhile(
            _(
                "%(number)s changed since you opened it. Your text is kept; look at what changed and send again."
            )
            % {"number": ticket.number}
        )


@transaction.atomic
def assign(ticket: Ticket, *, to: User | None, actor: User | None, at: datetime) -> TicketEvent:
    """Give ``ticket`` to ``to``, or to nobody. Raises NotInYourQueue when ``to`` cannot work its queue.

    Who takes an urgent ticket for themselves acknowledges it; given to someone else, it still waits for them.
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
    """Set the priority of ``ticket``; its deadlines follow the policy of the new one, from its opening."""
    old = Priority(ticket.priority)
    limits = deadlines(to, at=ticket.opened_at)
    waits = ticket.due_at is not None
    due = limits.solve_due_at if ticket.first_replied_at else limits.first_reply_due_at
    touch(
        ticket,
        at=at,
        priority=to,
        first_reply_due_at=limits.first_reply_due_at,
        solve_due_at=limits.solve_due_at,
        due_at=due if waits else None,
    )
    return TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.PRIORITISED, at=at, actor=actor, old=str(old.value), new=str(to.value)
    )


@transaction.atomic
def change_queue(
    ticket: Ticket, *, to: Queue, actor: User | None, at: datetime, reason: str = ""
) -> TicketEvent:
    """Move ``ticket`` to another queue; an assignee who cannot work there is released.

    Out of the crisis queue it goes only once someone took it, and leaves its place behind. Raises NotTakenYet.
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
    """Add an internal note, which no customer ever sees. Raises EmptyNote."""
    text = clean_text(text)
    if not text:
        raise EmptyNote(_("Write something: the note is empty."))
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.NOTED, at=at, actor=actor, note=text)


def add_tags(ticket: Ticket, names: Iterable[str]) -> None:
    """Tag ``ticket``; unknown tags are made."""
    for name in names:
        tag, _created = Tag.objects.get_or_create(name=name[:50])
        ticket.tags.add(tag)


@transaction.atomic
def tag(ticket: Ticket, name: str, *, actor: User, at: datetime) -> TicketEvent | None:
    """Tag ``ticket`` by hand; None when it had the tag. Raises EmptyTag."""
    name = clean_line(name).lstrip("#")[:50]
    if not name:
        raise EmptyTag(_("Write the tag."))
    if ticket.tags.filter(name=name).exists():
        return None
    add_tags(ticket, [name])
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.TAGGED, at=at, actor=actor, new=name)


@transaction.atomic
def untag(ticket: Ticket, name: str, *, actor: User, at: datetime) -> TicketEvent | None:
    """Take a tag off ``ticket``; None when it did not have it."""
    found = ticket.tags.filter(name=name).first()
    if found is None:
        return None
    ticket.tags.remove(found)
    touch(ticket, at=at)
    return TicketEvent.objects.create(ticket=ticket, kind=EventKind.TAGGED, at=at, actor=actor, old=name)


def touch(ticket: Ticket, *, at: datetime, **changes: object) -> None:
    """Write ``changes`` to ``ticket`` and count its version up; the caller writes the event that says why."""
    Ticket.objects.filter(pk=ticket.pk).update(**changes, updated_at=at, version=F("version") + 1)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.refresh_from_db(fields=["updated_at", "version"])
