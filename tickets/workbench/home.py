"""Content of the admin's home page. Unfold calls ``home`` with the page's context."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.warnings.shown import live_warnings
from tickets.workbench.crisis import waiting_places
from tickets.workbench.figures import last_day, loads
from tickets.workbench.leaving import unsettled_of
from tickets.workbench.navigation import desk_of
from tickets.workbench.setting_up import left_to_do
from users.accounts.models import User

MOST_WAITING = 5


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to ``context`` what waits, the unacknowledged crisis places and the figures of the last day."""
    user = request.user
    if not isinstance(user, User) or not user.has_staff_role:
        return context
    at = timezone.now()
    desk = desk_of(request)
    waiting = [one for one in waiting_places(user, at=at) if one.place.acknowledged_at is None]
    return context | {
        "cards": [
            (folder, desk.shown(folder.key))
            for folder in desk.folders
            if folder.key in ("mine", "unassigned", "overdue")
        ],
        "waiting": waiting[:MOST_WAITING],
        "waiting_count": len(waiting),
        "warnings": live_warnings(user),
        "day": last_day(user, at=at),
        "loads": loads(user) if user.is_lead else [],
        "to_do": left_to_do(at) if user.is_administrator else [],
        "leaving": unsettled_of(user, at=at),
        "title": _("Home"),
        "now": at,
    }
