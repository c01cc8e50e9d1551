"""Merging two tickets of one customer that concern the same matter, and undoing it.

Messages stay in their own thread: readers follow ``merged_into``. Answers are written into every thread,
and what the customer writes in any of them is handled on the ticket that was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.happenings import listen
from config.kit.origins import Origin
from feedback.analysis.models import UrgencyLane
from feedback.intake.models import Direction, Message
from feedback.intake.parting import handle_with
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import close_place, open_place, take_back
from tickets.desk.crisis_places import acknowledge, enter, is_urgent
from tickets.desk.drafts import take_drafts_along
from tickets.desk.hearing import RESCORED, hide_whole_matter, rescore, wait_on_us
from tickets.desk.locks import hold_threads, locked, touch
from tickets.desk.models import ACTIVE, CrisisPlace, EventKind, Ticket, TicketEvent
from tickets.desk.transitions import close_merged, open_unmerged
from users.accounts.models import User
from users.profiles.models import Customer, CustomerMerge
from users.profiles.services import current, person_by


class CannotMerge(Refused):
    code = "cannot_merge"
    field = "number"


class CannotUnmerge(Refused):
    code = "cannot_unmerge"


class TicketsAreOne(Refused):
    """Two customers cannot be separated while their tickets are merged: answers to one would reach the other."""

    code = "tickets_are_one"


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, actor: User, at: datetime) -> TicketEvent:
    """Merge ``ticket`` into ``into``, reversibly; return the event of ``ticket``.

    Raises CannotMerge, CannotWorkOn, WasMerged.
    """
    _hold_people(ticket, into)
    hold_threads(ticket.top_id, into.top_id)
    # In key order, as the threads were locked.
    both = {key: locked(key) for key in sorted({ticket.pk, into.pk})}
    gone, kept = both[ticket.pk], both[into.pk]
    _check(gone, kept, actor)
    place = _leave_crisis_queue(gone, kept, actor=actor, at=at)
    _take_over(gone, kept, actor=actor, at=at)
    event = close_merged(gone, into=kept, actor=actor, at=at)
    # Never a chain: tickets merged into ``gone`` earlier now belong to ``kept``.
    moved = list(Ticket.objects.filter(merged_into=gone).values_list("pk", flat=True))
    _follow(moved, kept)
    event.details |= {"moved": moved, "place": place.pk if place else None}
    event.save(update_fields=["details"])
    touch(kept, at=at)
    hide_whole_matter(kept)
    take_drafts_along(gone, to=kept)
    TicketEvent.objects.create(
        ticket=kept, kind=EventKind.MERGED, at=at, actor=actor, old=gone.number, details={"from": gone.pk}
    )
    return event


@transaction.atomic
def unmerge(ticket: Ticket, *, actor: User, at: datetime) -> TicketEvent:
    """Undo the merge of ``ticket``: it is as it was before, unless the customer has written in it since.

    What was said or drafted on the other ticket meanwhile stays there. If messages written here since are urgent
    and the other ticket still is, this one enters the crisis queue too, acknowledged by ``actor``.
    Raises CannotUnmerge, CannotWorkOn.
    """
    hold_threads(ticket.top_id)
    gone = locked(ticket.pk)
    if gone.merged_into is None:
        raise CannotUnmerge(_("%(number)s is not merged.") % {"number": gone.number})
    kept = locked(gone.merged_into.pk)
    check_may_work_on(kept, actor)
    event = gone.events.filter(kind=EventKind.MERGED, details__has_key="into").order_by("-pk").first()
    if event is None:
        raise CannotUnmerge(_("Nobody wrote down how %(number)s was before.") % {"number": gone.number})
    moved = Ticket.objects.filter(pk__in=event.details.get("moved", ()), merged_into=kept)
    back = list(moved.values_list("pk", flat=True))
    undone = open_unmerged(gone, event, actor=actor, at=at)
    _follow(back, gone)
    unheard = Message.objects.filter(
        feedback__in=threads_of(gone), direction=Direction.IN, received_at__gt=event.at
    )
    _return_to_crisis_queue(gone, kept, event, unheard, actor=actor, at=at)
    gone = locked(gone.pk)
    if (latest := unheard.order_by("-pk").first()) is not None:
        touch(gone, at=at, last_customer_at=latest.received_at)
        if gone.status not in ACTIVE:
            wait_on_us(gone, actor=actor, at=at)
    touch(kept, at=at)
    TicketEvent.objects.create(
        ticket=kept, kind=EventKind.UNMERGED, at=at, actor=actor, old=gone.number, details={"from": gone.pk}
    )
    return undone


def merged_into(ticket: Ticket) -> list[Ticket]:
    """Return the tickets merged into ``ticket``, oldest first. One query."""
    return list(Ticket.objects.filter(merged_into=ticket).order_by("pk"))


def threads_of(ticket: Ticket) -> list[int]:
    """Return the feedback keys of ``ticket`` and of the tickets merged into it. One query."""
    return [ticket.feedback_id, *(one.feedback_id for one in merged_into(ticket))]


def _follow(tickets: Collection[int], kept: Ticket) -> None:
    """Move ``tickets``, already merged into another ticket, over to ``kept``."""
    followers = Ticket.objects.filter(pk__in=tickets)
    followers.update(merged_into=kept)
    for follower in followers.select_related("feedback"):
        handle_with(follower.feedback, kept.feedback)


def _hold_people(*tickets: Ticket) -> None:
    """Lock the customers of ``tickets`` before anything else: they cannot be separated, merged or erased meanwhile."""
    held = Customer.objects.select_for_update(no_key=True)
    list(held.filter(pk__in={ticket.feedback.customer_id for ticket in tickets}).order_by("pk"))


def keep_tickets_apart(merges: Sequence[CustomerMerge]) -> None:
    """Raise TicketsAreOne when undoing ``merges`` separates customers whose tickets are merged."""
    for done in merges:
        theirs = Customer.objects.filter(Q(pk__in=(done.kept_id, done.gone_id)) | Q(merged_into=done.gone_id))
        across = (
            Ticket.objects.filter(feedback__customer__in=theirs)
            .exclude(merged_into=None)
            .annotate(person=person_by("feedback__customer"))
            .exclude(person=person_by("merged_into__feedback__customer"))
            .select_related("feedback", "merged_into__feedback")
        )
        if (ticket := across.order_by("pk").first()) is not None and ticket.merged_into is not None:
            raise TicketsAreOne(
                _(
                    "%(number)s goes on in %(into)s: part these tickets first, or answers to one reach the other."
                )
                % {"number": ticket.number, "into": ticket.merged_into.number}
            )


def listen_to_parting() -> None:
    """Refuse to separate customers whose tickets are merged. For ``AppConfig.ready``."""
    listen(CustomerMerge, keep_tickets_apart)


def _check(gone: Ticket, kept: Ticket, actor: User) -> None:
    check_may_work_on(gone, actor)
    check_may_work_on(kept, actor)
    if gone.pk == kept.pk:
        raise CannotMerge(_("This is the same ticket."))
    if gone.origin != kept.origin:
        raise CannotMerge(_("One of them is live and the other is not."))
    if current(gone.feedback.customer) != current(kept.feedback.customer):
        # An answer to one would be read by the other.
        raise CannotMerge(
            _(
                "They are of two customers. Link them as duplicates; "
                "or merge the customers first, if they are one person."
            )
        )


def _leave_crisis_queue(gone: Ticket, kept: Ticket, *, actor: User, at: datetime) -> CrisisPlace | None:
    """Take ``gone`` out of the crisis queue; return the place it left, None when it was not in it.

    Raises CannotMerge when ``kept`` is not in the crisis queue, or ``gone`` is not acknowledged.
    """
    place = open_place(gone)
    if place is None:
        return None
    if open_place(kept) is None:
        raise CannotMerge(
            _("%(gone)s is urgent and %(kept)s is not: merge the other way round.")
            % {"gone": gone.number, "kept": kept.number}
        )
    if place.acknowledged_at is None:
        raise CannotMerge(_("%(gone)s is urgent: take it before you merge it.") % {"gone": gone.number})
    close_place(place, actor=actor, at=at)
    return place


def _return_to_crisis_queue(
    gone: Ticket, kept: Ticket, merged: TicketEvent, unheard: QuerySet[Message], *, actor: User, at: datetime
) -> None:
    """Give ``gone`` back the place it left, and enter it for urgent ``unheard`` messages if ``kept`` is urgent."""
    if (left := merged.details.get("place")) is not None:
        take_back(left)
    place = open_place(kept)
    assessed = unheard.exclude(origin=Origin.IMPORT).filter(assessment__isnull=False).order_by("pk")
    urgent = [message for message in assessed.select_related("assessment") if is_urgent(message.assessment)]
    if place is None or not urgent:
        return
    if place.acknowledged_at is None:
        raise CannotUnmerge(
            _("%(number)s is urgent: take it before you part them.") % {"number": kept.number}
        )
    for message in urgent:
        rescore(gone, message, message.assessment)
    gravest = max((message.assessment for message in urgent), key=lambda one: one.urgency)
    gone.save(update_fields=RESCORED)
    lane = UrgencyLane(gravest.lane)
    theirs, _is_new = enter(gone, category=gravest.category, lane=lane, actor=actor, at=at)
    acknowledge(theirs, actor=actor, at=at)


def _take_over(gone: Ticket, kept: Ticket, *, actor: User, at: datetime) -> None:
    """Make ``kept`` wait for us if ``gone`` did, due no later, and at least as sensitive."""
    touch(
        kept,
        at=at,
        last_customer_at=max(kept.last_customer_at, gone.last_customer_at),
        is_sensitive=kept.is_sensitive or gone.is_sensitive,
        flags=sorted({*kept.flags, *gone.flags}),
    )
    if gone.status not in ACTIVE:
        return
    if kept.status not in ACTIVE:
        wait_on_us(kept, actor=actor, at=at)
    if gone.due_at is not None and (kept.due_at is None or gone.due_at < kept.due_at):
        touch(kept, at=at, due_at=gone.due_at)
