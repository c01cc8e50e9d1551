from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.alarms import administrator
from tests.people import client_of, opened
from tests.tickets.hooks.hooking import hooked, send_hooks
from tests.webhooks import Server, say
from tickets.hooks.models import Hook, HookDelivery, HookEvent
from users.accounts.models import User

pytestmark = pytest.mark.django_db

HOOKS = "admin:tickets_hook"
LOG = "admin:tickets_hookdelivery"


@pytest.fixture
def ada() -> Client:
    return client_of(administrator())


def act(client: Client, name: str, action: str, *keys: int) -> str:
    chosen = {"action": action, "_selected_action": keys}
    return client.post(reverse(f"{name}_changelist"), chosen, follow=True).content.decode()


class TestHookAdmin:
    def form(self, owner: User, **changes: Any) -> dict[str, Any]:
        given = {
            "owner": owner.pk,
            "url": "https://erp.example.org/secret-path",
            "events": ["reply.sent"],
            "description": "ERP",
            "is_enabled": "on",
        }
        return given | changes

    def test_sets_up_and_shows_the_secret_once(self, ada: Client, ana: User) -> None:
        page = ada.post(reverse(f"{HOOKS}_add"), self.form(ana), follow=True).content.decode()
        assert re.search(r"whsec_[\w+/]{43}=", page)
        hook = Hook.objects.get()
        assert (hook.owner, hook.events) == (ana, ["reply.sent"])
        listed = ada.get(reverse(f"{HOOKS}_changelist")).content.decode()
        assert "erp.example.org" in listed
        assert "secret-path" not in listed
        assert "whsec_" not in listed

    def test_refuses_what_the_login_may_never_see(self, ada: Client, ana: User) -> None:
        page = ada.post(reverse(f"{HOOKS}_add"), self.form(ana, events=["feedback.state_changed"]))
        assert "This login may be told of" in page.content.decode()
        assert not Hook.objects.exists()

    def test_switches_on_anew(self, ada: Client, ana: User) -> None:
        hook = hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT)
        Hook.objects.update(is_enabled=False, off_reason="failing", failures=9)
        ada.post(reverse(f"{HOOKS}_change", args=[hook.pk]), self.form(ana))
        hook.refresh_from_db()
        assert (hook.is_enabled, hook.off_reason, hook.failures) == (True, "", 0)
        assert hook.url == "https://erp.example.org/secret-path"

    def test_sends_a_test_changes_the_secret_and_sends_again(
        self, ada: Client, ana: User, receiver: Server
    ) -> None:
        hook = hooked(ana, receiver.url, HookEvent.TICKET_OPENED)
        old = hook.secret_id
        assert "A test event is on its way" in act(ada, HOOKS, "test", hook.pk)
        assert "whsec_" in act(ada, HOOKS, "rotate", hook.pk)
        hook.refresh_from_db()
        assert hook.old_secret_id == old
        assert "There is nothing to send again" in act(ada, HOOKS, "send_lost", hook.pk)
        Hook.objects.update(is_enabled=False)
        assert "This webhook is switched off" in act(ada, HOOKS, "test", hook.pk)


class TestHookDeliveryAdmin:
    def test_shows_what_was_sent_and_what_came_back_and_sends_again(
        self, ada: Client, ana: User, receiver: Server
    ) -> None:
        receiver.answer = lambda handler: say(handler, 418, b"<b>teapot</b>")
        hooked(ana, receiver.url, HookEvent.TICKET_OPENED)
        number = opened("Hangs").number
        send_hooks(most=1)
        delivery = HookDelivery.objects.get()
        listed = ada.get(reverse(f"{LOG}_changelist")).content.decode()
        assert "418" in listed
        page = ada.get(reverse(f"{LOG}_change", args=[delivery.pk])).content.decode()
        assert number in page
        assert "&lt;b&gt;teapot" in page
        assert "It waits to be sent already" in act(ada, LOG, "again", delivery.pk)
        HookDelivery.objects.update(state="failed")
        assert "1 delivery is sent again" in act(ada, LOG, "again", delivery.pk)

    def test_hides_what_is_about_tickets_the_reader_may_not_open(self, ada: Client, receiver: Server) -> None:
        kai = administrator("kai")
        User.objects.filter(pk=kai.pk).update(is_crisis_team=True)
        kai.refresh_from_db()
        hooked(kai, receiver.url, HookEvent.TICKET_OPENED, with_text=True)
        opened("I want to die", flags=["sensitive"])
        delivery = HookDelivery.objects.get()
        path = reverse(f"{LOG}_change", args=[delivery.pk])
        assert ada.get(path).status_code == 302
        assert "I want to die" in client_of(kai).get(path).content.decode()
