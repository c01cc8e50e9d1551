"""Apply macros: several steps at once, ordered so that none undoes another."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import number_in
from tickets.desk.drafts import add_to_draft
from tickets.desk.models import EventKind, Status, Ticket, TicketEvent
from tickets.queues.models import Priority
from tickets.replies.canned import customer_language, wording_of
from tickets.workbench.models import Giving, Macro
from users.accounts.models import User


class MacroGone(Refused):
    code = "macro_gone"
    field = "value"


class AnswerGone(Refused):
    code = "answer_gone"


def macros_offered() -> list[Macro]:
    """Return the active macros in display order. One query."""
    return list(Macro.objects.filter(is_active=True).order_by("position", "name", "pk"))


def macro_of(number: str) -> Macro:
    """Return the active macro with this id, given as text by a page. Raises MacroGone."""
    offered = Macro.objects.filter(is_active=True).select_related("canned_reply", "queue", "assignee")
    macro = offered.filter(pk=number_in(number) or 0).first()
    if macro is None:
        raise MacroGone(_("There is no such macro any more. Load the page again."))
    return macro


def steps_of(macro: Macro, *, actor: User, at: datetime) -> list[tuple[str, str]]:
    """Return the steps of ``macro`` as pairs of action name and value.

    The queue comes before the assignee, who must work it; the status comes last, since taking a new ticket opens it.
    With a canned reply the status is set only when that is sent.
    """
    steps = [("tag", name) for name in macro.tags]
    if macro.priority is not None:
        steps.append(("priority", Priority(macro.priority).code))
    if macro.queue is not None:
        steps.append(("queue", macro.queue.slug))
    given_to = {Giving.ME: actor.username, Giving.NOBODY: ""}
    if macro.assignee is not None:
        steps.append(("assign", macro.assignee.username))
    elif macro.give_to:
        steps.append(("assign", given_to[Giving(macro.give_to)]))
    if macro.aside_for is not None:
        steps.append(("snooze", (at + macro.aside_for).isoformat()))
    elif macro.status and macro.canned_reply is None:
        steps.append(("status", macro.status))
    return steps


def record(macro: Macro, ticket: Ticket, *, actor: User, at: datetime) -> TicketEvent:
    """Record in the history, before its steps, that ``macro`` is applied, and add its answer to the draft of ``actor``.

    Raises AnswerGone when the canned reply is no longer in use.
    """
    event = TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.MACRO, at=at, actor=actor, new=macro.name, details={"macro": macro.pk}
    )
    if (canned := macro.canned_reply) is not None:
        language = customer_language(ticket)
        wording = wording_of(canned, ticket, agent=actor, language=language) if canned.is_active else None
        if wording is None:
            raise AnswerGone(_("The canned reply of this macro is not used any more."))
        then = Status(macro.status) if macro.status else None
        add_to_draft(ticket, wording.text, author=actor, then=then, at=at)
    return event
