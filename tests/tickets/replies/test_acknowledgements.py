from datetime import timedelta

import pytest

from feedback.channels.email.compose import compose
from feedback.intake.models import Channel, ChannelKind, Direction, Message
from tests.people import NOON, said
from tickets.replies import acknowledgements
from tickets.replies.acknowledgements import acknowledge
from tickets.replies.deliveries import outgoing_of
from tickets.replies.models import Acknowledgement, Delivery
from users.profiles.models import OptOut
from users.profiles.services import set_preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox():
    config = {"address": "support@earshot.example"}
    return Channel.objects.create(slug="support", kind=ChannelKind.EMAIL, name="Support", config=config)


def mailed(mailbox, text="The app crashes when I open it.", **fields):
    return said(text, channel=mailbox, subject="BUY NOW http://evil.example", **fields).message


def sent_mail(delivery):
    return compose(outgoing_of(delivery)).mail


class TestAcknowledge:
    def test_tells_the_number_and_nothing_the_sender_wrote(self, mailbox):
        message = mailed(mailbox, "CLICK http://evil.example NOW")
        delivery = acknowledge(message, at=NOON)
        mail = sent_mail(delivery)
        assert message.feedback.number in mail.get_body(("plain",)).get_content()
        for words in ("evil", "BUY", "CLICK"):
            assert words not in mail.as_string()
        assert mail["Auto-Submitted"] == "auto-replied"

    def test_writes_the_senders_language(self, mailbox):
        delivery = acknowledge(mailed(mailbox, "一打开就闪退，请尽快处理"), at=NOON)
        assert delivery.language.startswith("zh")

    def test_goes_to_one_address_once_a_day(self, mailbox):
        assert acknowledge(mailed(mailbox, "one"), at=NOON) is not None
        assert acknowledge(mailed(mailbox, "two"), at=NOON + timedelta(hours=6)) is None
        assert acknowledge(mailed(mailbox, "three", by="lin@example.org"), at=NOON) is not None
        assert acknowledge(mailed(mailbox, "four"), at=NOON + timedelta(days=1)) is not None

    def test_twice_for_one_message_is_one(self, mailbox):
        message = mailed(mailbox)
        acknowledge(message, at=NOON)
        acknowledge(message, at=NOON)
        assert Delivery.objects.count() == 1
        assert Message.objects.filter(direction=Direction.OUT).count() == 1

    def test_stops_at_the_budget_of_all(self, mailbox, monkeypatch):
        monkeypatch.setattr(acknowledgements, "MOST_PER_HOUR", 2)
        got = [acknowledge(mailed(mailbox, by=f"k{n}@example.org"), at=NOON) for n in range(3)]
        assert got[2] is None
        later = acknowledge(mailed(mailbox, by="k9@example.org"), at=NOON + timedelta(hours=2))
        assert later is not None

    def test_gives_the_safe_first_answer_whatever_the_budget(self, mailbox, monkeypatch):
        monkeypatch.setattr(acknowledgements, "MOST_PER_HOUR", 0)
        delivery = acknowledge(mailed(mailbox, "我不想活了，想自杀"), at=NOON)
        text = sent_mail(delivery).get_body(("plain",)).get_content()
        assert "12356" in text or "热线" in text

    def test_answers_no_machine(self, mailbox):
        assert acknowledge(mailed(mailbox, is_automatic=True), at=NOON) is None

    def test_answers_the_first_message_only(self, mailbox):
        first = mailed(mailbox)
        second = mailed(mailbox, "and again", thread=first.feedback)
        assert acknowledge(second, at=NOON) is None

    def test_respects_who_opted_out(self, mailbox):
        message = mailed(mailbox)
        wish = {"opt_outs": [OptOut.ACKNOWLEDGEMENTS]}
        set_preferences(message.feedback.customer, changes=wish, at=NOON)
        assert acknowledge(message, at=NOON) is None

    def test_can_be_switched_off_for_a_mailbox(self, mailbox):
        mailbox.config["acknowledge"] = False
        mailbox.save()
        assert acknowledge(mailed(mailbox), at=NOON) is None

    def test_answers_nothing_that_came_another_way(self):
        assert acknowledge(said("It crashes.").message, at=NOON) is None

    def test_keeps_no_address(self, mailbox):
        acknowledge(mailed(mailbox), at=NOON)
        assert "kim" not in Acknowledgement.objects.get().recipient
