"""The timeline of a ticket: messages, notes and events in one order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from config.kit.origins import Origin
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.models import Attachment, Direction, Message
from feedback.intake.services import original_of
from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.mentions.naming import named_in
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import STOPPED
from tickets.workbench.history import Names, described
from tickets.workbench.reasons import SIGNALS, Because, because, category_name
from tickets.workbench.shown_text import Piece, fold_quote, pieces_of, spans_of
from users.accounts.models import User

#: Events left out because the timeline shows their messages.
_TOLD_BY_MESSAGES = (EventKind.MESSAGE_IN, EventKind.REPLIED, EventKind.REMINDED)
#: At most this many of the newest entries are read; older ones are left out.
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline. ``kind`` is "in", "out", "note" or "event"; only some fields apply to each."""

    kind: str
    number: int
    at: datetime
    author: str
    pieces: list[Piece] = field(default_factory=list)
    quoted: str = ""
    sentence: str = ""
    icon: str = ""
    message: Message | None = None
    files: Sequence[Attachment] = ()
    delivery: Delivery | None = None
    assessment: Assessment | None = None
    because: tuple[Because, ...] = ()
    #: The number of the ticket that received the message, if that was merged into this one.
    came_by: str = ""

    @property
    def taken_down_by(self) -> User | None:
        """The agent who took the message down for the customer, else None."""
        return self.message.author if self.message is not None and self.kind == "in" else None

    @property
    def may_send_again(self) -> bool:
        """Whether the answer did not reach its customer and may be sent again."""
        delivery = self.delivery
        return (
            delivery is not None
            and delivery.state in STOPPED
            and self.message is not None
            and self.message.origin == Origin.LIVE
        )


def timeline_of(ticket: Ticket, *, merged: Sequence[Ticket] = ()) -> list[Entry]:
    """Return the newest MOST_ENTRIES entries of ``ticket``, oldest first. Four queries.

    Includes the messages of the tickets ``merged`` into it.
    """
    names_of = {other.feedback_id: other.number for other in merged}
    found = list(
        Message.objects.filter(feedback__in=[ticket.feedback_id, *names_of])
        .select_related("channel", "author", "assessment")
        .defer("raw")
        .order_by("-pk")[:MOST_ENTRIES]
    )
    numbers = [message.pk for message in found]
    # An answer copied into several threads is shown once; its delivery may belong to any of the copies.
    originals = {message.public_id: message.pk for message in found}
    copies = {message.pk: originals.get(original) for message in found if (original := original_of(message))}
    messages = [message for message in found if copies.get(message.pk) is None]
    files: dict[int, list[Attachment]] = defaultdict(list)
    for attachment in (
        Attachment.objects.unerased().filter(message__in=numbers).defer("content").order_by("pk")
    ):
        files[attachment.message_id].append(attachment)
    deliveries = {
        copies.get(delivery.message_id) or delivery.message_id: delivery
        for delivery in Delivery.objects.filter(message__in=numbers).select_related("address")
    }
    events = (
        TicketEvent.objects.filter(ticket=ticket)
        .exclude(kind__in=_TOLD_BY_MESSAGES)
        .select_related("actor")
        .order_by("-pk")[:MOST_ENTRIES]
    )
    entries = [
        replace(
            _of_message(message, ticket, files.get(message.pk, ()), deliveries.get(message.pk)),
            came_by=names_of.get(message.feedback_id, ""),
        )
        for message in messages
    ]
    names = Names()
    entries += [_of_event(event, names) for event in events]
    # Events caused by a message come after it, in the order they happened.
    return sorted(entries, key=lambda entry: (entry.at, entry.kind == "event", entry.number))[-MOST_ENTRIES:]


def _of_message(
    message: Message, ticket: Ticket, files: Sequence[Attachment], delivery: Delivery | None
) -> Entry:
    is_in = message.direction == Direction.IN
    assessment = getattr(message, "assessment", None)
    own, quoted = fold_quote(message.text) if is_in else (message.text, "")
    hits = spans_of(message.danger_hits, own, key="category")
    marks = [(start, end, category_name(code)) for start, end, code in hits]
    if assessment is not None and assessment.lane != UrgencyLane.NONE:
        signals = [reason for reason in assessment.reasons if reason.get("code") == "signal"]
        found = spans_of(signals, own, key="name")
        marks += [(start, end, str(SIGNALS.get(name, name))) for start, end, name in found]
    if is_in:
        author = message.author_name or str(ticket.feedback.customer)
    else:
        author = message.author.name if message.author else message.author_name or _("Automatic answer")
    return Entry(
        kind="in" if is_in else "out",
        number=message.pk,
        at=message.received_at,
        author=author,
        pieces=pieces_of(own, marks),
        quoted=quoted,
        message=message,
        files=files,
        delivery=delivery,
        assessment=assessment,
        because=because(assessment.reasons) if assessment else (),
    )


def _of_event(event: TicketEvent, names: Names) -> Entry:
    author = event.actor.name if event.actor else ""
    if event.kind == EventKind.NOTED:
        called = named_in(event.note, event.details.get("mentions", ()))
        marks = [(start, end, names.person(login)) for start, end, login in called]
        return Entry("note", event.pk, event.at, author or _("Earshot"), pieces=pieces_of(event.note, marks))
    sentence, icon = described(event, names)
    return Entry(
        "event",
        event.pk,
        event.at,
        author or _("Earshot"),
        sentence=sentence,
        icon=icon,
        pieces=pieces_of(event.note),
    )


def failed_deliveries(entries: Sequence[Entry]) -> list[Delivery]:
    """Return the deliveries among ``entries`` that failed or bounced."""
    lost = (DeliveryState.FAILED, DeliveryState.BOUNCED)
    return [entry.delivery for entry in entries if entry.delivery and entry.delivery.state in lost]
