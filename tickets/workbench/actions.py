"""Actions an agent can take on a ticket with one key or one choice, on a single ticket or in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from feedback.analysis.models import CrisisCategory
from tickets.desk.access import check_may_work_on
from tickets.desk.alarms import open_place
from tickets.desk.corrections import correct_ticket, raise_alarm
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.desk.linking import link
from tickets.desk.locks import check_version, hold
from tickets.desk.models import CrisisPlace, LinkKind, Status, Ticket
from tickets.desk.services import assign, change_queue, prioritise
from tickets.desk.snoozing import snooze
from tickets.desk.tagging import tag, untag
from tickets.desk.transitions import move
from tickets.queues.models import Priority, Queue
from tickets.workbench.macros import macro_of, record, steps_of
from users.accounts.models import User


class UnknownAction(Refused):
    code = "unknown_action"


class BadChoice(Refused):
    """The chosen value is not one of those offered; the page is probably stale."""

    code = "bad_choice"
    field = "value"


class EntersByRaising(Refused):
    code = "enters_by_raising"


class TakenMeanwhile(Refused):
    code = "taken_meanwhile"


class NothingToAcknowledge(Refused):
    code = "nothing_to_acknowledge"


@dataclass(frozen=True)
class Asked:
    """A requested action: ``value`` is a code, name or id as the page sent it, ``reason`` is free text."""

    action: str
    value: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> Asked:
        """Read the requested action from the ``form`` that a page sent."""
        return cls(*(str(form.get(name, "")) for name in ("action", "value", "reason")))


@transaction.atomic
def act(ticket: Ticket, asked: Asked, *, actor: User, at: datetime, version: int | None = None) -> None:
    """Apply the requested action to ``ticket``, all or nothing. The ``ticket`` instance is not updated.

    Raises UnknownAction, CannotWorkOn, ChangedMeanwhile and the refusals of the individual actions.
    """
    do = ACTIONS.get(asked.action)
    if do is None:
        raise UnknownAction(_("This page asks for something that does not exist."))
    # A link involves a second ticket, locked here too: two tickets linking each other would deadlock otherwise.
    others = [_linked(asked, actor)] if asked.action == "link" else []
    held = hold(ticket, *others)
    check_may_work_on(held, actor)
    check_version(held, version)
    do(held, asked, actor, at)


@dataclass(frozen=True)
class BulkResult:
    """How many tickets were changed; ``refused`` holds pairs of ticket number and reason."""

    done: int
    refused: list[tuple[str, str]]


def act_on_all(tickets: Sequence[Ticket], asked: Asked, *, actor: User, at: datetime) -> BulkResult:
    """Apply the action to each ticket in a transaction of its own; a refusal for one does not stop the others."""
    refused = []
    for ticket in tickets:
        try:
            act(ticket, asked, actor=actor, at=at)
        except Refused as error:
            refused.append((ticket.number, str(error)))
    return BulkResult(len(tickets) - len(refused), refused)


def _take(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    """Take an unassigned ticket, or one still assigned as the page showed: of concurrent agents the first gets it."""
    has_it = ticket.assignee
    if has_it is not None and has_it != actor and has_it.username != asked.value:
        raise TakenMeanwhile(
            _("%(name)s has %(number)s. Open it to take it over.")
            % {"name": has_it.name, "number": ticket.number}
        )
    assign(ticket, to=actor, actor=actor, at=at)


def _assign(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    to = None
    if asked.value:
        to = User.objects.filter(username=asked.value, is_active=True, is_staff=True).first()
        if to is None:
            raise BadChoice(_("There is no such agent any more."))
    assign(ticket, to=to, actor=actor, at=at)


def _status(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    if asked.value not in Status.values:
        raise BadChoice(_("There is no such status."))
    if asked.value != ticket.status:
        move(ticket, Status(asked.value), actor=actor, at=at, reason=asked.reason)


def _snooze(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    try:
        until = datetime.fromisoformat(asked.value)
    except ValueError:
        raise BadChoice(_("Say until when, such as 2026-11-25T09:00.")) from None
    # A typed time is in the time zone that the page names.
    snooze(ticket, until=make_aware(until) if is_naive(until) else until, actor=actor, at=at)


def _queue(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    to = Queue.objects.filter(slug=asked.value).first()
    if to is None:
        raise BadChoice(_("There is no such queue any more."))
    if to.is_crisis:
        raise EntersByRaising(_("A ticket enters the crisis queue by raising it."))
    if to != ticket.queue:
        change_queue(ticket, to=to, actor=actor, at=at, reason=asked.reason)


def _priority(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    to = next((priority for priority in Priority if priority.code == asked.value), None)
    if to is None:
        raise BadChoice(_("There is no such priority."))
    if to != ticket.priority:
        prioritise(ticket, to=to, actor=actor, at=at)


def _tag(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    tag(ticket, asked.value, actor=actor, at=at)


def _untag(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    untag(ticket, asked.value, actor=actor, at=at)


def _acknowledge(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    acknowledge(_open_place(ticket), actor=actor, at=at)


def _false_alarm(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    call_false_alarm(_open_place(ticket), reason=asked.reason, actor=actor, at=at)


def _raise_alarm(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    if asked.value not in CrisisCategory.values:
        raise BadChoice(_("Choose what kind of crisis this is."))
    raise_alarm(ticket, category=CrisisCategory(asked.value), actor=actor, at=at)


def _correct(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    field, _colon, new = asked.value.partition(":")
    if getattr(ticket, field, None) != new:
        correct_ticket(ticket, field=field, new=new, reason=asked.reason, actor=actor, at=at)


def _link(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    kind = asked.value.partition(":")[0]
    if kind not in LinkKind.values:
        raise BadChoice(_("There is no such kind of link."))
    link(ticket, to=_linked(asked, actor), kind=LinkKind(kind), actor=actor, at=at)


def _linked(asked: Asked, actor: User) -> Ticket:
    """Return the other ticket of a requested link, named as ``kind:id``. Raises BadChoice."""
    public_id = asked.value.partition(":")[2]
    try:
        other = Ticket.objects.visible_to(actor).filter(public_id=uuid.UUID(public_id)).first()
    except ValueError:
        other = None
    if other is None:
        raise BadChoice(_("There is no such ticket, or none that you may read."))
    return other


def _macro(ticket: Ticket, asked: Asked, actor: User, at: datetime) -> None:
    """Apply all steps of a macro or none: the caller's transaction locks the ticket, and any refusal rolls it back."""
    macro = macro_of(asked.value)
    record(macro, ticket, actor=actor, at=at)
    for action, value in steps_of(macro, actor=actor, at=at):
        ACTIONS[action](ticket, Asked(action, value), actor, at)


def _open_place(ticket: Ticket) -> CrisisPlace:
    place = open_place(ticket)
    if place is None:
        raise NothingToAcknowledge(_("%(number)s is not in the crisis queue.") % {"number": ticket.number})
    return place


ACTIONS: Mapping[str, Callable[[Ticket, Asked, User, datetime], None]] = {
    "take": _take,
    "assign": _assign,
    "status": _status,
    "snooze": _snooze,
    "queue": _queue,
    "priority": _priority,
    "tag": _tag,
    "untag": _untag,
    "acknowledge": _acknowledge,
    "false_alarm": _false_alarm,
    "raise": _raise_alarm,
    "correct": _correct,
    "link": _link,
    "macro": _macro,
}
