"""Let an answer wait some seconds before it leaves, so that its author can take it back.

Sending, taking back and letting it leave each lock the ticket first, so concurrent calls run one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.live import Note, tell
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from feedback.intake.services import checked_answer
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import open_place
from tickets.desk.drafts import add_to_draft, chosen_draft_files, discard_draft, take_draft_files
from tickets.desk.locks import ChangedMeanwhile, check_version, hold, touch
from tickets.desk.models import (
    UNSEEN,
    DeskSettings,
    EventKind,
    Status,
    Ticket,
    TicketEvent,
    WaitingReply,
    WaitingState,
)
from tickets.desk.transitions import MOVES, MoveNotAllowed
from tickets.queues.models import Priority
from tickets.replies.services import Replied, answer, reply
from users.accounts.models import User
from users.profiles.services import hold_unerased

#: The outbox kind whose handler sends an answer that waited.
ANSWER_LEAVES = "answer.leaves"
#: The kind of note sent to pages of the ticket when an answer waits or is settled: no event is written.
LEAVING = "leaving"
#: Events that happen on their own and cannot make an answer wrong.
HARMLESS = (EventKind.OVERDUE, EventKind.CRISIS_ESCALATED, EventKind.DELIVERY_FAILED)
#: How long settled rows are kept.
KEPT_FOR = timedelta(days=30)


class LeftAlready(Refused):
    code = "left_already"


@transaction.atomic
def send(
    ticket: Ticket,
    *,
    text: str,
    author: User,
    at: datetime,
    language: str,
    file_ids: Sequence[UUID] = (),
    version: int | None = None,
    then: Status | None = Status.WAITING_ON_CUSTOMER,
) -> WaitingReply | Replied:
    """Send ``author``'s answer after the delay that administrators chose; at once if it is 0.

    Raises what ``reply`` does, with or without a delay. An urgent ticket is answered at once, since its alarm would
    continue while the answer waits. An earlier answer of ``author`` that waits on ``ticket`` leaves first.
    """
    ticket = _hold(ticket)
    check_may_work_on(ticket, author)
    check_version(ticket, version)
    for earlier in ticket.waiting_replies.leaving().filter(author=author).order_by("pk"):
        _let_go(earlier, ticket, at=at)
    seconds = 0 if _is_urgent(ticket) else DeskSettings.objects.get().undo_seconds
    if not seconds:
        return reply(ticket, text=text, author=author, at=at, language=language, file_ids=file_ids, then=then)
    files = chosen_draft_files(ticket, file_ids, author=author)
    text = checked_answer(text, list(files.values_list("size_bytes", flat=True)))
    if then is not None and then != ticket.status and then not in MOVES[Status(ticket.status)]:
        raise MoveNotAllowed(ticket, then)
    waiting = WaitingReply.objects.create(
        ticket=ticket,
        author=author,
        text=text,
        language=language,
        then=then or "",
        pressed_at=at,
        due_at=at + timedelta(seconds=seconds),
        seen_event=ticket.events.order_by("-pk").values_list("pk", flat=True).first() or 0,
    )
    files.update(waiting=waiting)
    discard_draft(ticket, author=author, is_internal=False)
    # The new version makes agents on pages that do not show this answer see it before they reply.
    touch(ticket, at=at)
    owe(ANSWER_LEAVES, waiting.pk, at=at, due_at=waiting.due_at)
    tell(Note(LEAVING, ticket.pk, actor=author.pk))
    return waiting


@transaction.atomic
def undo(waiting: WaitingReply, *, at: datetime) -> WaitingReply:
    """Put the text and files of ``waiting`` back into its author's draft; return the row as it is now.

    Does nothing to an answer already taken back, or held back: ``take_in`` restores that one. Raises LeftAlready.
    """
    ticket, locked = _held(waiting)
    if locked is None:
        raise LeftAlready(_("The customer's texts were erased, and this answer with them."))
    if locked.state == WaitingState.SENT:
        raise LeftAlready(_("Too late: the answer to %(number)s has left.") % {"number": ticket.number})
    if locked.state == WaitingState.WAITING:
        locked.ticket = ticket.merged_into or ticket
        _put_back(locked, at=at)
        _settle(locked, WaitingState.UNDONE, at=at)
    return locked


@transaction.atomic
def let_leave(waiting_id: int, _nothing: None, at: datetime) -> None:
    """Send an answer that waited, or hold it back when the ticket has changed since its author saw it.

    Running twice is harmless: a settled answer stays as it is. A missing row is too: its customer was erased.
    """
    row = WaitingReply.objects.select_related("ticket").filter(pk=waiting_id).first()
    if row is None:
        return
    ticket, waiting = _held(row)
    if waiting is None or waiting.state != WaitingState.WAITING:
        return
    try:
        with transaction.atomic():
            _let_go(waiting, ticket, at=at)
    except Refused as refusal:
        waiting.held_because = refusal.code
        waiting.ticket = ticket.merged_into or ticket
        _settle(waiting, WaitingState.HELD, at=at)


def leaving_from(ticket: Ticket) -> QuerySet[WaitingReply]:
    """Return the answers about to leave from ``ticket`` and those merged into it, in the order they were sent."""
    threads = Ticket.objects.worked_on_as(ticket.pk).values("pk")
    waiting = WaitingReply.objects.leaving().filter(ticket__in=threads)
    return waiting.select_related("author", "ticket").order_by("pk")


def held_back(ticket: Ticket, *, author: User) -> WaitingReply | None:
    """Return the latest answer of ``author`` on ``ticket`` if it was held back, None otherwise."""
    mine = WaitingReply.objects.filter(ticket=ticket, author=author).order_by("-pk")
    latest = mine.first()
    return latest if latest is not None and latest.state == WaitingState.HELD else None


def take_in(ticket: Ticket, *, author: User, at: datetime) -> int:
    """Move ``author``'s answers held back on ``ticket`` into their draft, just before it is shown; return how many.

    Not earlier, because a page already open would overwrite it with its own text. One query when there are none.
    """
    held = WaitingReply.objects.filter(UNSEEN, ticket=ticket, author=author)
    if not held.exists():
        return 0
    with transaction.atomic():
        rows = held.select_related("ticket", "author").select_for_update(of=("self",))
        found = list(rows.order_by("pk"))
        for waiting in found:
            _put_back(waiting, at=at)
            waiting.seen_at, waiting.text = at, ""
            waiting.save(update_fields=["seen_at", "text"])
    return len(found)


def forget_settled(at: datetime) -> int:
    """Delete answers settled more than KEPT_FOR ago, except those their author has not seen; return how many rows."""
    settled = WaitingReply.objects.filter(settled_at__lt=at - KEPT_FOR).exclude(UNSEEN)
    deleted, _by_model = settled.delete()
    return deleted


def _is_urgent(ticket: Ticket) -> bool:
    return ticket.priority == Priority.URGENT or open_place(ticket) is not None


def _hold(ticket: Ticket) -> Ticket:
    """Lock the customers and then ``ticket``, in the order erasure does, so that it finds what is written here."""
    matter = Ticket.objects.worked_on_as(ticket.top_id)
    hold_unerased(set(matter.values_list("feedback__customer", flat=True)))
    return hold(ticket)


def _held(waiting: WaitingReply) -> tuple[Ticket, WaitingReply | None]:
    """Lock and return the ticket of ``waiting`` and the row itself; None for a row deleted by an erasure."""
    ticket = _hold(waiting.ticket)
    rows = WaitingReply.objects.select_for_update(of=("self",)).select_related("author")
    return ticket, rows.filter(pk=waiting.pk).first()


def _let_go(waiting: WaitingReply, ticket: Ticket, *, at: datetime) -> Replied:
    """Send the answer that waited. Raises what ``reply`` does; ChangedMeanwhile when others acted since."""
    check_may_work_on(ticket, waiting.author)
    _check_unchanged(waiting, ticket)
    replied = answer(
        ticket,
        text=waiting.text,
        files=take_draft_files(waiting.files.all()),
        author=waiting.author,
        at=at,
        pressed_at=waiting.pressed_at,
        language=waiting.language,
        then=Status(waiting.then) if waiting.then else None,
    )
    _settle(waiting, WaitingState.SENT, at=at)
    return replied


def _check_unchanged(waiting: WaitingReply, ticket: Ticket) -> None:
    """Raise ChangedMeanwhile when anyone but the author has done something that may make the answer wrong."""
    since = TicketEvent.objects.filter(ticket=ticket, pk__gt=waiting.seen_event)
    if since.exclude(kind__in=HARMLESS).exclude(actor=waiting.author).exists():
        raise ChangedMeanwhile(_("%(number)s changed before the answer left.") % {"number": ticket.number})


def _put_back(waiting: WaitingReply, *, at: datetime) -> None:
    """Put the text and files of ``waiting`` back into its author's draft on ``waiting.ticket``."""
    if waiting.text:
        add_to_draft(
            waiting.ticket,
            waiting.text,
            author=waiting.author,
            then=Status(waiting.then) if waiting.then else None,
            language=waiting.language,
            at=at,
        )
    waiting.files.update(waiting=None, ticket=waiting.ticket)


def _settle(waiting: WaitingReply, state: WaitingState, *, at: datetime) -> None:
    waiting.state, waiting.settled_at = state, at
    if state != WaitingState.HELD:
        waiting.text = ""
    waiting.save(update_fields=["state", "settled_at", "text", "ticket", "held_because"])
    tell(Note(LEAVING, waiting.ticket_id, actor=waiting.author_id))


ANSWER_LEAVES_HANDLER = Handler(kind=ANSWER_LEAVES, lane=Lane.DEFAULT, effect=let_leave)
