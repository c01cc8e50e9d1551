"""The lists an agent works from: crisis queue, mine, unassigned, overdue, each queue, and finished tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext as _

from config.kit.counting import capped_counts
from tickets.desk.models import CrisisPlace, Status, Ticket, TicketQuerySet
from tickets.mentions.models import Mention
from tickets.mentions.services import followed_by
from tickets.queues.models import Queue
from users.accounts.models import User

#: Counts stop here and are shown as "999+".
MOST_COUNTED = 1000


class Order(Enum):
    """How a folder is sorted; an index serves each order."""

    #: By priority, next deadline, age: what should be done next comes first.
    URGENCY = "urgency"
    #: The latest change first.
    CHANGE = "change"
    #: The newest ticket first.
    NEWEST = "newest"


@dataclass(frozen=True)
class Folder:
    """One list of the inbox. ``is_counted``: the navigation shows how much waits in it.

    ``count_key`` names that number if it is not simply the count of its tickets.
    """

    key: str
    title: str
    icon: str
    tickets: TicketQuerySet
    order: Order = Order.URGENCY
    is_counted: bool = True
    count_key: str = ""

    @property
    def url(self) -> str:
        if self.key == "crisis":
            return reverse("desk:crisis")
        return f"{reverse('desk:inbox')}?folder={self.key}"


def folders_for(user: User, *, at: datetime) -> list[Folder]:
    """Return the folders of ``user`` at ``at``, in display order. One query, for the queues."""
    visible = Ticket.objects.visible_to(user)
    queues = list(Queue.objects.visible_to(user).order_by("position", "name"))
    # The queues as a list, so that the planner sees constants and not a join per folder.
    here = visible if user.is_administrator or user.is_lead else visible.filter(queue__in=queues)
    active = here.active()
    folders = []
    if crisis := [queue for queue in queues if queue.is_crisis]:
        urgent = active.filter(queue__in=crisis)
        # The crisis queue's number counts only unacknowledged tickets.
        folders.append(
            Folder("crisis", _("Crisis queue"), "e911_emergency", urgent, count_key="unacknowledged")
        )
    mentioned = here.filter(pk__in=Mention.objects.filter(user=user).values("ticket"))
    folders += [
        Folder("mine", _("Mine"), "person", here.unsolved().filter(assignee=user)),
        Folder(
            "mentions", _("Mentions"), "alternate_email", mentioned, Order.CHANGE, count_key="unread_mentions"
        ),
        Folder("unassigned", _("Unassigned"), "person_off", active.filter(assignee=None)),
        Folder("overdue", _("Overdue"), "timer_off", active.overdue(at)),
        Folder("all", _("All that waits for us"), "inbox", active, is_counted=False),
    ]
    folders += [
        Folder(f"queue-{queue.slug}", str(queue), "stacks", active.filter(queue=queue))
        for queue in queues
        if not queue.is_crisis
    ]
    return folders + _to_look_things_up(here, user)


def _to_look_things_up(here: TicketQuerySet, user: User) -> list[Folder]:
    """Return the folders for looking tickets up, such as solved ones; uncounted, as they need no work."""
    followed = here.filter(pk__in=followed_by(user))
    waiting = here.filter(status=Status.WAITING_ON_CUSTOMER)
    on_hold = here.filter(status=Status.ON_HOLD)
    solved = here.filter(status=Status.SOLVED)
    return [
        Folder("following", _("Following"), "visibility", followed, Order.CHANGE, is_counted=False),
        Folder(
            "waiting", _("Waiting on customer"), "hourglass_empty", waiting, Order.CHANGE, is_counted=False
        ),
        Folder("hold", _("On hold"), "pause_circle", on_hold, Order.CHANGE, is_counted=False),
        Folder("solved", _("Solved"), "check_circle", solved, Order.CHANGE, is_counted=False),
        Folder("every", _("All tickets"), "folder_open", here, Order.NEWEST, is_counted=False),
    ]


def counts_of(folders: list[Folder], user: User) -> dict[str, int]:
    """Return the count of each counted folder and of each ``count_key``, capped at MOST_COUNTED. One query."""
    querysets = {folder.key: folder.tickets for folder in folders if folder.is_counted}
    places = CrisisPlace.objects.visible_to(user).waiting()
    mentions = Mention.objects.unread_by(user)
    others = {"unacknowledged": places, "unread_mentions": mentions}
    return capped_counts({**querysets, **others}, most=MOST_COUNTED)


def shown_count(count: int) -> str:
    """Format ``count`` for display: "" for 0, "999+" for a capped count."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
