from __future__ import annotations

import http.server
import ipaddress
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from config.kit import egress
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from config.kit.signatures import secret_of, signature
from feedback.intake.models import Message
from tests.mail_servers.smtp import open_post_office
from tests.people import NOON, opened
from tests.tickets.hooks.hooking import hooked, integration, send_hooks, told
from tests.webhooks import Server, say
from tickets.desk.models import Ticket
from tickets.hooks import sending
from tickets.hooks.models import (
    Hook,
    HookDelivery,
    HookDeliveryState,
    HookEvent,
    HookTry,
    HookTryState,
    OffReason,
)
from tickets.hooks.notices import HOOK_OFF
from tickets.hooks.pauses import PAUSES
from tickets.hooks.services import change, change_secret, send_again, send_test
from tickets.queues.models import Queue
from users.accounts.models import User
from users.profiles.holdings import erase_customer, export_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(ana: User, receiver: Server) -> Hook:
    return hooked(ana, f"{receiver.url}/earshot", HookEvent.TICKET_OPENED)


def delivery() -> HookDelivery:
    """Let a ticket be opened; return the delivery that is owed for it."""
    opened("The upload hangs")
    return HookDelivery.objects.latest("pk")


def last_try() -> HookTry:
    return HookTry.objects.latest("pk")


def is_signed_with(secret: str, asked: tuple[str, str, dict[str, str], bytes]) -> bool:
    """Check as a receiver does."""
    _method, _path, headers, body = asked
    own = signature(
        body, event_id=headers["webhook-id"], timestamp=headers["webhook-timestamp"], secret=secret
    )
    return own in headers["webhook-signature"].split()


class TestSendTry:
    def test_tells_the_receiver_signed_and_keeps_what_it_answered(self, hook: Hook, receiver: Server) -> None:
        receiver.answer = lambda handler: say(handler, 202, b"thanks " + b"x" * 5_000)
        owed = delivery()
        assert send_hooks() == 1
        [asked] = receiver.asked
        _method, path, headers, body = asked
        assert (path, headers["Content-Type"]) == ("/earshot", "application/json")
        assert headers["webhook-id"] == str(owed.public_id)
        assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
        assert is_signed_with(secret_of(hook.secret_id), asked)
        assert not is_signed_with(secret_of(owed.public_id), asked)
        assert json.loads(body)["data"]["ticket"]["number"] == Ticket.objects.get().number
        owed.refresh_from_db()
        sent = last_try()
        assert (owed.state, owed.ended_at) == (HookDeliveryState.DELIVERED, NOON)
        assert (sent.state, sent.status) == (HookTryState.SUCCEEDED, 202)
        assert sent.response.startswith("thanks x")
        assert len(sent.response) == 1024
        assert sent.duration_ms is not None

    def test_tells_once(self, hook: Hook, receiver: Server) -> None:
        delivery()
        assert (send_hooks(), send_hooks(), len(receiver.asked)) == (1, 0, 1)

    def test_tells_nothing_its_owner_may_not_see_when_it_is_sent(self, hook: Hook, receiver: Server) -> None:
        owed = delivery()
        other = Queue.objects.create(slug="other", name="Other")
        Ticket.objects.update(queue=other)
        send_hooks()
        owed.refresh_from_db()
        assert (owed.state, receiver.asked) == (HookDeliveryState.SKIPPED, [])
        assert last_try().error == "the owner of the webhook may not see it"

    def test_tells_nothing_where_it_was_switched_off_meanwhile(self, hook: Hook, receiver: Server) -> None:
        owed = delivery()
        change(hook, changes={"is_enabled": False})
        send_hooks()
        owed.refresh_from_db()
        assert (owed.state, receiver.asked) == (HookDeliveryState.SKIPPED, [])

    def test_leaves_a_silent_receiver_alone_for_a_while(self, hook: Hook, receiver: Server) -> None:
        receiver.answer = lambda handler: say(handler, 500)
        delivery()
        send_hooks(most=1)
        hook.refresh_from_db()
        assert (hook.failures, hook.resting_until) == (1, NOON + timedelta(seconds=5))
        opened("Hangs, too", by="lin@example.org")
        send_hooks(NOON + timedelta(seconds=4), most=1)
        assert len(receiver.asked) == 1
        # It was put off, which does not count as a try; and what comes now is not even looked at before.
        dues = OutboxRow.objects.filter(done_at=None, kind="hook.send").values_list("due_at", "attempts")
        assert set(dues) == {(hook.resting_until, 0)}
        receiver.answer = lambda handler: say(handler, 200)
        send_hooks(NOON + timedelta(seconds=6))
        hook.refresh_from_db()
        assert (hook.failures, hook.failing_since, hook.resting_until) == (0, None, None)
        assert HookDelivery.objects.filter(state=HookDeliveryState.DELIVERED).count() == 2

    def test_goes_on_to_others_beside_a_silent_receiver(
        self, hook: Hook, ana: User, receiver: Server
    ) -> None:
        receiver.answer = lambda handler: say(handler, 500 if handler.path == "/earshot" else 200)
        hooked(ana, f"{receiver.url}/other", HookEvent.TICKET_OPENED)
        delivery()
        send_hooks(most=2)
        assert {path for _method, path, _headers, _body in receiver.asked} == {"/earshot", "/other"}
        assert HookDelivery.objects.filter(state=HookDeliveryState.DELIVERED).count() == 1


class TestReceiver:
    @pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
    def test_that_does_not_say_yes_is_tried_again(self, hook: Hook, receiver: Server, status: int) -> None:
        receiver.answer = lambda handler: say(handler, status, Location=f"{receiver.url}/elsewhere")
        owed = delivery()
        send_hooks(most=1)
        owed.refresh_from_db()
        first, second = HookTry.objects.order_by("pk")
        assert (first.state, first.status, second.state) == (
            HookTryState.FAILED,
            status,
            HookTryState.PENDING,
        )
        assert owed.state == HookDeliveryState.WAITING
        assert PAUSES[0] * 0.8 <= second.due_at - NOON <= PAUSES[0] * 1.2
        # A redirect is not followed: who answers is whom it was set up for.
        assert len(receiver.asked) == 1

    def test_of_this_machine_is_refused_however_it_is_named(
        self, ana: User, receiver: Server, settings: Any
    ) -> None:
        settings.EGRESS_ALLOWED_NETWORKS = []
        for url in (
            receiver.url,
            receiver.url.replace("127.0.0.1", "localhost"),
            "http://[::ffff:127.0.0.1]:1/",
        ):
            hooked(ana, url, HookEvent.TICKET_OPENED)
        delivery()
        send_hooks(most=3)
        assert receiver.asked == []
        errors = HookTry.objects.filter(state=HookTryState.FAILED).values_list("error", flat=True)
        assert len(errors) == 3
        assert all("not a public address" in error for error in errors)

    def test_that_trickles_is_cut_off(
        self, hook: Hook, receiver: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(egress, "MOST_SECONDS", 0.2)

        def trickle(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            # Until it is cut off.
            handler.rfile.read(1)

        receiver.answer = trickle
        delivery()
        send_hooks(most=1)
        failed = HookTry.objects.earliest("pk")
        assert (failed.state, failed.status) == (HookTryState.FAILED, None)
        assert failed.error.startswith("127.0.0.1")

    def test_that_nobody_answers_for_is_named_without_its_path(self, ana: User, settings: Any) -> None:
        settings.EGRESS_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        hooked(ana, "http://127.0.0.1:1/secret-path", HookEvent.TICKET_OPENED)
        delivery()
        send_hooks(most=1)
        assert HookTry.objects.earliest("pk").error == "127.0.0.1: ConnectionRefusedError"

    def test_that_fails_a_day_is_given_up_and_can_be_told_again(self, hook: Hook, receiver: Server) -> None:
        receiver.answer = lambda handler: say(handler, 400)
        owed = delivery()
        at = NOON
        for _number in range(20):
            at = max(at, last_try().due_at)
            send_hooks(at, most=1)
        owed.refresh_from_db()
        assert (owed.state, owed.tries.count()) == (HookDeliveryState.FAILED, len(PAUSES) + 1)
        assert timedelta(hours=16) < at - NOON < timedelta(hours=27)
        receiver.answer = lambda handler: say(handler, 200)
        send_again(HookDelivery.objects.select_related("hook__owner").get(), at=at)
        send_hooks(at)
        owed.refresh_from_db()
        assert owed.state == HookDeliveryState.DELIVERED
        assert len({headers["webhook-id"] for _m, _p, headers, _b in receiver.asked}) == 1

    def test_that_is_gone_is_switched_off_at_once_and_its_owner_told(
        self, hook: Hook, receiver: Server, settings: Any
    ) -> None:
        receiver.answer = lambda handler: say(handler, 410)
        owed = delivery()
        send_hooks()
        owed.refresh_from_db()
        hook.refresh_from_db()
        assert (owed.state, hook.is_enabled) == (HookDeliveryState.FAILED, False)
        assert (hook.off_reason, hook.off_at) == (OffReason.GONE, NOON)
        with open_post_office() as office:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            row = OutboxRow.objects.get(kind=HOOK_OFF)
            assert run_one(Lane.DEFAULT, at=NOON, by="test")
            # A second sweeper that held the same row.
            OutboxRow.objects.filter(pk=row.pk).update(done_at=None)
            run_one(Lane.DEFAULT, at=NOON, by="test")
        [taken] = office.taken
        assert taken.recipients == ["ana@earshot.example"]
        assert "410" in taken.mail.get_content()
        assert receiver.url.removeprefix("http://") in taken.mail["Subject"]

    def test_that_fails_for_days_is_switched_off(self, hook: Hook, receiver: Server) -> None:
        receiver.answer = lambda handler: say(handler, 500)
        delivery()
        send_hooks(most=1)
        opened("Later", by="lin@example.org")
        send_hooks(NOON + timedelta(days=3, seconds=1), most=2)
        hook.refresh_from_db()
        assert (hook.is_enabled, hook.off_reason) == (False, OffReason.FAILING)
        assert OutboxRow.objects.filter(kind=HOOK_OFF).count() == 1
        hook = change(hook, changes={"is_enabled": True})
        assert (hook.off_reason, hook.failures, hook.failing_since) == ("", 0, None)


class TestCrash:
    def test_of_the_sender_tells_again_once_under_the_same_id_and_says_so(
        self, hook: Hook, receiver: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        call = sending.call

        def call_and_die(*args: Any, **options: Any) -> None:
            call(*args, **options)
            raise Killed

        monkeypatch.setattr(sending, "call", call_and_die)
        delivery()
        for _time in range(2):
            with pytest.raises(Killed):
                run_one(Lane.HOOK, at=NOON, by="test")
            assert last_try().state == HookTryState.SENDING
            OutboxRow.objects.filter(kind="hook.send").update(lease_until=Now() - timedelta(seconds=1))
        assert last_try().was_resent
        monkeypatch.setattr(sending, "call", call)
        # The third time it is not sent: who knows what kills its sender. It has its pause, as after any failure.
        run_one(Lane.HOOK, at=NOON, by="test")
        assert len(receiver.asked) == 2
        send_hooks(NOON + timedelta(minutes=1))
        first, second, third = (headers["webhook-id"] for _m, _p, headers, _b in receiver.asked)
        assert first == second == third
        assert list(HookTry.objects.order_by("pk").values_list("state", "was_resent")) == [
            (HookTryState.FAILED, True),
            (HookTryState.SUCCEEDED, False),
        ]


class TestSecret:
    def test_that_was_changed_is_good_for_a_day_beside_the_new_one(
        self, hook: Hook, receiver: Server
    ) -> None:
        old = secret_of(hook.secret_id)
        _hook, new = change_secret(hook, at=NOON)
        assert new != old
        delivery()
        send_hooks(NOON + timedelta(hours=23))
        opened("Later", by="lin@example.org")
        send_hooks(NOON + timedelta(hours=25))
        on_both, on_one = receiver.asked
        assert (is_signed_with(old, on_both), is_signed_with(new, on_both)) == (True, True)
        assert (is_signed_with(old, on_one), is_signed_with(new, on_one)) == (False, True)

    def test_is_also_that_of_the_servers_key_before(
        self, hook: Hook, receiver: Server, settings: Any
    ) -> None:
        secret = secret_of(hook.secret_id)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "y" * 50
        delivery()
        send_hooks()
        assert is_signed_with(secret, receiver.asked[0])


class TestTest:
    def test_is_sent_at_once_and_once_whatever_the_receiver_did(self, hook: Hook, receiver: Server) -> None:
        receiver.answer = lambda handler: say(handler, 500)
        Hook.objects.update(resting_until=NOON + timedelta(hours=1))
        sent = send_test(hook, at=NOON)
        assert send_hooks() == 1
        sent.refresh_from_db()
        assert (sent.state, sent.tries.count()) == (HookDeliveryState.FAILED, 1)
        assert told(receiver) == [
            {
                "type": "webhook.test",
                "timestamp": "2026-11-02T12:00:00Z",
                "data": {"webhook": {"id": str(hook.public_id)}},
            }
        ]


class TestErasure:
    def test_leaves_nothing_of_what_was_said_or_answered(self, ana: User, receiver: Server) -> None:
        hooked(ana, receiver.url, HookEvent.MESSAGE_RECEIVED, with_text=True)
        receiver.answer = lambda handler: say(handler, 200, b"you said: CANARY")
        ticket = opened("CANARY")
        send_hooks()
        assert told(receiver)[0]["data"]["message"]["text"] == "CANARY"
        customer = ticket.feedback.customer
        [row] = export_customer(customer)["webhook_deliveries"]
        assert row["type"] == "message.received"
        erase_customer(customer, at=NOON)
        assert HookTry.objects.get().response == ""
        send_again(HookDelivery.objects.select_related("hook__owner").get(), at=NOON)
        send_hooks()
        # The receiver answers the same again: of who was erased nothing is kept.
        assert told(receiver)[1]["data"]["message"]["text"] == ""
        assert set(HookTry.objects.values_list("response", flat=True)) == {""}
        assert Message.objects.get().text == ""


class TestIntegration:
    def test_hears_of_its_own_feedback(self, receiver: Server) -> None:
        shop = integration()
        hooked(shop, receiver.url, HookEvent.MESSAGE_RECEIVED)
        opened("Elsewhere")
        send_hooks()
        assert receiver.asked == []
        assert HookDelivery.objects.get().state == HookDeliveryState.SKIPPED
