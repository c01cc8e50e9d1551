"""Querysets of staff, by the same rules as ``User.is_agent`` and the other role properties."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from users.accounts.models import STAFF_ROLES, Role, User


def agents() -> QuerySet[User]:
    """Return the users who answer tickets: ``User.is_agent``."""
    return _with_role(Role.AGENT, Role.ADMINISTRATOR)


def leads() -> QuerySet[User]:
    """Return the users who read every queue and publish summaries: ``User.is_lead``."""
    return _with_role(Role.LEAD, Role.ADMINISTRATOR)


def administrators() -> QuerySet[User]:
    """Return the users who configure the service: ``User.is_administrator``."""
    return _with_role(Role.ADMINISTRATOR)


def staff() -> QuerySet[User]:
    """Return the users who may open staff pages: ``User.has_staff_role``."""
    return _with_role(*STAFF_ROLES)


def _with_role(*roles: Role) -> QuerySet[User]:
    return User.objects.filter(Q(role__in=roles) | Q(is_superuser=True), is_active=True)
