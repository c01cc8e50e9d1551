"""What people do about pages and the rota."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from tickets.crisis.models import Level, OnCallShift, Page
from tickets.desk.crisis_places import acknowledge
from tickets.desk.models import CrisisPlace
from users.accounts.models import User


class CannotBeOnCall(Refused):
    code = "cannot_be_on_call"
    field = "user"


class EndsBeforeItStarts(Refused):
    code = "ends_before_it_starts"
    field = "ends_at"


def acknowledge_page(page: Page, *, actor: User, at: datetime) -> tuple[int, list[str]]:
    """Take every ticket of ``page`` that still waits, each as if by hand; return how many, and why not the others.

    Each is a transaction of its own: what somebody else takes meanwhile, or ``actor`` may not work on, stops no other.
    """
    refused: list[str] = []
    waiting = page.places.waiting().select_related("ticket").order_by("ack_due_at", "pk")
    for place in waiting:
        try:
            acknowledge(place, actor=actor, at=at)
        except Refused as error:
            refused.append(f"{place.ticket.number}: {error}")
    return len(waiting) - len(refused), refused


@transaction.atomic
def put_on_call(
    user: User, *, starts_at: datetime, ends_at: datetime, level: Level = Level.PRIMARY
) -> OnCallShift:
    """Put ``user`` on call. Raises CannotBeOnCall, EndsBeforeItStarts."""
    if not (user.is_agent and user.is_crisis_team):
        raise CannotBeOnCall(_("%(name)s is not in the crisis team.") % {"name": user.name})
    if ends_at <= starts_at:
        raise EndsBeforeItStarts(_("A shift ends after it starts."))
    return OnCallShift.objects.create(user=user, starts_at=starts_at, ends_at=ends_at, level=level)


def page_of(place: CrisisPlace) -> Page | None:
    """Return the newest page that tells of ``place``, None before its first step."""
    return place.pages.order_by("-pk").first()
