"""A page of a ticket list with everything its rows show, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.models import Direction, Message
from tickets.desk.models import ACTIVE, Draft, LastSeen, Ticket, TicketQuerySet, WaitingReply
from tickets.workbench.filters import Filters
from tickets.workbench.folders import Folder, Order
from tickets.workbench.keyset import Place, after, ordered
from tickets.workbench.reasons import Because, because
from tickets.workbench.shown_text import fold_quote
from users.accounts.models import User

PAGE_SIZE = 30
SNIPPET_LENGTH = 160


@dataclass(frozen=True)
class Row:
    """One ticket as a list shows it; ``snippet`` is its last message, ``is_ours`` if we wrote that."""

    ticket: Ticket
    customer: str
    snippet: str
    is_ours: bool
    because: tuple[Because, ...]
    is_unread: bool
    has_draft: bool
    is_leaving: bool
    is_overdue: bool


@dataclass(frozen=True)
class Page:
    """A page of rows; ``next_cursor`` is empty on the last page."""

    rows: list[Row]
    next_cursor: str


def page_of(folder: Folder, filters: Filters, user: User, *, at: datetime, cursor: str = "") -> Page:
    """Return PAGE_SIZE rows of ``folder`` after ``cursor``. Four queries. Raises NotACursor."""
    order = order_of(folder, filters)
    tickets = filters.apply(folder.tickets, user)
    if cursor:
        tickets = after(tickets, order, cursor)
    found = list(for_rows(ordered(tickets, order), user)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = Place.of(shown[-1]).cursor(order) if len(found) > PAGE_SIZE else ""
    return Page(rows_of(shown, at=at), following)


def order_of(folder: Folder, filters: Filters) -> Order:
    """Return the order of the list: with a status filter, active statuses by urgency and others by last change."""
    if filters.status:
        return Order.URGENCY if filters.status in ACTIVE else Order.CHANGE
    return folder.order


def neighbour(folder: Folder, filters: Filters, user: User, *, of: Ticket, place: Place) -> Ticket | None:
    """Return the ticket after ``place`` in the list, else the first one, never ``of``; None if there is no other.

    ``place`` is the position of ``of`` before it was answered, which may have moved it. At most two queries.
    """
    order = order_of(folder, filters)
    others = filters.apply(folder.tickets, user).exclude(pk=of.pk)
    following = ordered(after(others, order, place.cursor(order)), order).first()
    return following or ordered(others, order).first()


def for_rows(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Return ``tickets`` with what rows need: people, channel, tags; whether seen, drafted, being answered."""
    seen = LastSeen.objects.filter(ticket=OuterRef("pk"), user=user).values("at")
    drafts = Draft.objects.filter(ticket=OuterRef("pk"), author=user)
    leaving = WaitingReply.objects.leaving().filter(ticket=OuterRef("pk"))
    return (
        tickets.select_related("feedback__channel", "feedback__customer", "queue", "assignee")
        .prefetch_related("tags")
        .annotate(seen_at=Subquery(seen), has_draft=Exists(drafts), is_leaving=Exists(leaving))
    )


def rows_of(tickets: Sequence[Ticket], *, at: datetime) -> list[Row]:
    """Return the rows of ``tickets`` (from ``for_rows``), in their order. Two queries."""
    feedback_ids = [ticket.feedback_id for ticket in tickets]
    last = {
        message.feedback_id: message
        for message in Message.objects.filter(feedback__in=feedback_ids)
        .order_by("feedback", "-id")
        .distinct("feedback")
        .only("feedback_id", "text", "direction")
    }
    graver = [ticket.feedback_id for ticket in tickets if ticket.lane != UrgencyLane.NONE]
    gravest = {
        assessment.message.feedback_id: assessment
        for assessment in Assessment.objects.filter(message__feedback__in=graver)
        .select_related("message")
        .order_by("message__feedback", "-urgency")
        .distinct("message__feedback")
    }
    return [
        _row(ticket, last.get(ticket.feedback_id), gravest.get(ticket.feedback_id), at) for ticket in tickets
    ]


def _row(ticket: Ticket, last: Message | None, gravest: Assessment | None, at: datetime) -> Row:
    said = " ".join(fold_quote(last.text)[0][: SNIPPET_LENGTH * 2].split())[:SNIPPET_LENGTH] if last else ""
    seen_at: datetime | None = ticket.seen_at  # type: ignore[attr-defined]
    return Row(
        ticket=ticket,
        customer=str(ticket.feedback.customer),
        # A subject made from the only message already shows it.
        snippet="" if said == ticket.subject else said,
        is_ours=last is not None and last.direction == Direction.OUT,
        because=because(gravest.reasons) if gravest else (),
        is_unread=seen_at is None or seen_at < ticket.last_customer_at,
        has_draft=ticket.has_draft,  # type: ignore[attr-defined]
        is_leaving=ticket.is_leaving,  # type: ignore[attr-defined]
        is_overdue=ticket.due_at is not None and ticket.due_at < at,
    )
