"""Whose work a reader of the figures may see; docs/decisions/0022 says why."""

from __future__ import annotations

from users.accounts.models import User


def may_see_everybody(user: User) -> bool:
    """Whether ``user`` may see the figures of each agent. Others see their own row, and those of teams."""
    return user.is_lead


def may_see(agent_id: int, user: User) -> bool:
    """Whether ``user`` may see the figures of the agent ``agent_id``."""
    return agent_id == user.pk or may_see_everybody(user)
