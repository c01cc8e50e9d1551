"""Whose work a reader of the figures may see: docs/decisions/0022 says why."""

from __future__ import annotations

from users.accounts.models import User


def may_see_everybody(user: User) -> bool:
    """Whether ``user`` may read what each agent did. Others read their own row, and what teams did together."""
    return user.is_lead


def may_see(agent_id: int, user: User) -> bool:
    """Whether ``user`` may read what the agent ``agent_id`` did."""
    return agent_id == user.pk or may_see_everybody(user)
