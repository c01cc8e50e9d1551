"""Issue, use and revoke API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from config.kit.remembered import remembered
from config.kit.text import digest
from users.accounts.models import ApiToken, Scope, User

PREFIX = "esk_"
#: ``last_used_at`` is written at most this often, so that a busy integration does not cost a write per call.
USE_GRAIN = timedelta(minutes=10)


def issue_token(
    user: User, *, name: str, scopes: Sequence[Scope], at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Create a token of ``user``; return it with its secret, which cannot be shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:12],
        digest=digest(secret.encode()),
        scopes=list(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def token_for(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the valid token of ``secret`` with its user, or None. One query every few seconds.

    A token revoked in another process stops working within ``config.kit.remembered.SECONDS``.
    """
    token = _token_of(digest(secret.encode()))
    if token is None or (token.expires_at is not None and token.expires_at <= at):
        return None
    if token.last_used_at is None or token.last_used_at < at - USE_GRAIN:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_GRAIN)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return token


@remembered
def _token_of(its_digest: str) -> ApiToken | None:
    known = ApiToken.objects.select_related("user").filter(digest=its_digest)
    return known.filter(revoked_at=None, user__is_active=True).first()


def change_language(user: User, *, language: str) -> None:
    """Set the language of pages and messages for ``user`` to ``language``, one of settings.LANGUAGES."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    """Revoke ``token`` as of ``at``; repeating it changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    _token_of.forget()
    token.revoked_at = token.revoked_at or at
