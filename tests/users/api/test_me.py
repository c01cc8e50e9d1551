from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from feedback.intake.models import Feedback
from tests.feedback.api.calls import call, login
from users.accounts.models import Role, Scope, User
from users.profiles.models import Address, AddressProof, Consent, Customer
from users.profiles.proofs import proof_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def token() -> str:
    return login("kim", Role.CUSTOMER)[1]


class TestSession:
    def test_logs_in_and_out(self) -> None:
        User.objects.create_user("kim", password="correct horse")
        client = Client(enforce_csrf_checks=True)
        assert call("GET", "/session", client=client).json()["username"] is None
        told = call(
            "POST", "/session", {"username": "kim", "password": "correct horse"}, client=client
        ).json()
        assert (told["username"], told["role"]) == ("kim", "customer")
        assert call("GET", "/me", client=client).json()["username"] == "kim"
        assert call("DELETE", "/session", client=client).status_code == 403
        headers = {"X-CSRFToken": told["csrf_token"]}
        assert call("DELETE", "/session", client=client, **headers).status_code == 204
        assert call("GET", "/me", client=client).status_code == 401

    @pytest.mark.parametrize(
        ("language", "detail"),
        [("en", "The CSRF token is missing or wrong."), ("zh-hans", "CSRF 令牌缺失或错误。")],
    )
    def test_says_in_the_callers_language_that_the_csrf_token_is_wrong(
        self, language: str, detail: str
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(User.objects.create_user("kim"))
        answer = call("DELETE", "/session", client=client, **{"Accept-Language": language})
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["detail"]) == (403, "csrf_failed", detail)

    @pytest.mark.parametrize("password", ["wrong", "", None, 7, "\x00", "x" * 300])
    def test_refuses_a_wrong_password_and_says_no_more(self, password: Any) -> None:
        User.objects.create_user("kim", password="correct horse")
        answer = call("POST", "/session", {"username": "kim", "password": password})
        assert answer.status_code in (401, 422)

    def test_takes_json_only(self) -> None:
        """A form could be sent by a foreign page, to log its visitor in as somebody else."""
        answer = Client().post("/api/v1/session", {"username": "kim", "password": "x"})
        assert answer.status_code == 415

    def test_is_slow_to_guess(self, settings: Any) -> None:
        cache.clear()
        settings.LIMITS = {"name_logins": "3/hour"}
        tries = [
            call(
                "POST",
                "/session",
                {"username": "kim", "password": "x"},
                client=Client(REMOTE_ADDR=f"192.0.2.{n}"),
            )
            for n in range(5)
        ]
        assert [answer.status_code for answer in tries] == [401, 401, 401, 429, 429]


class TestMe:
    def test_shows_and_changes_the_profile(self, token: str) -> None:
        assert call("GET", "/me", token=token).json()["username"] == "kim"
        changed = call("PATCH", "/me", {"name": "金 \u202e", "language": "zh-hans"}, token=token).json()
        assert (changed["name"], changed["language"]) == ("金 \u202e", "zh-hans")
        assert User.objects.get().language == "zh-hans"
        for wrong in ({"segment": "paying"}, {"language": "fr"}, {"name": 7 * ["x"]}):
            assert call("PATCH", "/me", wrong, token=token).status_code == 422

    def test_is_for_persons(self) -> None:
        shop = login()[1]
        assert call("GET", "/me", token=shop).status_code == 403
        assert not Customer.objects.exists()

    def test_needs_the_scope(self) -> None:
        token = login("lin", Role.CUSTOMER, Scope.READ_FEEDBACK)[1]
        assert call("GET", "/me", token=token).json()["code"] == "scope_missing"


class TestPreferences:
    def test_are_changed_one_by_one(self, token: str) -> None:
        path = "/me/preferences"
        call("PATCH", path, {"language": "zh-Hans", "opt_outs": ["surveys", "surveys"]}, token=token)
        changed = call("PATCH", path, {"quiet_from": "22:00", "quiet_until": "07:30"}, token=token).json()
        assert changed == {
            "language": "zh-Hans",
            "channel": "",
            "time_zone": "",
            "quiet_from": "22:00:00",
            "quiet_until": "07:30:00",
            "opt_outs": ["surveys"],
            "habits": [],
        }
        assert call("GET", path, token=token).json() == changed

    @pytest.mark.parametrize(
        "wrong",
        [
            {"quiet_from": "22:00"},
            {"quiet_from": "22:00", "quiet_until": None},
            {"time_zone": "Mars/Base"},
            {"time_zone": "../../etc/passwd"},
            {"opt_outs": ["everything"]},
            {"language": "x"},
        ],
    )
    def test_refuse_what_means_nothing(self, token: str, wrong: dict[str, Any]) -> None:
        assert call("PATCH", "/me/preferences", wrong, token=token).status_code == 422


class TestAddresses:
    def test_are_proven_by_the_mailed_link_and_removed(self, token: str) -> None:
        asked = call("POST", "/me/addresses", {"email": "kim@work.example"}, token=token)
        assert (asked.status_code, asked.json()["email"]) == (202, "kim@work.example")
        link = {"token": proof_token(AddressProof.objects.get().public_id)}
        proven = call("POST", "/me/addresses/proofs", link, token=token).json()["results"]
        address = next(row for row in proven if row["value"] == "kim@work.example")
        assert address["is_proven"]
        assert call("DELETE", f"/me/addresses/{address['id']}", token=token).status_code == 204
        shown = call("GET", "/me/addresses", token=token).json()["results"]
        assert "kim@work.example" not in {row["value"] for row in shown}

    def test_of_another_are_not_there(self, token: str) -> None:
        call("GET", "/me", token=token)
        lin = login("lin", Role.CUSTOMER)[1]
        call("GET", "/me", token=lin)
        of_kim = Address.objects.get(normalised="kim@example.org")
        assert call("DELETE", f"/me/addresses/{of_kim.public_id}", token=lin).status_code == 404
        call("POST", "/me/addresses", {"email": "kim@work.example"}, token=token)
        link = {"token": proof_token(AddressProof.objects.get().public_id)}
        assert call("POST", "/me/addresses/proofs", link, token=lin).json()["code"] == "link_not_valid"


class TestConsents:
    def test_are_a_ledger(self, token: str) -> None:
        for is_granted in (True, False):
            told = call("POST", "/me/consents", {"purpose": "news", "is_granted": is_granted}, token=token)
            assert told.status_code == 201
        shown = call("GET", "/me/consents", token=token).json()["results"]
        assert [row["is_granted"] for row in shown] == [False, True]
        assert Consent.objects.count() == 2


class TestExportAndErasure:
    def test_gives_all_then_forgets_all(self, token: str) -> None:
        call("POST", "/feedback", {"text": "上传失败"}, token=token)
        exported = call("GET", "/me/export", token=token)
        assert exported.json()["messages"][0]["text"] == "上传失败"
        assert exported["Content-Disposition"].startswith("attachment")
        assert call("POST", "/me/erase", {}, token=token).status_code == 422
        assert call("POST", "/me/erase", {"confirm": "erase"}, token=token).status_code == 204
        assert call("GET", "/me", token=token).status_code == 401
        assert Feedback.objects.get().messages.get().text == ""
