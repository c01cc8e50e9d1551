"""Whoever changes a ticket holds it first, and what they saw of it must still be true.

Two ways: a lock on the rows for as long as a transaction takes, and a version for as long as a page is open.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from feedback.intake.models import Feedback
from tickets.desk.models import Ticket


class ChangedMeanwhile(Refused):
    """A save came from a page older than the ticket."""

    code = "changed_meanwhile"


def hold_threads(*tops: int, also: Collection[int] = ()) -> None:
    """Lock threads until the transaction ends: the feedback of the tickets ``tops``, of all tickets merged into
    them, and the feedback ``also`` (keys), which may have no ticket yet.

    Rows are locked in the order of their keys, in one statement, so that no two transactions wait for each other.
    """
    threads = Ticket.objects.none()
    for top in tops:
        threads = threads | Ticket.objects.worked_on_as(top)
    ids = threads.values_list("feedback", flat=True)
    # Two lists of keys joined in the statement would make PostgreSQL read the whole table.
    found = Feedback.objects.filter(pk__in={*also, *ids} if also else ids).order_by("pk")
    list(found.select_for_update().values_list("pk", flat=True))


def hold(ticket: Ticket, *others: Ticket) -> Ticket:
    """Lock the feedback and then its ticket, as every change of both must, and return the ticket fresh.

    In the caller's transaction; without this order an agent's answer and a customer's new message
    could wait for each other. A change that concerns ``others`` too locks their threads in the same call.
    """
    hold_threads(ticket.top_id, *(other.top_id for other in others))
    return locked(ticket.pk)


def locked(ticket_id: int) -> Ticket:
    """Return the ticket as it is now, with its row locked. The caller has locked its feedback."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("feedback__channel", "feedback__customer", "feedback__address", "queue", "assignee")
        .get(pk=ticket_id)
    )


def check_version(ticket: Ticket, version: int | None) -> None:
    """Raise ChangedMeanwhile when the page that is saved shows an older state than the ticket has."""
    if version is not None and version != ticket.version:
        raise ChangedMeanwhile(
            _(
                "%(number)s changed since you opened it. Your text is kept; look at what changed and send again."
            )
            % {"number": ticket.number}
        )


def touch(ticket: Ticket, *, at: datetime, **changes: object) -> None:
    """Write ``changes`` to ``ticket`` and count its version up; the caller writes the event that says why."""
    Ticket.objects.filter(pk=ticket.pk).update(**changes, updated_at=at, version=F("version") + 1)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.refresh_from_db(fields=["updated_at", "version"])
