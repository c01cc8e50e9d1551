from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import MOST_ATTEMPTS, run_one
from feedback.channels.contract import Outgoing, SendResult, SendState
from feedback.intake.models import Feedback
from tests.channels import RecordingKind
from tests.people import NOON, agent, opened, said
from tickets.desk.models import EventKind, Ticket
from tickets.replies import deliveries
from tickets.replies.deliveries import outgoing_of
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import CannotSendAgain, reply, send_again
from users.accounts.models import User
from users.profiles.holdings import erase_customer
from users.profiles.services import mark_unreachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

REFUSED = SendResult(SendState.REFUSED, detail="550 no such user")
LATER = SendResult(SendState.TRY_LATER, detail="451 busy")


@pytest.fixture
def delivery() -> Delivery:
    ticket = opened("payment failed", external_id="<first@example.org>")
    delivery = reply(ticket, text="We are on it.", author=agent("ana"), at=NOON, language="en").delivery
    assert delivery is not None
    return delivery


def run() -> None:
    """Do what is owed, now: later tries do not wait."""
    OutboxRow.objects.filter(kind="delivery.send").update(due_at=NOON - timedelta(days=1000))
    run_one(Lane.DEFAULT, at=NOON, by="test")


class TestSendDelivery:
    def test_sends_once_and_marks_it_sent(self, kind: RecordingKind, delivery: Delivery) -> None:
        run()
        run()
        delivery.refresh_from_db()
        assert [sent.address.value for sent in kind.sent] == ["kim@example.org"]
        assert (delivery.state, delivery.sent_at) == (DeliveryState.SENT, NOON)

    def test_says_that_it_is_sending_before_anything_leaves(
        self, kind: RecordingKind, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        states: list[str] = []
        send = kind.send
        monkeypatch.setattr(
            kind, "send", lambda outgoing: states.append(Delivery.objects.get().state) or send(outgoing)
        )
        run()
        assert states == [DeliveryState.SENDING]

    def test_hands_over_the_thread_and_the_secret_link(self, kind: RecordingKind, delivery: Delivery) -> None:
        feedback = delivery.message.feedback
        said("and again", thread=feedback, external_id="<second@example.org>")
        second = reply(
            opened_ticket(feedback), text="Done.", author=agent("bo"), at=NOON, language="en"
        ).delivery
        run()
        run()
        outgoing = kind.sent[1]
        assert outgoing.in_reply_to == ("<first@example.org>", delivery.external_id, "<second@example.org>")
        assert second is not None
        assert outgoing.external_id == second.external_id
        assert "/status/" in outgoing.status_link

    def test_sends_an_agents_answer_once_more_after_a_crash_under_the_same_name(
        self, kind: RecordingKind, delivery: Delivery
    ) -> None:
        Delivery.objects.update(state=DeliveryState.SENDING, sending_at=NOON)
        run()
        delivery.refresh_from_db()
        assert [sent.external_id for sent in kind.sent] == [delivery.external_id]
        assert (delivery.state, delivery.was_resent) == (DeliveryState.SENT, True)

    def test_gives_up_after_a_second_crash(self, kind: RecordingKind, delivery: Delivery) -> None:
        Delivery.objects.update(state=DeliveryState.SENDING, was_resent=True)
        run()
        delivery.refresh_from_db()
        assert (kind.sent, delivery.state) == ([], DeliveryState.FAILED)

    def test_never_sends_an_automatic_message_twice(self, kind: RecordingKind, delivery: Delivery) -> None:
        Delivery.objects.update(state=DeliveryState.SENDING)
        type(delivery.message).objects.filter(pk=delivery.message_id).update(is_automatic=True)
        run()
        delivery.refresh_from_db()
        assert (kind.sent, delivery.state) == ([], DeliveryState.FAILED)

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Delivery], object]) -> None:
        """Let something happen between the look at the delivery and the sending."""

        def look(delivery: Delivery) -> Outgoing:
            happens(delivery)
            return outgoing_of(delivery)

        monkeypatch.setattr(deliveries, "outgoing_of", look)
        run()
        monkeypatch.undo()

    def test_sends_nothing_to_whoever_is_erased_meanwhile(
        self, kind: RecordingKind, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.meanwhile(monkeypatch, lambda one: erase_customer(one.message.feedback.customer, at=NOON))
        assert kind.sent == []
        run()
        delivery.refresh_from_db()
        assert (kind.sent, delivery.state) == ([], DeliveryState.HELD)

    def test_leaves_it_to_who_took_it_over_from_a_slow_worker(
        self, kind: RecordingKind, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def another(one: Delivery) -> None:
            Delivery.objects.filter(pk=one.pk).update(state=DeliveryState.SENT, sent_at=NOON)

        self.meanwhile(monkeypatch, another)
        delivery.refresh_from_db()
        assert (kind.sent, delivery.state) == ([], DeliveryState.SENT)

    def test_keeps_no_word_of_the_mail_server_about_whoever_is_erased(
        self, kind: RecordingKind, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(outgoing: Outgoing) -> SendResult:
            erase_customer(outgoing.message.feedback.customer, at=NOON)
            return SendResult(SendState.REFUSED, detail="550 kim@example.org: no such user")

        monkeypatch.setattr(kind, "send", refuse)
        run()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error) == (DeliveryState.FAILED, "")

    def test_shows_a_refusal_on_the_ticket(self, kind: RecordingKind, delivery: Delivery) -> None:
        kind.results = [REFUSED]
        run()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error) == (DeliveryState.FAILED, "550 no such user")
        ticket = opened_ticket(delivery.message.feedback)
        assert ticket.events.filter(kind=EventKind.DELIVERY_FAILED, details__delivery=delivery.pk).exists()

    def test_tries_again_what_was_not_taken(self, kind: RecordingKind, delivery: Delivery) -> None:
        kind.results = [LATER]
        run()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries, delivery.last_error) == (DeliveryState.PENDING, 1, "451 busy")
        run()
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.SENT
        assert not delivery.was_resent

    def test_gives_up_in_the_open_when_the_outbox_would_bury_it(
        self, kind: RecordingKind, delivery: Delivery
    ) -> None:
        kind.results = [LATER] * MOST_ATTEMPTS
        for _try in range(MOST_ATTEMPTS):
            run()
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.FAILED
        assert OutboxRow.objects.get(kind="delivery.send").done_at is not None


def opened_ticket(feedback: Feedback) -> Ticket:
    return Ticket.objects.get(feedback=feedback)


class TestSendAgain:
    @pytest.fixture
    def failed(self, kind: RecordingKind, delivery: Delivery) -> Delivery:
        kind.results = [REFUSED]
        run()
        kind.sent.clear()
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.FAILED
        return delivery

    def again(self) -> None:
        OutboxRow.objects.filter(kind="delivery.again").update(due_at=NOON - timedelta(days=1000))
        run_one(Lane.DEFAULT, at=NOON, by="test")

    def test_sends_under_the_old_id_and_says_so_on_the_ticket(self, kind, failed) -> None:
        old = failed.external_id
        event = send_again(failed, actor=User.objects.get(username="ana"), at=NOON)
        self.again()
        failed.refresh_from_db()
        assert (failed.state, failed.last_error) == (DeliveryState.SENT, "")
        assert [sent.external_id for sent in kind.sent] == [old]
        assert event.kind == EventKind.SENT_AGAIN

    def test_sends_once_for_two_who_press(self, kind, failed) -> None:
        ana = User.objects.get(username="ana")
        send_again(failed, actor=ana, at=NOON)
        with pytest.raises(CannotSendAgain):
            send_again(failed, actor=ana, at=NOON)
        self.again()
        self.again()
        assert len(kind.sent) == 1

    def test_may_fail_and_be_tried_another_time(self, kind, failed) -> None:
        ana = User.objects.get(username="ana")
        kind.results = [REFUSED, REFUSED]
        for _number in range(2):
            send_again(failed, actor=ana, at=NOON)
            self.again()
            failed.refresh_from_db()
            assert (failed.state, failed.last_error) == (DeliveryState.FAILED, "550 no such user")

    def test_refuses_what_was_sent_what_is_no_live_mail_and_an_address_that_is_gone(
        self, kind, failed
    ) -> None:
        ana = User.objects.get(username="ana")
        Delivery.objects.update(state=DeliveryState.SENT)
        with pytest.raises(CannotSendAgain):
            send_again(failed, actor=ana, at=NOON)
        Delivery.objects.update(state=DeliveryState.FAILED)
        mark_unreachable(failed.address)
        with pytest.raises(CannotSendAgain, match="does not exist"):
            send_again(Delivery.objects.get(), actor=ana, at=NOON)

    def test_is_offered_on_the_page_with_the_reason(self, client, failed) -> None:
        client.force_login(User.objects.get(username="ana"))
        ticket = Ticket.objects.get()
        html = client.get(f"/admin/desk/{ticket.public_id}/").content.decode()
        assert "550 no such user" in html
        assert f"/admin/desk/mail/{failed.pk}/again/" in html
        assert client.post(f"/admin/desk/mail/{failed.pk}/again/").json() == {"done": "It is being sent."}
