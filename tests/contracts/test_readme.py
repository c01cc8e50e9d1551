"""What a newcomer copies out of the README works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.people import NOON
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

_CALL = re.compile(r"curl -sS http://127\.0\.0\.1:8000(\S+)([^`]*?)-d '([^']+)'")


class TestCurlLine:
    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
    def test_is_taken(self, name: str) -> None:
        shop = User.objects.create_user("shop", role=Role.INTEGRATION)
        token = issue_token(shop, name="shop", scopes=[Scope.WRITE_FEEDBACK, Scope.ACT_FOR], at=NOON)[1]
        calls = _CALL.findall(Path(settings.BASE_DIR, name).read_text())
        assert calls
        for path, options, body in calls:
            headers = {"Authorization": f"Bearer {token}"} if "$TOKEN" in options else {}
            answer = Client().post(path, body.encode(), content_type="application/json", headers=headers)
            assert answer.status_code == 201, answer.content
