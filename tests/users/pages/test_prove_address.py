from __future__ import annotations

import pytest
from django.test import Client

from tests.people import NOON
from users.accounts.models import User
from users.profiles.models import Address, AddressProof
from users.profiles.proofs import ask_for_proof, proof_link
from users.profiles.services import customer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def path() -> str:
    kim = customer_of(User.objects.create_user("kim"), at=NOON)
    proof = ask_for_proof(kim, email="kim@example.org", language="en", at=NOON)
    AddressProof.objects.update(expires_at="2100-01-01T00:00:00Z")
    return proof_link(proof).partition(":8000")[2]


class TestProveAddress:
    def test_waits_for_a_press_of_the_button(self, path: str) -> None:
        """Mail scanners open every link."""
        browser = Client(enforce_csrf_checks=True)
        assert b"kim@example.org" in browser.get(path).content
        assert not Address.objects.filter(is_proven=True).exists()
        assert browser.post(path).status_code == 200
        assert Address.objects.get(is_proven=True).value == "kim@example.org"
        assert browser.get(path)["Referrer-Policy"] == "no-referrer"

    def test_says_when_it_is_too_late(self, path: str) -> None:
        AddressProof.objects.update(expires_at=NOON)
        assert Client().post(path).status_code == 409
        assert Client().post(path[:-1]).status_code == 404
