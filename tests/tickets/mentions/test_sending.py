from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from feedback.channels.contract import SendResult, SendState
from tests.people import NOON, agent, opened
from tickets.desk.models import Ticket
from tickets.mentions.models import Mention
from tickets.mentions.sending import send_mention
from tickets.mentions.services import choose_mail, note_read, write_note
from tickets.queues.models import Queue
from tickets.replies import house_mail
from tickets.replies.models import DeliveryState
from users.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def wire(monkeypatch):
    """Where the mail server would be: what was handed to it, and how it answers."""
    mails, answers = [], []

    def take(server, envelope):
        mails.append(envelope)
        return SendResult(answers.pop() if answers else SendState.SENT, detail="450 later")

    monkeypatch.setattr(house_mail, "default_server", object)
    monkeypatch.setattr(house_mail, "hand_over", take)
    return mails, answers


@pytest.fixture
def bo(ana) -> User:
    """Bo, whom Ana called."""
    bo = agent("bo", language="zh-hans")
    write_note(opened("my card 4242 was charged"), text="@bo the secret", actor=ana, at=NOON)
    return bo


def work() -> str:
    """Do the work that is owed; return what became of the mail."""
    OutboxRow.objects.exclude(kind="mention.mail").delete()
    OutboxRow.objects.update(due_at=NOON)
    while run_one(Lane.DEFAULT, at=NOON, by="test"):
        pass
    return Mention.objects.get().state


class TestSendMention:
    def test_mails_who_calls_and_where_and_not_a_word_of_the_note(self, bo, wire) -> None:
        assert work() == DeliveryState.SENT
        envelope = wire[0].pop()
        mail = message_from_bytes(envelope.content, policy=policy.default)
        ticket = Ticket.objects.get()
        assert envelope.recipient == "bo@earshot.example"
        assert ticket.number in mail["Subject"]
        text = mail.get_content()
        assert f"/admin/desk/{ticket.public_id}/" in text
        assert "secret" not in text
        assert "4242" not in text

    def test_mails_once_whatever_runs_twice(self, bo, wire) -> None:
        work()
        assert send_mention(Mention.objects.get().pk, NOON) is None
        assert len(wire[0]) == 1

    def test_gives_up_what_was_on_its_way_when_its_sender_died(self, bo, wire) -> None:
        Mention.objects.update(state=DeliveryState.SENDING)
        assert work() == DeliveryState.FAILED
        assert not wire[0]

    def test_tries_again_when_the_server_is_busy(self, bo, wire) -> None:
        wire[1].append(SendState.TRY_LATER)
        assert work() == DeliveryState.PENDING
        assert work() == DeliveryState.SENT

    @pytest.mark.parametrize("reason", ["seen", "unwanted", "out of sight", "gone"])
    def test_mails_nothing_that_is_not_true_any_more(self, bo, wire, reason: str) -> None:
        if reason == "seen":
            note_read(Ticket.objects.get(), user=bo, at=NOON)
        elif reason == "unwanted":
            choose_mail(bo, is_wanted=False)
        elif reason == "out of sight":
            Ticket.objects.update(queue=Queue.objects.create(slug="far", name="far"))
        else:
            User.objects.filter(pk=bo.pk).update(is_active=False)
        assert work() == DeliveryState.HELD
        assert not wire[0]

    def test_holds_it_back_without_a_mail_server(self, bo) -> None:
        assert work() == DeliveryState.HELD
