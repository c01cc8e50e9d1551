"""The choices offered on the desk's pages, labelled in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from feedback.analysis.models import CrisisCategory, UrgencyLane
from feedback.intake.models import ChannelKind, Topic
from tickets.desk.models import LinkKind, Status, Ticket
from tickets.desk.transitions import MOVES
from tickets.queues.models import AccessLevel, Priority, Queue
from tickets.workbench.filters import ME, NOBODY, Filters
from users.accounts.models import User
from users.accounts.staff import administrators, agents

#: Languages the inbox can be filtered by; each includes all its scripts and regions.
LANGUAGES = {
    "zh": "中文",
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "ja": "日本語",
    "ko": "한국어",
}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Choices:
    """A list of choices: ``name`` is the query parameter, ``label`` is shown while nothing is chosen."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def is_used(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


def filter_choices(filters: Filters) -> list[Choices]:
    """Return the filters that the inbox offers. No query."""

    def choices(name: str, label: str, pairs: Iterable[tuple[str, object]]) -> Choices:
        chosen = getattr(filters, name)
        return Choices(name, label, [Choice(value, str(text), value == chosen) for value, text in pairs])

    return [
        choices("status", _("Status"), Status.choices),
        choices("channel", _("Channel"), ChannelKind.choices),
        choices("language", _("Language"), LANGUAGES.items()),
        choices("topic", _("Topic"), Topic.choices),
        choices("lane", _("Urgency"), UrgencyLane.choices),
        choices("category", _("Crisis category"), CrisisCategory.choices),
        choices("assignee", _("Assignee"), [(ME, _("Me")), (NOBODY, _("Nobody"))]),
    ]


@dataclass(frozen=True)
class WorkChoices:
    """The assignees, queues and priorities a ticket can be changed to."""

    agents: list[User]
    queues: list[Choice]
    priorities: list[Choice]


def work_choices(ticket: Ticket | None = None) -> WorkChoices:
    """Return the agents, queues and priorities to offer; for ``ticket``, the agents who work its queue. Two queries."""
    able = agents()
    if ticket is not None:
        works_here = able.filter(
            teams__in=ticket.queue.accesses.filter(level=AccessLevel.WORK).values("team")
        )
        if ticket.queue.is_crisis:
            works_here = works_here | able.filter(is_crisis_team=True)
        # Always include the current assignee, even without access now: else the page would say "Nobody".
        theirs = User.objects.filter(pk__in=[ticket.assignee_id])
        able = (works_here | administrators() | theirs).distinct()
    queues = [queue for queue in Queue.objects.order_by("position", "name") if not queue.is_crisis]
    return WorkChoices(
        agents=list(able.order_by("first_name", "username")[:200]),
        queues=[Choice(queue.slug, str(queue)) for queue in queues],
        priorities=[Choice(priority.code, str(priority.label)) for priority in Priority],
    )


def status_choices(ticket: Ticket) -> list[Choice]:
    """Return the statuses ``ticket`` can be moved to, its current one first."""
    own = Status(ticket.status)
    return [Choice(own, str(own.label), True)] + [
        Choice(status, str(status.label)) for status in Status if status in MOVES[own]
    ]


def snooze_choices(at: datetime) -> list[Choice]:
    """Return the preset times until which a ticket can be snoozed, in the page's time zone; the nearest first."""
    here = localtime(at)
    morning = here.replace(hour=9, minute=0, second=0, microsecond=0)
    times = [
        (here.replace(second=0, microsecond=0) + timedelta(hours=3), _("in 3 hours")),
        (morning + timedelta(days=1), _("tomorrow morning")),
        (morning + timedelta(days=7 - here.weekday()), _("next Monday")),
    ]
    return [Choice(time.isoformat(), f"{label} · {date_format(time, 'D H:i')}") for time, label in times]


#: The value for merging among the ways to join tickets.
MERGE = "merge"


def ways_to_join() -> list[Choice]:
    """Return the ways in which a ticket can be joined to another one."""
    # Splitting makes its own link.
    kinds = [Choice(kind, str(kind.label)) for kind in LinkKind if kind != LinkKind.SPLIT]
    return [Choice(MERGE, _("Merge into")), *kinds]
