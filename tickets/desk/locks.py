"""Locks that every change of a ticket takes, and the check that the page it came from is not stale.

Row locks protect a ticket during a transaction; its version protects it while a page is open.
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
    """A save came from a stale page."""

    code = "changed_meanwhile"


def hold_threads(*tops: int, also: Collection[int] = ()) -> None:
    """Lock the feedback of the tickets ``tops`` and of all tickets merged into them until the transaction ends.

    ``also`` holds keys of further feedback to lock, which may have no ticket yet. Rows are locked in key order
    in one statement, so that two transactions cannot deadlock.
    """
    threads = Ticket.objects.none()
    for top in tops:
        threads = threads | Ticket.objects.worked_on_as(top)
    ids = threads.values_list("feedback", flat=True)
    # Combining both lists of keys in the statement would make PostgreSQL read the whole table.
    found = Feedback.objects.filter(pk__in={*also, *ids} if also else ids).order_by("pk")
    list(found.select_for_update().values_list("pk", flat=True))


def hold(ticket: Ticket, *others: Ticket) -> Ticket:
    """Lock the feedback and then its ticket, and return the ticket as it is now.

    Needs the caller's transaction. Every change of both takes the locks in this order, or an agent's answer and
    a customer's new message could deadlock. Pass the ``others`` a change concerns, to lock their threads too.
    """
    hold_threads(ticket.top_id, *(other.top_id for other in others))
    return locked(ticket.pk)


def locked(ticket_id: int) -> Ticket:
    """Return the ticket as it is now, with its row locked. The caller must have locked its feedback."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("feedback__channel", "feedback__customer", "feedback__address", "queue", "assignee")
        .get(pk=ticket_id)
    )


def check_version(ticket: Ticket, version: int | None) -> None:
    """Raise ChangedMeanwhile when ``version``, from the page being saved, is stale. None skips the check."""
    if version is not None and version != ticket.version:
        raise ChangedMeanwhile(
            _(
                "%(number)s changed since you opened it. Your text is kept; look at what changed and send again."
            )
            % {"number": ticket.number}
        )


def touch(ticket: Ticket, *, at: datetime, **changes: object) -> None:
    """Write ``changes`` to ``ticket`` and increment its version; the caller writes the event that says why."""
    Ticket.objects.filter(pk=ticket.pk).update(**changes, updated_at=at, version=F("version") + 1)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.refresh_from_db(fields=["updated_at", "version"])
