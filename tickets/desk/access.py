"""Who may change a ticket. Reading is ``Ticket.objects.visible_to``, or ``readers_of`` to list everyone who may."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.desk.models import Ticket
from tickets.desk.transitions import WasMerged
from tickets.queues.models import AccessLevel, QueueAccess
from users.accounts.models import User
from users.accounts.staff import agents, leads


class CannotWorkOn(Refused):
    code = "cannot_work_on"


def may_work_on(ticket: Ticket, user: User) -> bool:
    """Whether ``user`` may change ``ticket``: administrators, the crisis team in its queue, teams that work it."""
    if not user.is_agent or not Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists():
        return False
    if user.is_administrator or (user.is_crisis_team and ticket.queue.is_crisis):
        return True
    return QueueAccess.objects.filter(
        queue_id=ticket.queue_id, team__members=user, level=AccessLevel.WORK
    ).exists()


def readers_of(ticket: Ticket) -> QuerySet[User]:
    """Return the users who may read ``ticket``: the reverse of ``visible_to``. A test keeps the two consistent."""
    through_queue = Q(teams__in=QueueAccess.objects.filter(queue=ticket.queue_id).values("team"))
    if ticket.queue.is_crisis:
        through_queue |= Q(is_crisis_team=True)
    readers = (agents().filter(through_queue) | leads()).filter(is_staff=True)
    if ticket.is_sensitive:
        readers = readers.filter(Q(is_crisis_team=True) | Q(is_superuser=True))
    # Not distinct(): it would compare whole rows and limit what they can be ordered by.
    return User.objects.filter(pk__in=readers.values("pk"))


def check_may_work_on(ticket: Ticket, user: User) -> None:
    """Raise CannotWorkOn unless ``user`` may change ``ticket``, WasMerged when it was merged into another."""
    if ticket.merged_into_id is not None:
        raise WasMerged(ticket)
    if not may_work_on(ticket, user):
        raise CannotWorkOn(_("You may read %(number)s but not change it.") % {"number": ticket.number})
