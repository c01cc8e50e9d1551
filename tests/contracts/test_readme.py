"""What a newcomer copies out of the README works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

_CALL = re.compile(r"curl -sS http://127\.0\.0\.1:8000(\S+)[^`]*?-d '([^']+)'")


class TestCurlLine:
    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
    def test_is_taken(self, name: str) -> None:
        calls = _CALL.findall(Path(settings.BASE_DIR, name).read_text())
        assert calls
        for path, body in calls:
            answer = Client().post(path, body.encode(), content_type="application/json")
            assert answer.status_code == 201, answer.content
