"""What can be chosen on the desk's pages, with its name in the language of the page."""

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

#: Languages an inbox can be narrowed to: each stands for all its scripts and regions.
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
    """A list to choose from: ``name`` is the parameter, ``label`` what it is called when nothing is chosen."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def is_used(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


def filter_choices(filters: Filters) -> list[Choices]:
    """Return what the inbox can be narrowed by. No query."""

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
    """What a ticket can be changed to."""

    agents: list[User]
    queues: list[Choice]
    priorities: list[Choice]


def work_choices(ticket: Ticket | None = None) -> WorkChoices:
    """Return the agents and queues to give a ticket to; for ``ticket``, the agents who work its queue. Two queries."""
    able = agents()
    if ticket is not None:
        works_here = able.filter(
            teams__in=ticket.queue.accesses.filter(level=AccessLevel.WORK).values("team")
        )
        if ticket.queue.is_crisis:
            works_here = works_here | able.filter(is_crisis_team=True)
        # Whoever has it stands there, whatever they may work on now: else the page would say "Nobody".
        theirs = User.objects.filter(pk__in=[ticket.assignee_id])
        able = (works_here | administrators() | theirs).distinct()
    queues = [queue for queue in Queue.objects.order_by("position", "name") if not queue.is_crisis]
    return WorkChoices(
        agents=list(able.order_by("first_name", "username")[:200]),
        queues=[Choice(queue.slug, str(queue)) for queue in queues],
        priorities=[Choice(priority.code, str(priority.label)) for priority in Priority],
    )


def status_choices(ticket: Ticket) -> list[Choice]:
    """Return the states ``ticket`` can be moved to, its own first."""
    own = Status(ticket.status)
    return [Choice(own, str(own.label), True)] + [
        Choice(status, str(status.label)) for status in Status if status in MOVES[own]
    ]


def snooze_choices(at: datetime) -> list[Choice]:
    """Return until when a ticket is put aside with one choice, on the page's clock; the nearest first."""
    here = localtime(at)
    morning = here.replace(hour=9, minute=0, second=0, microsecond=0)
    times = [
        (here.replace(second=0, microsecond=0) + timedelta(hours=3), _("in 3 hours")),
        (morning + timedelta(days=1), _("tomorrow morning")),
        (morning + timedelta(days=7 - here.weekday()), _("next Monday")),
    ]
    return [Choice(time.isoformat(), f"{label} · {date_format(time, 'D H:i')}") for time, label in times]


#: What the page calls merging, among the ways in which tickets are joined.
MERGE = "merge"


def ways_to_join() -> list[Choice]:
    """Return how a ticket can be joined to another one."""
    # What is split is linked by being split.
    kinds = [Choice(kind, str(kind.label)) for kind in LinkKind if kind != LinkKind.SPLIT]
    return [Choice(MERGE, _("Merge into")), *kinds]
