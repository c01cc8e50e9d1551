"""Who may call what: each view declares a policy per method; without one the method is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from users.accounts.models import ApiToken, Role, Scope, User


class Audience(Enum):
    """Who may call an endpoint; ``visible_to`` then decides row by row what they see."""

    ANYBODY = "anybody"
    LOGGED_IN = "logged in"
    #: A login of a person, who has a profile; an integration has none.
    PERSON = "person"
    STAFF = "staff"
    #: Integrations, and staff on their behalf: for what programs configure for themselves.
    PROGRAM = "program"


@dataclass(frozen=True)
class Policy:
    """``audience`` may call; a token must also have ``scope``, and None means that no token is accepted."""

    audience: Audience
    scope: Scope | None


class DeclaredPolicy(BasePermission):
    """Allow what ``view.policies`` declares for the request's method, and nothing else."""

    def has_permission(self, request: Request, view: object) -> bool:
        policy = policies_of(view).get(declared_method(request.method or ""))
        if policy is None:
            raise MethodNotAllowed(request.method or "")
        token = token_of(request)
        if token is not None and policy.scope not in token.scopes:
            raise PermissionDenied(
                _("This token lacks the scope “%(scope)s”.") % {"scope": policy.scope}
                if policy.scope
                else _("No token opens this; log in."),
                code="scope_missing",
            )
        return is_in(policy.audience, request.user)


def token_of(request: Request) -> ApiToken | None:
    """Return the token of ``request``, None for a session and for an anonymous caller."""
    return request.auth if isinstance(request.auth, ApiToken) else None


def user_of(request: Request) -> User | None:
    """Return the login of ``request``, None for an anonymous caller."""
    return request.user if isinstance(request.user, User) else None


def login_of(request: Request) -> User:
    """Return the login of ``request``, for views whose policy requires one. Raises NotAuthenticated."""
    user = user_of(request)
    if user is None:
        raise NotAuthenticated
    return user


def policies_of(view: Any) -> Mapping[str, Policy]:
    """Return the policies that a view or its class declares by method, empty when it declares none."""
    policies: Mapping[str, Policy] = getattr(view, "policies", {})
    return policies


def declared_method(method: str) -> str:
    return "GET" if method == "HEAD" else method


def is_in(audience: Audience, user: User | AnonymousUser) -> bool:
    """Return whether ``user`` belongs to ``audience``."""
    if audience is Audience.ANYBODY:
        return True
    if not isinstance(user, User) or not user.is_active:
        return False
    if audience is Audience.PERSON:
        return user.role != Role.INTEGRATION
    if audience is Audience.STAFF:
        return user.is_staff
    if audience is Audience.PROGRAM:
        return user.is_staff or user.role == Role.INTEGRATION
    return True
