"""What a reader copies out of docs/webhooks.md works as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from config.kit.signatures import secret_of, signed
from tests.people import NOON
from tickets.hooks.models import Hook, HookEvent
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

PAGE = Path(settings.BASE_DIR, "docs", "webhooks.md").read_text()
_CALL = re.compile(r"^curl -sS (?:-X POST )?http://127\.0\.0\.1:8000(\S+) -H .*?(?: -d '(.+)')?$", re.M)


class TestCurlLine:
    @pytest.mark.django_db
    def test_is_taken(self) -> None:
        shop = User.objects.create_user("shop", role=Role.INTEGRATION)
        token = issue_token(shop, name="x", scopes=[Scope.WEBHOOKS, Scope.READ_FEEDBACK], at=NOON)[1]
        calls = _CALL.findall(PAGE)
        assert len(calls) == 5
        for path, body in calls:
            hook = Hook.objects.first()
            address = path.replace("$ID", str(hook.public_id) if hook else "")
            ask = Client().get if "?" in path else Client().post
            answer = ask(
                address,
                *([body] if body else []),
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code < 300, (path, answer.content)


class TestSnippet:
    @pytest.fixture
    def is_genuine(self) -> Any:
        [source] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
        names: dict[str, Any] = {}
        exec(source, names)  # noqa: S102 - the page is ours
        return names["is_genuine"]

    def test_tells_what_is_ours_from_what_is_not(self, is_genuine: Any) -> None:
        hook = Hook()
        secret = secret_of(hook.secret_id)
        headers = signed(b"{}", event_id="x", at=NOON, receiver=hook.secret_id)
        now = NOON.timestamp()
        assert is_genuine(headers, b"{}", secret, now)
        assert not is_genuine(headers, b"{} ", secret, now)
        assert not is_genuine(headers, b"{}", secret_of(Hook().secret_id), now)
        assert not is_genuine(headers, b"{}", secret, now + 301)
        assert not is_genuine(headers | {"webhook-id": "y"}, b"{}", secret, now)


class TestTable:
    def test_names_every_event(self) -> None:
        told = set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE))
        assert {event.value for event in HookEvent} <= told

    def test_has_an_example_that_is_json(self) -> None:
        [example] = re.findall(r"```json\n(.*?)```", PAGE, re.S)
        assert json.loads(example)["type"] in set(HookEvent)
