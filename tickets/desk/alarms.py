"""The alarm of an urgent ticket: who took it and when it ends. Only row updates; the rules are in crisis_places."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tickets.desk.models import CrisisPlace, EventKind, Ticket, TicketEvent
from users.accounts.models import User


def open_place(ticket: Ticket) -> CrisisPlace | None:
    """Return the place of ``ticket`` in the crisis queue, None when it has none."""
    return ticket.crisis_places.open().select_related("acknowledged_by").first()


def stop_alarm(place: CrisisPlace, *, actor: User, at: datetime) -> bool:
    """Record that ``actor`` took the alarm of ``place``; return False when it was already taken or over."""
    # The WHERE clause is the lock: when two agents take it concurrently, one updates no row.
    ringing = CrisisPlace.objects.filter(
        Q(acknowledged_at=None) | Q(next_step_at__isnull=False), pk=place.pk, closed_at=None
    )
    if not ringing.update(acknowledged_at=at, acknowledged_by=actor, next_step_at=None):
        return False
    _record(place, EventKind.CRISIS_ACKNOWLEDGED, actor=actor, at=at)
    return True


def close_place(
    place: CrisisPlace, *, actor: User | None, at: datetime, false_alarm_reason: str = ""
) -> bool:
    """Record that the ticket of ``place`` left the crisis queue; return False when it had already left.

    With ``false_alarm_reason`` it leaves as a false alarm.
    """
    closed = CrisisPlace.objects.open().filter(pk=place.pk)
    if not closed.update(closed_at=at, next_step_at=None, false_alarm_reason=false_alarm_reason[:300]):
        return False
    kind = EventKind.CRISIS_FALSE_ALARM if false_alarm_reason else EventKind.CRISIS_LEFT
    _record(place, kind, actor=actor, at=at, note=false_alarm_reason)
    return True


def take_back(place_id: int) -> None:
    """Reopen an acknowledged place in the crisis queue that was closed; it stays acknowledged by the same agent.

    The caller writes the event that says why.
    """
    CrisisPlace.objects.filter(pk=place_id).exclude(acknowledged_at=None).update(closed_at=None)


def _record(place: CrisisPlace, kind: EventKind, *, actor: User | None, at: datetime, note: str = "") -> None:
    place.refresh_from_db()
    TicketEvent.objects.create(
        ticket_id=place.ticket_id, kind=kind, at=at, actor=actor, note=note, details={"place": place.pk}
    )
