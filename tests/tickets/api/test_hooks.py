from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from feedback.intake.services import channel_of
from tests.people import NOON, agent, opened
from tests.tickets.hooks.hooking import hooked, integration, send_hooks
from tickets.hooks.models import Hook, HookDelivery, HookEvent, HookTry
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

pytestmark = pytest.mark.django_db

HERE = "/api/v1/webhooks"
ASKED = {"url": "https://erp.example.org/hook", "events": ["reply.sent", "message.received"]}


def call(token: str, method: str, path: str, body: Any = None) -> Any:
    content = "" if body is None else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"}
    return Client().generic(method, path, content, content_type="application/json", headers=headers)


def token_of(user: User, *scopes: Scope) -> str:
    return issue_token(user, name="x", scopes=[Scope.WEBHOOKS, *scopes], at=NOON)[1]


@pytest.fixture
def shop() -> User:
    return integration()


@pytest.fixture
def token(shop: User) -> str:
    return token_of(shop, Scope.READ_FEEDBACK)


class TestHooks:
    def test_are_set_up_with_a_secret_that_is_shown_once(self, token: str, shop: User) -> None:
        made = call(token, "POST", HERE, ASKED)
        assert made.status_code == 201, made.content
        assert made.json()["secret"].startswith("whsec_")
        [listed] = call(token, "GET", HERE).json()["results"]
        assert "secret" not in listed
        assert listed == {name: value for name, value in made.json().items() if name != "secret"}
        assert Hook.objects.get().owner == shop

    def test_are_ones_own(self, token: str) -> None:
        hooked(integration("other"), "https://other.example.org/", HookEvent.REPLY_SENT)
        assert call(token, "GET", HERE).json()["results"] == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"url": "ftp://x"},
            {"events": []},
            {"events": ["x"]},
            {"events": ["ticket.opened"]},
            {"secret": "mine"},
        ],
    )
    def test_that_cannot_be_are_refused(self, token: str, wrong: dict[str, Any]) -> None:
        answer = call(token, "POST", HERE, ASKED | wrong)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].split(".")[0] in wrong

    def test_need_what_the_token_may_read(self, shop: User) -> None:
        """Else a token that may read nothing had it told."""
        refused = call(token_of(shop), "POST", HERE, ASKED)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert "feedback:read" in refused.json()["detail"]
        ana = token_of(agent("ana"), Scope.READ_TICKETS)
        of_summaries = ASKED | {"events": ["summary.published"]}
        assert call(ana, "POST", HERE, of_summaries).status_code == 403
        assert call(ana, "POST", HERE, ASKED).status_code == 201

    def test_are_not_for_customers(self) -> None:
        kim = User.objects.create_user("kim", role=Role.CUSTOMER)
        assert call(token_of(kim, Scope.READ_FEEDBACK), "POST", HERE, ASKED).status_code == 403


class TestOneHook:
    @pytest.fixture
    def path(self, shop: User) -> str:
        return f"{HERE}/{hooked(shop, 'https://erp.example.org/', HookEvent.REPLY_SENT).public_id}"

    def test_is_read_changed_and_removed(self, token: str, path: str) -> None:
        changed = call(token, "PATCH", path, {"is_enabled": False, "with_text": True})
        assert changed.status_code == 200
        shown = call(token, "GET", path).json()
        assert (shown["is_enabled"], shown["with_text"], shown["events"]) == (False, True, ["reply.sent"])
        assert call(token, "DELETE", path).status_code == 204
        assert call(token, "GET", path).status_code == 404

    def test_is_not_changed_by_a_token_that_may_not_read_what_it_tells(self, shop: User, path: str) -> None:
        assert call(token_of(shop), "PATCH", path, {"url": "https://thief.example.org/"}).status_code == 403

    def test_of_others_looks_like_none(self, path: str) -> None:
        other = token_of(integration("other"), Scope.READ_FEEDBACK)
        for method, place in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/secret"),
            ("POST", "/tests"),
        ):
            assert call(other, method, path + place, {}).status_code == 404

    def test_gets_another_secret(self, token: str, path: str) -> None:
        changed = call(token, "POST", f"{path}/secret").json()
        assert changed["secret"].startswith("whsec_")
        assert changed["old_secret_until"]


class TestLog:
    @pytest.fixture
    def path(self, shop: User, receiver: Any) -> str:
        hook = hooked(shop, receiver.url, HookEvent.MESSAGE_RECEIVED)
        opened("Hangs", channel=channel_of(shop))
        send_hooks()
        return f"{HERE}/{hook.public_id}"

    def test_says_what_was_sent_and_what_came_back(self, token: str, path: str) -> None:
        [listed] = call(token, "GET", f"{path}/deliveries").json()["results"]
        assert (listed["type"], listed["state"]) == ("message.received", "delivered")
        [sent] = listed["tries"]
        assert (sent["state"], sent["status"], sent["response"]) == ("succeeded", 200, "ok")

    def test_can_be_chosen_from(self, token: str, path: str) -> None:
        log = f"{path}/deliveries"
        assert call(token, "GET", f"{log}?state=failed").json()["results"] == []
        assert call(token, "GET", f"{log}?since=2026-11-03T00:00:00Z").json()["results"] == []
        assert len(call(token, "GET", f"{log}?until=2026-11-03").json()["results"]) == 1
        for query in ("state=x", "since=x"):
            assert call(token, "GET", f"{log}?{query}").status_code == 422

    def test_costs_the_same_for_many(
        self, token: str, path: str, shop: User, django_assert_num_queries: Any
    ) -> None:
        # The first use of a token is noted.
        call(token, "GET", HERE)
        with django_assert_num_queries(4):  # the token, the webhook, deliveries, tries
            call(token, "GET", f"{path}/deliveries")
        for number in range(5):
            opened("Hangs", channel=channel_of(shop), by=f"{number}@example.org")
        with django_assert_num_queries(4):
            assert len(call(token, "GET", f"{path}/deliveries").json()["results"]) == 6

    def test_of_a_delivery_is_replayed_under_its_id(self, token: str, path: str, receiver: Any) -> None:
        told = str(HookDelivery.objects.get().public_id)
        assert call(token, "POST", f"{path}/replays", {"delivery": told}).json() == {"count": 1}
        assert call(token, "POST", f"{path}/replays", {"delivery": told}).status_code == 422
        send_hooks()
        assert [headers["webhook-id"] for _m, _p, headers, _b in receiver.asked] == [told, told]

    def test_of_a_period_is_replayed_as_far_as_it_failed(self, token: str, path: str) -> None:
        day = {"since": "2026-11-02T00:00:00Z", "until": "2026-11-03T00:00:00Z"}
        assert call(token, "POST", f"{path}/replays", day).json() == {"count": 0}
        HookDelivery.objects.update(state="failed")
        assert call(token, "POST", f"{path}/replays", day).json() == {"count": 1}
        other = {"delivery": "5e0c2a3f-6c0a-4a43-9c6e-0f4a3f0b9d11"}
        assert call(token, "POST", f"{path}/replays", other).status_code == 422

    def test_takes_a_test_event(self, token: str, path: str) -> None:
        asked = call(token, "POST", f"{path}/tests")
        assert (asked.status_code, asked.json()["type"]) == (202, "webhook.test")
        assert HookTry.objects.filter(delivery__type=HookEvent.TEST).exists()


class TestDocument:
    def test_tells_of_what_is_sent(self) -> None:
        document = Client().get("/api/schema/").json()
        assert set(document["webhooks"]) == {event.value for event in HookEvent}
        for name, operation in document["webhooks"].items():
            content = operation["post"]["requestBody"]["content"]["application/json"]
            assert content["examples"]["Body"]["value"]["type"] == name
