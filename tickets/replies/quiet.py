"""Tickets whose customer was answered and stays silent: one reminder, and then the ticket is solved.

Both only when an administrator enabled them, and never for sensitive or once urgent tickets: agents handle those.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.kit.origins import Origin
from feedback.channels.languages import interface_language
from feedback.intake.services import record_answer
from tickets.desk.locks import hold
from tickets.desk.models import (
    DeskSettings,
    EventKind,
    Status,
    Ticket,
    TicketEvent,
    TicketQuerySet,
    WaitingReply,
)
from tickets.desk.transitions import move
from tickets.replies.canned import language_of
from tickets.replies.services import deliver
from users.profiles.models import OptOut
from users.profiles.services import preferences_of

#: Reminders overdue by more than this are not sent: else enabling them would remind people of years-old answers.
FORGOTTEN_AFTER = timedelta(days=30)
#: The most tickets of each kind handled in one run; the rest come first in the next.
MOST_TICKETS = 100


def tend_quiet(at: datetime) -> tuple[int, int]:
    """Remind and solve by the desk settings; return how many of each. One transaction per ticket."""
    chosen = DeskSettings.objects.get()
    reminded = solved = 0
    if days := chosen.solve_after_days:
        keys = silent_for(days, at=at).values_list("pk", flat=True)
        solved = sum(solve_one(pk, days, at=at) for pk in keys[:MOST_TICKETS])
    if days := chosen.remind_after_days:
        keys = unreminded_for(days, at=at).values_list("pk", flat=True)
        reminded = sum(remind_one(pk, chosen, at=at) for pk in keys[:MOST_TICKETS])
    return reminded, solved


def silent_for(days: int, *, at: datetime) -> TicketQuerySet:
    """Return the tickets whose customer was answered over ``days`` ago and is silent since, the longest first."""
    leaving = WaitingReply.objects.leaving().filter(ticket=OuterRef("pk"))
    answered = Ticket.objects.filter(
        status=Status.WAITING_ON_CUSTOMER,
        origin=Origin.LIVE,
        is_sensitive=False,
        crisis_places=None,
        feedback__customer__erased_at=None,
        last_agent_at__gte=F("last_customer_at"),
        last_agent_at__lt=at - timedelta(days=days),
    )
    return answered.filter(~Exists(leaving)).order_by("last_agent_at", "pk")


def unreminded_for(days: int, *, at: datetime) -> TicketQuerySet:
    """Return the silent tickets to remind: at most once per answer, and not about answers long past."""
    reminders = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind=EventKind.REMINDED)
    tickets = silent_for(days, at=at).filter(~Exists(reminders.filter(at__gt=OuterRef("last_agent_at"))))
    tickets = tickets.filter(last_agent_at__gt=at - timedelta(days=days) - FORGOTTEN_AFTER)
    return tickets.exclude(feedback__customer__preferences__opt_outs__contains=[OptOut.ACKNOWLEDGEMENTS])


@transaction.atomic
def solve_one(ticket_id: int, days: int, *, at: datetime) -> bool:
    """Solve one ticket whose customer was silent for ``days``; return False when the ticket changed meanwhile."""
    ticket = hold(Ticket.objects.get(pk=ticket_id))
    if not silent_for(days, at=at).filter(pk=ticket_id).exists():
        return False
    TicketEvent.objects.create(ticket=ticket, kind=EventKind.UNANSWERED, at=at, details={"days": days})
    move(ticket, Status.SOLVED, actor=None, at=at)
    return True


@transaction.atomic
def remind_one(ticket_id: int, chosen: DeskSettings, *, at: datetime) -> bool:
    """Ask the customer of one ticket whether it is settled; return False when no reminder is due now.

    Customers who opted out of automatic mail get none; in quiet hours it is left to a later run.
    """
    ticket = hold(Ticket.objects.get(pk=ticket_id))
    days, feedback = chosen.remind_after_days, ticket.feedback
    wishes = preferences_of(feedback.customer)
    if wishes is not None and (OptOut.ACKNOWLEDGEMENTS in wishes.opt_outs or wishes.quiet_end(at)):
        return False
    if not unreminded_for(days, at=at).filter(pk=ticket_id).exists():
        return False
    language = language_of(
        wishes.language if wishes else None, feedback.language, ticket.language, feedback.channel.language
    )
    reminder = record_answer(
        feedback,
        text=words(ticket, chosen, language=language, at=at),
        author=None,
        author_name="",
        at=at,
        is_automatic=True,
    )
    details = {"days": days, "message": reminder.pk}
    TicketEvent.objects.create(ticket=ticket, kind=EventKind.REMINDED, at=at, details=details)
    deliver(reminder, language=language, at=at)
    return True


def words(ticket: Ticket, chosen: DeskSettings, *, language: str, at: datetime) -> str:
    """Return the reminder in the nearest available language; ``ticket`` must have been answered."""
    assert ticket.last_agent_at is not None
    with translation.override(interface_language(language)):
        lines = [
            _("We answered you on %(day)s and have not heard from you since.")
            % {"day": _day(ticket.last_agent_at)},
            _("Is it settled? If something is still open, just reply: we go on from there."),
        ]
        if chosen.solve_after_days:
            rest = timedelta(days=chosen.solve_after_days - chosen.remind_after_days)
            lines.append(
                _("If we hear nothing by %(day)s, we take it as settled. A later reply opens it again.")
                % {"day": _day(at + rest)}
            )
    return "\n".join(lines)


def _day(at: datetime) -> str:
    return date_format(at.astimezone(ZoneInfo(settings.SUMMARY_TIME_ZONE)), "DATE_FORMAT")
