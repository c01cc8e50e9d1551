"""The bodies sent: ids, numbers, states and URLs of an event, as the webhook's owner may see them now."""

from __future__ import annotations

from typing import Any

import orjson

from config.kit.routes import absolute
from feedback.intake.models import Feedback, Message, Rating
from tickets.desk.merging import threads_of
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.desk.transitions import SHOWN_AS
from tickets.hooks.models import HookDelivery, HookEvent
from tickets.queues.models import Priority
from tickets.summaries.models import Summary
from users.accounts.models import User

Payload = dict[str, Any]


def body_of(delivery: HookDelivery) -> bytes | None:
    """Return the JSON of ``delivery``; None when its owner may not see what it is about (any more).

    Built anew at each try, so that no copy is kept: the event stays the same, the state is the current one. Two
    queries, one more with a message. The delivery's hook, owner and cause must be loaded.
    """
    told = _data_of(delivery)
    if told is None:
        return None
    happened_at = delivery.happened_at.isoformat().replace("+00:00", "Z")
    return orjson.dumps({"type": delivery.type, "timestamp": happened_at, "data": told})


def _data_of(delivery: HookDelivery) -> Payload | None:
    owner = delivery.hook.owner
    if delivery.event is not None:
        return _of_event(delivery, delivery.event, owner)
    if delivery.rating is not None:
        return _of_rating(delivery, delivery.rating, owner)
    if delivery.summary is not None:
        return _of_summary(delivery.summary, owner)
    return {"webhook": {"id": str(delivery.hook.public_id)}}


def _of_event(delivery: HookDelivery, event: TicketEvent, owner: User) -> Payload | None:
    message = Message.objects.filter(pk=event.details.get("message")).first()
    # The message may be in a thread merged into the ticket's: an integration may read one but not the other.
    is_own = message is not None and not owner.is_staff
    about = _about(owner, message.feedback_id if message and is_own else event.ticket.feedback_id)
    if about is None:
        return None
    told = about | _change_of(delivery.type, event)
    if owner.is_staff:
        told["actor"] = event.actor.username if event.actor else None
    if message is not None and (is_own or message.feedback_id in threads_of(event.ticket)):
        told["message"] = {"id": str(message.public_id), "author": _AUTHORS[message.direction]}
        if delivery.hook.with_text:
            told["message"]["text"] = message.text
    return told


_AUTHORS = {"in": "customer", "out": "agent"}


def _about(owner: User, feedback_id: int) -> Payload | None:
    """Return the subject of the event as ``owner`` may read it: the ticket for staff, its feedback for integrations."""
    if owner.is_staff:
        tickets = Ticket.objects.visible_to(owner).select_related("queue", "assignee")
        ticket = tickets.filter(feedback=feedback_id).first()
        return None if ticket is None else {"ticket": shown_ticket(ticket)}
    feedback = Feedback.objects.visible_to(owner).filter(pk=feedback_id).first()
    return None if feedback is None else {"feedback": shown_feedback(feedback)}


def shown_ticket(ticket: Ticket) -> Payload:
    return {
        "id": str(ticket.public_id),
        "number": ticket.number,
        "status": ticket.status,
        "priority": Priority(ticket.priority).code,
        "queue": ticket.queue.slug,
        "assignee": ticket.assignee.username if ticket.assignee else None,
        "category": ticket.category,
        "url": absolute("ticket", ticket.public_id),
    }


def shown_feedback(feedback: Feedback) -> Payload:
    return {
        "id": str(feedback.public_id),
        "number": feedback.number,
        "state": feedback.state,
        "url": absolute("own-feedback", feedback.public_id),
    }


def _change_of(told_as: str, event: TicketEvent) -> Payload:
    """Return the old and the new value in the API's terms, for events that are changes."""
    old, new = event.old, event.new
    if told_as == HookEvent.TICKET_PRIORITY:
        return {"old": Priority(int(old)).code, "new": Priority(int(new)).code}
    if told_as == HookEvent.FEEDBACK_STATE:
        return {"old": SHOWN_AS[Status(old)].value, "new": SHOWN_AS[Status(new)].value}
    if told_as in _CHANGES:
        return {"old": old or None, "new": new or None}
    if event.kind == EventKind.MERGED:
        return {"into": new}
    if event.kind == EventKind.UNMERGED:
        return {"from": old}
    return {}


_CHANGES = {HookEvent.TICKET_STATUS, HookEvent.TICKET_ASSIGNED, HookEvent.TICKET_QUEUE}


def _of_rating(delivery: HookDelivery, rating: Rating, owner: User) -> Payload | None:
    about = _about(owner, rating.feedback_id)
    if about is None:
        return None
    told: dict[str, Any] = {"score": rating.score}
    if delivery.hook.with_text:
        told["comment"] = rating.comment
    return {**about, "rating": told}


def _of_summary(summary: Summary, owner: User) -> Payload | None:
    if not Summary.objects.visible_to(owner).filter(pk=summary.pk).exists():
        return None
    return {
        "summary": {
            "id": str(summary.public_id),
            "title": summary.title,
            "url": absolute("summary", summary.public_id),
        }
    }


def events_for(user: User) -> list[HookEvent]:
    """Return the events ``user`` may receive: staff those of tickets, an integration those of its own feedback."""
    return STAFF_EVENTS if user.is_staff else INTEGRATION_EVENTS


INTEGRATION_EVENTS: list[HookEvent] = [
    HookEvent.MESSAGE_RECEIVED,
    HookEvent.REPLY_SENT,
    HookEvent.FEEDBACK_STATE,
    HookEvent.FEEDBACK_RATED,
]
STAFF_EVENTS: list[HookEvent] = [
    event for event in HookEvent if event not in (HookEvent.FEEDBACK_STATE, HookEvent.TEST)
]
