"""Turn each event into one delivery per subscribed webhook, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from config.kit.happenings import listen
from config.kit.origins import Origin
from config.kit.outbox.services import owed
from config.kit.remembered import remembered_everywhere
from config.kit.trees import Row, insert_tree
from feedback.intake.models import Rating
from tickets.desk.models import EventKind, Status, TicketEvent
from tickets.desk.transitions import SHOWN_AS
from tickets.hooks.models import Hook, HookDelivery, HookEvent, HookTry
from tickets.summaries.models import Summary

#: The outbox kind whose handler sends one try.
HOOK_SEND = "hook.send"
#: The most deliveries that one statement writes. Usually one statement is enough.
MOST_TOGETHER = 30

#: The webhook events for each kind of event in a ticket's history.
TOLD_AS: dict[str, tuple[HookEvent, ...]] = {
    EventKind.OPENED: (HookEvent.TICKET_OPENED, HookEvent.MESSAGE_RECEIVED),
    EventKind.MESSAGE_IN: (HookEvent.MESSAGE_RECEIVED,),
    EventKind.MOVED: (HookEvent.TICKET_STATUS, HookEvent.FEEDBACK_STATE),
    EventKind.PRIORITISED: (HookEvent.TICKET_PRIORITY,),
    EventKind.OVERDUE: (HookEvent.TICKET_OVERDUE, HookEvent.TICKET_PRIORITY),
    EventKind.ASSIGNED: (HookEvent.TICKET_ASSIGNED,),
    EventKind.QUEUED: (HookEvent.TICKET_QUEUE,),
    EventKind.MERGED: (HookEvent.TICKET_MERGED,),
    EventKind.UNMERGED: (HookEvent.TICKET_UNMERGED,),
    EventKind.CRISIS_ENTERED: (HookEvent.TICKET_URGENT,),
    EventKind.CRISIS_AGAIN: (HookEvent.TICKET_URGENT,),
    EventKind.CRISIS_ACKNOWLEDGED: (HookEvent.TICKET_ACKNOWLEDGED,),
    EventKind.REPLIED: (HookEvent.REPLY_SENT,),
    EventKind.DELIVERY_FAILED: (HookEvent.REPLY_FAILED,),
}


@dataclass(frozen=True)
class Happening:
    """An event to send as ``type``, caused by ``cause`` (a TicketEvent, a Rating, a Summary; None for a test)."""

    type: HookEvent
    at: datetime
    cause: Model | None
    origin: str = Origin.LIVE


def listen_to_what_happens() -> None:
    """Register for new ticket events, ratings and summaries. Called in ``AppConfig.ready``."""
    listen(TicketEvent, tell_of_events)
    listen(Rating, tell_of_ratings)
    listen(Summary, tell_of_summaries)


@remembered_everywhere
def wanted() -> frozenset[str]:
    """Return the event types that any webhook wants. One query per ``config.kit.remembered.SECONDS``."""
    return frozenset(
        event for events in Hook.objects.on().values_list("events", flat=True) for event in events
    )


def tell_of_events(events: Sequence[TicketEvent]) -> None:
    """Schedule a delivery of each of ``events`` to each webhook that wants it. One cached query when none does."""
    known = wanted()
    spread(
        [
            Happening(told_as, event.at, event, origin=event.ticket.origin)
            for event in events
            for told_as in types_of(event)
            if told_as in known
        ]
    )


def types_of(event: TicketEvent) -> Iterator[HookEvent]:
    """Yield the webhook event types for ``event``; none for a change that the receiver would not notice."""
    for told_as in TOLD_AS.get(event.kind, ()):
        if told_as == HookEvent.TICKET_PRIORITY and event.old == event.new:
            continue
        if told_as == HookEvent.FEEDBACK_STATE and SHOWN_AS[Status(event.old)] == SHOWN_AS[Status(event.new)]:
            continue
        yield told_as


def tell_of_ratings(ratings: Sequence[Rating]) -> None:
    """Schedule a delivery of each of ``ratings`` to each webhook that wants them."""
    if HookEvent.FEEDBACK_RATED in wanted():
        spread(
            [Happening(HookEvent.FEEDBACK_RATED, one.at, one, origin=one.feedback.origin) for one in ratings]
        )


def tell_of_summaries(summaries: Sequence[Summary]) -> None:
    """Schedule a delivery of each of ``summaries`` that is published to each webhook that wants them."""
    if HookEvent.SUMMARY_PUBLISHED in wanted():
        spread(
            [
                Happening(HookEvent.SUMMARY_PUBLISHED, one.published_at, one)
                for one in summaries
                if one.published_at
            ]
        )


def spread(happenings: Sequence[Happening]) -> None:
    """Schedule each of ``happenings`` for the enabled webhooks that want it; imports only for those that ask for them.

    Nothing from the demo or drills. Two queries for any number of webhooks, up to MOST_TOGETHER deliveries;
    none without happenings.
    """
    happenings = [one for one in happenings if one.origin in (Origin.LIVE, Origin.IMPORT)]
    if not happenings:
        return
    hooks = Hook.objects.on().filter(events__overlap=sorted({one.type for one in happenings})).order_by("pk")
    owe_deliveries(
        [
            (hook, one)
            for hook in hooks
            for one in happenings
            if one.type in hook.events and (one.origin == Origin.LIVE or hook.with_imports)
        ]
    )


def owe_deliveries(told: Sequence[tuple[Hook, Happening]]) -> list[HookDelivery]:
    """Write a delivery, its first try and its outbox row for each of ``told``. One query per MOST_TOGETHER of them."""
    written = []
    for start in range(0, len(told), MOST_TOGETHER):
        rows: list[Row] = []
        for number, (hook, happening) in enumerate(told[start : start + MOST_TOGETHER]):
            delivery = _delivery_of(hook, happening)
            due_at = max(happening.at, hook.resting_until or happening.at)
            rows += [
                Row(f"delivery{number}", delivery),
                Row(
                    f"try{number}",
                    HookTry(delivery=delivery, due_at=due_at),
                    {"delivery_id": f"delivery{number}"},
                ),
                Row(
                    f"work{number}",
                    owed(HOOK_SEND, at=happening.at, due_at=due_at),
                    {"subject_id": f"try{number}"},
                ),
            ]
            written.append(delivery)
        insert_tree(rows)
    return written


def _delivery_of(hook: Hook, happening: Happening) -> HookDelivery:
    delivery = HookDelivery(hook=hook, type=happening.type, happened_at=happening.at)
    match happening.cause:
        case TicketEvent():
            delivery.event = happening.cause
        case Rating():
            delivery.rating = happening.cause
        case Summary():
            delivery.summary = happening.cause
    return delivery
