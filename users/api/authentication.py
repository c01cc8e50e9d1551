"""Authentication of API calls: programs by token, people by the session of their browser."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from config.kit.errors import CSRF_FAILED
from users.accounts.models import ApiToken, User
from users.accounts.services import token_for

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """Authentication by ``Authorization: Bearer esk_…``; ``request.auth`` is the ApiToken."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        # Not request.headers, which would parse all headers for this one.
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words or words[0].lower() != SCHEME.lower():
            return None
        secret = words[1] if len(words) == 2 else ""
        token = token_for(secret, at=timezone.now()) if secret else None
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, revoked or expired."), code="token_not_usable"
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="earshot"'


class SessionAuthentication(authentication.SessionAuthentication):
    """Authentication by a browser's session, with a CSRF token for writes and errors in the caller's language."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refused:
            raise PermissionDenied(CSRF_FAILED, code="csrf_failed") from refused
