"""Answer the customer: write the message, update the ticket's clocks and owe the mail, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.lanes import Priority
from config.kit.outbox.services import owe
from feedback.analysis.search import index_messages
from feedback.channels.registry import kind_reaching
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Feedback, Message
from feedback.intake.services import IdempotencyKey, earlier_receipt, record_answer
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import open_place, stop_alarm
from tickets.desk.clocks import kept
from tickets.desk.drafts import chosen_draft_files, discard_draft, take_draft_files
from tickets.desk.locks import check_version, hold
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.desk.transitions import move, next_due
from tickets.replies.deliveries import DELIVERY_AGAIN, DELIVERY_SEND, external_id_of
from tickets.replies.models import Delivery, DeliveryState
from users.accounts.models import User
from users.profiles.models import Address

#: The states of deliveries that did not reach the customer.
STOPPED = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.HELD)


class CannotSendAgain(Refused):
    code = "cannot_send_again"


@dataclass(frozen=True)
class Replied:
    """The result of an answer; ``delivery`` is None when the customer can read it only over the API.

    ``is_new`` is False when it was already sent with the same idempotency key.
    """

    message: Message
    event: TicketEvent
    delivery: Delivery | None
    is_new: bool = True


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    text: str,
    author: User,
    at: datetime,
    language: str,
    file_ids: Sequence[UUID] = (),
    version: int | None = None,
    then: Status | None = Status.WAITING_ON_CUSTOMER,
    once: IdempotencyKey | None = None,
) -> Replied:
    """Send ``text`` (in ``language``, a tag such as zh-Hans) to the customer and move the ticket to ``then``.

    ``file_ids`` are the files of the author's draft to attach; ``version`` is that of the page it was
    written on; with ``then`` None the status stays (a new ticket is opened); a second call with the key ``once``
    sends nothing. Raises CannotWorkOn, ChangedMeanwhile, EmptyMessage, FileGone, TooManyFiles, FileTooLarge,
    KeyReused, MoveNotAllowed; nothing is sent then.
    """
    ticket = hold(ticket)
    check_may_work_on(ticket, author)
    # The ticket is locked: when two requests share a key, the second finds what the first one sent.
    if (earlier := earlier_receipt(once)) is not None:
        return _replied_before(ticket, earlier.message)
    check_version(ticket, version)
    files = take_draft_files(chosen_draft_files(ticket, file_ids, author=author)) if file_ids else []
    replied = answer(
        ticket, text=text, files=files, author=author, at=at, language=language, then=then, once=once
    )
    discard_draft(ticket, author=author, is_internal=False)
    return replied


def answer(
    ticket: Ticket,
    *,
    text: str,
    files: Sequence[IncomingFile],
    author: User,
    at: datetime,
    language: str,
    then: Status | None,
    pressed_at: datetime | None = None,
    once: IdempotencyKey | None = None,
) -> Replied:
    """Write the answer into the threads of ``ticket`` and owe its delivery.

    The caller holds the ticket's lock and has checked that ``author`` may work on it. ``pressed_at`` is when the
    author sent an answer that waited until ``at``. Raises EmptyMessage, TooManyFiles, FileTooLarge, MoveNotAllowed.
    """
    message, *copies = _record(ticket, text=text, files=files, author=author, once=once, at=at)
    index_messages([message])
    is_first = ticket.first_replied_at is None
    promise = kept(ticket.first_reply_due_at, at=pressed_at or at) if is_first else {}
    event = TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.REPLIED,
        at=at,
        actor=author,
        details={"message": message.pk, **promise},
    )
    if (place := open_place(ticket)) is not None:
        # Answering acknowledges it: paging others would wake them for nothing.
        stop_alarm(place, actor=author, at=at)
    if ticket.status == Status.NEW and then is None:
        then = Status.OPEN
    if then is not None and then != ticket.status:
        move(ticket, then, actor=author, at=at)
    # After the move: if that reopens the ticket, this is the first answer of the restarted clock.
    _stop_reply_clock(ticket, answered_at=pressed_at or at, at=at)
    return Replied(message, event, _deliver_once(message, *copies, language=language, at=at))


def _replied_before(ticket: Ticket, message: Message) -> Replied:
    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.REPLIED, details__message=message.pk)
    return Replied(message, event, Delivery.objects.filter(message=message).first(), is_new=False)


def _record(
    ticket: Ticket,
    *,
    text: str,
    files: Sequence[IncomingFile],
    author: User,
    once: IdempotencyKey | None,
    at: datetime,
) -> list[Message]:
    """Write the answer into the thread of ``ticket``, and copies into the threads that were merged into it.

    The customer finds the answer in every one of their threads.
    """
    write = partial(record_answer, text=text, files=files, author=author, author_name=author.name, at=at)
    message = write(ticket.feedback, once=once)
    merged = Ticket.objects.filter(merged_into=ticket).select_related(
        "feedback__channel", "feedback__address"
    )
    return [message, *(write(one.feedback, copy_of=message) for one in merged.order_by("pk"))]


def _deliver_once(*messages: Message, language: str, at: datetime) -> Delivery | None:
    """Owe one delivery of ``messages``, copies of one answer, per address; return the first, None without any."""
    told: dict[int, Delivery] = {}
    for message in messages:
        address = address_of(message.feedback)
        if address is not None and address.pk not in told:
            delivery = deliver(message, language=language, at=at)
            if delivery is not None:
                told[address.pk] = delivery
    return next(iter(told.values()), None)


def deliver(
    message: Message, *, language: str, at: datetime, priority: Priority = Priority.NORMAL
) -> Delivery | None:
    """Owe the delivery of an outgoing ``message`` to its customer, in the caller's transaction.

    Only live messages are sent: answers to demo, imported and drill feedback are held, and the admin
    shows them. Returns None when no channel reaches the customer. A second call changes nothing.
    With ``priority`` BULK, agents' answers to single customers go first.
    """
    address = address_of(message.feedback)
    if address is None:
        return None
    is_live = message.origin == Origin.LIVE
    delivery, created = Delivery.objects.get_or_create(
        message=message,
        address=address,
        defaults={
            "state": DeliveryState.PENDING if is_live else DeliveryState.HELD,
            "language": language,
            "created_at": at,
            "external_id": external_id_of(message),
        },
    )
    if created and is_live:
        owe(DELIVERY_SEND, delivery.pk, at=at, priority=priority)
    return delivery


@transaction.atomic
def send_again(delivery: Delivery, *, actor: User, at: datetime) -> TicketEvent:
    """Owe a failed, bounced or held delivery again, under its old id; return the event that records it.

    Raises CannotSendAgain, CannotWorkOn.
    """
    own = Ticket.objects.get(feedback=delivery.message.feedback_id)
    ticket = hold(Ticket.objects.get(pk=own.top_id))
    check_may_work_on(ticket, actor)
    if delivery.message.origin != Origin.LIVE:
        raise CannotSendAgain(_("It answers the demo, an import or a drill: such mail does not leave."))
    if delivery.message.erased_at is not None:
        raise CannotSendAgain(_("Its text was erased."))
    if not delivery.address.is_reachable:
        raise CannotSendAgain(_("The address does not exist any more: ask for another one."))
    # The WHERE clause is the lock: of two concurrent requests, one sends.
    stopped = Delivery.objects.filter(pk=delivery.pk, state__in=STOPPED)
    if not stopped.update(
        state=DeliveryState.PENDING, tries=0, was_resent=False, sending_at=None, last_error=""
    ):
        raise CannotSendAgain(_("It was sent, or is about to be."))
    event = TicketEvent.objects.create(
        ticket=ticket,
        kind=EventKind.SENT_AGAIN,
        at=at,
        actor=actor,
        details={"delivery": delivery.pk, "message": delivery.message_id},
    )
    owe(DELIVERY_AGAIN, event.pk, at=at)
    return event


def address_of(feedback: Feedback) -> Address | None:
    """Return the address that answers to ``feedback`` are sent to, None when they can only be read over the API."""
    address = feedback.address
    if address is None or not address.is_reachable or kind_reaching(address.kind) is None:
        return None
    return address


def _stop_reply_clock(ticket: Ticket, *, answered_at: datetime, at: datetime) -> None:
    """Record the answer on the clocks; after the first one, the next deadline is the solution."""
    # The answer must not predate the clock it stops: sending it may itself have reopened the ticket.
    ticket.first_replied_at = ticket.first_replied_at or max(
        answered_at, ticket.clock_started_at or answered_at
    )
    ticket.last_agent_at = ticket.updated_at = at
    ticket.due_at = next_due(ticket, Status(ticket.status))
    ticket.version += 1
    ticket.save(update_fields=["first_replied_at", "last_agent_at", "updated_at", "due_at", "version"])
