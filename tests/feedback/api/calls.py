"""How the tests of the REST interface call it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

V1 = "/api/v1"
EVERY_SCOPE = tuple(Scope)


def call(
    method: str,
    path: str,
    content: Any = None,
    *,
    token: str = "",
    key: str = "",
    client: Client | None = None,
    **headers: str,
) -> Any:
    """Return the answer to ``method`` of ``path`` below /api/v1; ``content`` is sent as JSON, bytes as they are."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
    return (client or Client()).generic(
        method,
        path if path.startswith("/api/") else V1 + path,
        body,
        content_type="application/json",
        headers=headers,
    )


def login(name: str = "shop", role: Role = Role.INTEGRATION, *scopes: Scope) -> tuple[User, str]:
    """Return a new login and the secret of its token, with every scope unless some are named."""
    user = User.objects.create_user(name, email=f"{name}@example.org", role=role)
    return user, issue_token(user, name=name, scopes=scopes or EVERY_SCOPE, at=timezone.now())[1]
