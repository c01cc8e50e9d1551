from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from users.accounts.models import Role, User

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def ana() -> User:
    cache.clear()
    return User.objects.create_user("ana", password=PASSWORD, role=Role.AGENT, is_staff=True)


def tried(password: str, *, address: str = "192.0.2.1") -> Any:
    return Client(REMOTE_ADDR=address).post("/admin/login/", {"username": "ana", "password": password})


class TestLoginForm:
    def test_lets_in(self, settings: Any) -> None:
        settings.LIMITS = {"session_logins": "3/hour"}
        assert tried(PASSWORD).status_code == 302

    def test_refuses_even_the_right_password_after_too_many_tries(self, settings: Any) -> None:
        settings.LIMITS = {"session_logins": "3/hour"}
        for number in range(3):
            tried(f"guess {number}")
        refused = tried(PASSWORD)
        assert refused.status_code == 200
        assert "Too many tries" in refused.content.decode()

    def test_counts_a_name_from_all_addresses_together(self, settings: Any) -> None:
        settings.LIMITS = {"session_logins": "3/hour", "name_logins": "5/hour"}
        for number in range(5):
            tried("a guess", address=f"192.0.2.{number}")
        assert tried(PASSWORD, address="198.51.100.7").status_code == 200

    def test_keeps_nobody_out_for_what_one_address_tried(self, settings: Any) -> None:
        settings.LIMITS = {"session_logins": "3/hour", "name_logins": "5/hour"}
        for _number in range(20):
            tried("a guess")
        assert tried(PASSWORD, address="198.51.100.7").status_code == 302
