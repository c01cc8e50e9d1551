from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import agent
from users.accounts.models import Role, User

pytestmark = pytest.mark.django_db


class TestTrialPage:
    def test_shows_the_outcome_to_administrators(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("root", role=Role.ADMINISTRATOR))
        page = client.post(
            reverse("admin:tickets_rule_try"),
            {"text": "付款失败了", "channel_kind": "rest", "segment": "standard"},
        )
        assert page.status_code == 200
        assert "Support" in page.content.decode()

    def test_names_what_was_found_in_the_readers_language(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("root", role=Role.ADMINISTRATOR))
        page = client.post(
            reverse("admin:tickets_rule_try"),
            {"text": "我真的不想活了，药已经买好了", "channel_kind": "rest", "segment": "standard"},
            headers={"Accept-Language": "zh-hans"},
        ).content.decode()
        assert "(红色, 人身安全)" in page
        assert "<dd>简体中文</dd>" in page

    def test_is_closed_to_agents(self, client: Client) -> None:
        client.force_login(agent("ana"))
        assert client.get(reverse("admin:tickets_rule_try")).status_code == 403
