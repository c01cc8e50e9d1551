"""Describe the history of a ticket: a sentence for each event."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.intake.models import Topic
from tickets.desk.models import EventKind, Status, TicketEvent
from tickets.queues.models import Priority, Queue
from tickets.queues.wording import name_of, team_names
from tickets.workbench.reasons import category_name
from users.accounts.models import User


class Names:
    """Display names of the codes stored in events. One query for each kind of name, when first needed."""

    def __init__(self) -> None:
        self._queues: dict[str, str] | None = None
        self._people: dict[str, str] | None = None
        self._teams: dict[str, str] | None = None

    def notified(self, notify: str) -> str:
        if self._teams is None:
            self._teams = team_names()
        return name_of(notify, self._teams)

    def queue(self, slug: str) -> str:
        if self._queues is None:
            self._queues = {queue.slug: str(queue) for queue in Queue.objects.all()}
        return self._queues.get(slug, slug)

    def person(self, username: str) -> str:
        if self._people is None:
            staff = User.objects.filter(is_staff=True).only("username", "first_name", "last_name")
            self._people = {user.username: user.name for user in staff}
        return self._people.get(username, username)


def described(event: TicketEvent, names: Names) -> tuple[str, str]:
    """Return a description of ``event``, without its actor, and an icon."""
    new, old = event.new, event.old
    match event.kind:
        case EventKind.OPENED:
            return _("opened the ticket in %(queue)s") % {"queue": names.queue(new)}, "add_circle"
        case EventKind.MOVED if until := event.details.get("until"):
            return _("put the ticket aside until %(when)s") % {"when": spoken_time(until)}, "snooze"
        case EventKind.MOVED if old == Status.ON_HOLD and new == Status.OPEN and event.actor is None:
            return _("brought the ticket back: its time has come"), "alarm"
        case EventKind.MOVED:
            words = {"old": _label(Status, old), "new": _label(Status, new)}
            return _("changed the status from %(old)s to %(new)s") % words, "sync_alt"
        case EventKind.ASSIGNED if not new:
            return _("released the ticket"), "person_off"
        case EventKind.ASSIGNED if event.actor and event.actor.username == new:
            return _("took the ticket"), "person_add"
        case EventKind.ASSIGNED:
            return _("assigned the ticket to %(name)s") % {"name": names.person(new)}, "person_add"
        case EventKind.QUEUED:
            words = {"old": names.queue(old), "new": names.queue(new)}
            return _("moved the ticket from %(old)s to %(new)s") % words, "move_item"
        case EventKind.PRIORITISED:
            words = {"old": _label(Priority, old), "new": _label(Priority, new)}
            return _("changed the priority from %(old)s to %(new)s") % words, "flag"
        case EventKind.TAGGED if new:
            return _("tagged the ticket %(tag)s") % {"tag": new}, "sell"
        case EventKind.TAGGED:
            return _("removed the tag %(tag)s") % {"tag": old}, "sell"
        case EventKind.MACRO:
            return _("applied the macro “%(name)s”") % {"name": new}, "bolt"
        case EventKind.CRISIS_ENTERED:
            words = {"category": category_name(new) or _("urgent")}
            return _("put the ticket into the crisis queue: %(category)s") % words, "e911_emergency"
        case EventKind.CRISIS_AGAIN:
            words = {"category": category_name(new) or _("urgent")}
            return _("heard another urgent message: %(category)s") % words, "e911_emergency"
        case EventKind.CRISIS_LEFT:
            return _("took the ticket out of the crisis queue"), "shield"
        case EventKind.CRISIS_ACKNOWLEDGED:
            return _("acknowledged the urgent ticket"), "front_hand"
        case EventKind.CRISIS_ESCALATED:
            return _escalated(event, names), "notification_important"
        case EventKind.CRISIS_FALSE_ALARM:
            return _("called it a false alarm"), "notifications_off"
        case EventKind.CORRECTED:
            words = {"field": _field(event), "old": _code(event, old), "new": _code(event, new)}
            return _("corrected %(field)s from %(old)s to %(new)s") % words, "rule"
        case EventKind.MERGED if new:
            return _("merged the ticket into %(number)s") % {"number": new}, "merge"
        case EventKind.MERGED:
            return _("merged %(number)s into this ticket") % {"number": old}, "merge"
        case EventKind.UNMERGED if new:
            return _("took the ticket out of %(number)s again") % {"number": old}, "call_split"
        case EventKind.UNMERGED:
            return _("took %(number)s out of this ticket again") % {"number": old}, "call_split"
        case EventKind.SPLIT if new:
            return _split_off(event, new), "call_split"
        case EventKind.SPLIT:
            return _("took the ticket out of %(number)s") % {"number": old}, "call_split"
        case EventKind.LINKED:
            return _("linked the ticket with %(number)s") % {"number": new}, "link"
        case EventKind.UNLINKED:
            return _("removed the link with %(number)s") % {"number": new}, "link_off"
        case EventKind.SENT_AGAIN:
            return _("sent the answer again"), "forward_to_inbox"
        case EventKind.UNANSWERED:
            days = event.details["days"]
            told = ngettext(
                "heard nothing from the customer for %(count)s day",
                "heard nothing from the customer for %(count)s days",
                days,
            )
            return told % {"count": days}, "hourglass_disabled"
        case EventKind.DELIVERY_FAILED:
            return _("could not deliver the answer"), "mail_off"
        case _:
            return str(EventKind(event.kind).label), "info"


def spoken_time(moment: str) -> str:
    """Format a stored time with its time zone, since the times around it are shown in the reader's own."""
    at = date_format(localtime(datetime.fromisoformat(moment)), "DATETIME_FORMAT")
    return f"{at} ({get_current_timezone_name()})"


def _escalated(event: TicketEvent, names: Names) -> str:
    """Describe who was notified by an escalation step, on schedule or called early by an agent."""
    if not event.details.get("people"):
        return _("found nobody who could be told")
    who = {"who": names.notified(event.details["told"])}
    if event.actor is None:
        return _("told, as nobody had taken the ticket: %(who)s") % who
    return _("called before it was time: %(who)s") % who


def _split_off(event: TicketEvent, number: str) -> str:
    count = len(event.details.get("messages", ()))
    told = ngettext(
        "moved %(count)s message into the new ticket %(number)s",
        "moved %(count)s messages into the new ticket %(number)s",
        count,
    )
    return told % {"count": count, "number": number}


def _label(choices: type[Status] | type[Priority], code: str) -> str:
    """Return the label of ``code``, a value of ``choices`` as events store it; the code itself if it is unknown."""
    return str({str(value): label for value, label in choices.choices}.get(code, code))


def _field(event: TicketEvent) -> str:
    return {"topic": _("the topic"), "category": _("the category")}.get(event.details.get("field", ""), "")


def _code(event: TicketEvent, code: str) -> str:
    if event.details.get("field") == "topic" and code in Topic.values:
        return str(Topic(code).label)
    return category_name(code) or _("none")
