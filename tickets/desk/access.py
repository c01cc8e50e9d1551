"""Who may change a ticket. Who may read it is ``Ticket.objects.visible_to``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.desk.models import Ticket
from tickets.desk.transitions import WasMerged
from tickets.queues.models import AccessLevel, QueueAccess
from users.accounts.models import User


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


def check_may_work_on(ticket: Ticket, user: User) -> None:
    """Raise CannotWorkOn unless ``user`` may change ``ticket``, WasMerged when it is worked on elsewhere."""
    if ticket.merged_into_id is not None:
        raise WasMerged(ticket)
    if not may_work_on(ticket, user):
        raise CannotWorkOn(_("You may read %(number)s but not change it.") % {"number": ticket.number})
