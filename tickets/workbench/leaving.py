"""Answers that their authors can still take back, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.desk.models import DraftFile, Ticket, WaitingReply, WaitingState
from tickets.replies.waiting import held_back, leaving_from
from tickets.workbench.changes import changes_since
from users.accounts.models import User

#: Why an answer was held back, by the code of the refusal.
_WHY: Mapping[str, Any] = {
    "changed_meanwhile": gettext_lazy("the ticket changed before it left"),
    "was_merged": gettext_lazy("the ticket was merged before it left"),
    "cannot_work_on": gettext_lazy("the ticket is not yours to change any more"),
    "move_not_allowed": gettext_lazy("the ticket cannot become what was chosen any more"),
}


@dataclass(frozen=True)
class Leaving:
    """An answer that will be sent in ``seconds``, or was held back."""

    waiting: WaitingReply
    seconds: int

    @property
    def is_held(self) -> bool:
        return self.waiting.state == WaitingState.HELD

    @property
    def told(self) -> str:
        """A sentence about what happened to it; empty while it waits."""
        number = {"number": self.waiting.ticket.number}
        if self.is_held:
            return _("Your answer to %(number)s was held back: %(why)s. It is in your draft.") % {
                **number,
                "why": _WHY.get(self.waiting.held_because, _WHY["changed_meanwhile"]),
            }
        if self.waiting.state == WaitingState.SENT:
            return _("The answer to %(number)s has left.") % number
        if self.waiting.state == WaitingState.UNDONE:
            return _("The answer to %(number)s was taken back: it is in your draft.") % number
        return ""


@dataclass(frozen=True)
class HeldBack:
    """Notice that the draft is an answer that was held back, with the ``changes`` since it was sent, oldest first."""

    told: str
    changes: list[str]


def shown(waiting: WaitingReply, *, at: datetime) -> Leaving:
    """Return ``waiting`` as pages show it at ``at``."""
    return Leaving(waiting, max(ceil((waiting.due_at - at).total_seconds()), 0))


def unsettled_of(user: User, *, at: datetime) -> list[Leaving]:
    """Return the answers of ``user`` that are about to leave or were held back, newest first. One query."""
    rows = WaitingReply.objects.shown_to(user).select_related("ticket").order_by("-pk")
    return [shown(waiting, at=at) for waiting in rows]


def leaving_on(ticket: Ticket, *, at: datetime) -> list[Leaving]:
    """Return all authors' answers about to leave from ``ticket``, with their files. At most two queries."""
    files = Prefetch("files", DraftFile.objects.defer("content").order_by("pk"))
    return [shown(waiting, at=at) for waiting in leaving_from(ticket).prefetch_related(files)]


def held_on(ticket: Ticket, user: User, *, at: datetime) -> HeldBack | None:
    """Return a notice if the last answer of ``user`` to ``ticket`` was held back, else None."""
    waiting = held_back(ticket, author=user)
    if waiting is None:
        return None
    return HeldBack(shown(waiting, at=at).told, changes_since(ticket, waiting.seen_event))
