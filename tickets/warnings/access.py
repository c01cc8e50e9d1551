"""Who may decide about a warning."""

from __future__ import annotations

from users.accounts.models import User


def may_decide(user: User) -> bool:
    """Whether ``user`` may confirm, dismiss or end warnings: the crisis team and product leads."""
    return user.is_lead or (user.has_staff_role and user.is_crisis_team)
