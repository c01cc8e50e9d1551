from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.outbox.models import OutboxRow
from tests.people import NOON, opened
from tests.tickets.hooks.hooking import hooked, integration, send_hooks
from tests.webhooks import Server, say
from tickets.hooks.models import Hook, HookDelivery, HookDeliveryState, HookEvent, HookTry
from tickets.hooks.services import (
    MOST_HOOKS,
    EventNotForYou,
    IsSwitchedOff,
    NotAnAddress,
    StillWaits,
    TooManyHooks,
    change,
    prune,
    remove,
    send_again,
    send_lost_again,
    send_test,
    set_up,
)
from users.accounts.models import User

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class TestSetUp:
    def test_gives_each_webhook_a_secret_of_its_own(self, ana: User) -> None:
        secrets = {
            set_up(ana, url="https://erp.example.org/", events=["reply.sent"], at=NOON)[1] for _ in range(2)
        }
        assert len(secrets) == 2
        assert all(secret.startswith("whsec_") for secret in secrets)

    def test_refuses_what_its_owner_may_never_see(self, ana: User) -> None:
        for owner, event in (
            (integration(), "ticket.opened"),
            (ana, "feedback.state_changed"),
            (ana, "webhook.test"),
        ):
            with pytest.raises(EventNotForYou):
                set_up(owner, url="https://erp.example.org/", events=[event], at=NOON)

    @pytest.mark.parametrize(
        "url", ["", "ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "x"]
    )
    def test_refuses_what_is_no_address_of_the_web(self, ana: User, url: str) -> None:
        with pytest.raises(NotAnAddress):
            set_up(ana, url=url, events=["reply.sent"], at=NOON)

    def test_lets_one_login_have_so_many(self, ana: User) -> None:
        hooks = [hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT) for _ in range(MOST_HOOKS)]
        with pytest.raises(TooManyHooks):
            hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT)
        remove(hooks[0], at=NOON)
        assert hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT)


class TestSendTest:
    def test_is_refused_where_the_webhook_is_off(self, ana: User) -> None:
        hook = hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT, is_enabled=False)
        with pytest.raises(IsSwitchedOff):
            send_test(hook, at=NOON)


@pytest.fixture
def lost(ana: User, receiver: Server) -> Hook:
    """A webhook whose receiver said no to three deliveries, a day apart."""
    hook = hooked(ana, receiver.url, HookEvent.TICKET_OPENED)
    for number in range(3):
        opened("Hangs", by=f"{number}@example.org", at=NOON + number * DAY)
    receiver.answer = lambda handler: say(handler, 410)
    send_hooks(most=1)
    send_hooks()
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {"failed", "skipped"}
    receiver.answer = lambda handler: say(handler, 200)
    receiver.asked.clear()
    return Hook.objects.get(pk=hook.pk)


class TestSendLostAgain:
    def test_sends_what_did_not_arrive_in_a_period_oldest_first(self, lost: Hook, receiver: Server) -> None:
        with pytest.raises(IsSwitchedOff):
            send_lost_again(lost, at=NOON)
        change(lost, changes={"is_enabled": True})
        lost.refresh_from_db()
        assert send_lost_again(lost, since=NOON, until=NOON + 2 * DAY, at=NOON + 3 * DAY) == 2
        assert send_lost_again(lost, since=NOON, until=NOON + 2 * DAY, at=NOON + 3 * DAY) == 0
        send_hooks(NOON + 3 * DAY)
        ids = [
            str(public_id)
            for public_id in HookDelivery.objects.order_by("pk").values_list("public_id", flat=True)
        ]
        assert [headers["webhook-id"] for _m, _p, headers, _b in receiver.asked] == ids[:2]
        states = HookDelivery.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["delivered", "delivered", "skipped"]

    def test_takes_only_its_own(self, lost: Hook, ana: User) -> None:
        other = hooked(ana, "https://erp.example.org/", HookEvent.REPLY_SENT)
        assert send_lost_again(other, at=NOON) == 0


class TestSendAgain:
    def test_refuses_what_waits(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        opened("Hangs")
        with pytest.raises(StillWaits):
            send_again(HookDelivery.objects.select_related("hook__owner").get(), at=NOON)


class TestPrune:
    def test_deletes_what_is_old_and_over(self, lost: Hook, ana: User) -> None:
        remove(lost, at=NOON + 2 * DAY)
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        opened("New", by="new@example.org", at=NOON + 2 * DAY)
        assert prune(NOON + 32 * DAY) == 2
        assert HookDelivery.objects.filter(state=HookDeliveryState.WAITING).exists()
        assert HookTry.objects.count() == OutboxRow.objects.filter(kind="hook.send").count() == 2
        assert prune(NOON + 40 * DAY) == 1
        assert not Hook.objects.filter(pk=lost.pk).exists()
