from datetime import timedelta
from functools import partial

import pytest

from feedback.channels.email.compose import compose
from feedback.intake.links import status_link
from feedback.intake.lost_links import MOST_PER_ADDRESS
from feedback.intake.models import Channel, ChannelKind, Direction, Message
from tests.people import NOON, said
from tests.threads import together
from tickets.replies import acknowledgements
from tickets.replies.acknowledgements import acknowledge, acknowledge_one
from tickets.replies.deliveries import outgoing_of
from tickets.replies.models import Acknowledgement, Delivery
from users.profiles.holdings import erase_customer
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

    def test_answers_nothing_that_came_another_way_unless_that_is_switched_on(self):
        assert acknowledge(said("It crashes.").message, at=NOON) is None

    def test_threads_with_the_mail_that_it_answers(self, mailbox):
        message = mailed(mailbox, external_id="first@mail.example")
        mail = sent_mail(acknowledge(message, at=NOON))
        assert mail["In-Reply-To"] == "<first@mail.example>"

    def test_keeps_no_address(self, mailbox):
        acknowledge(mailed(mailbox), at=NOON)
        assert "kim" not in Acknowledgement.objects.get().recipient


class TestAcknowledgeForms:
    @pytest.fixture
    def form(self):
        return Channel.objects.create(
            slug="form", kind=ChannelKind.REST, name="Form", config={"acknowledge": True}
        )

    def test_gives_the_number_the_private_link_and_nothing_the_sender_wrote(self, form):
        message = said("CLICK http://evil.example", channel=form, subject="BUY NOW").message
        mail = sent_mail(acknowledge(message, at=NOON))
        text = mail.get_body(("plain",)).get_content()
        assert message.feedback.number in text
        assert status_link(message.feedback) in text
        assert "You can expect an answer by" in text
        for words in ("evil", "BUY", "CLICK"):
            assert words not in mail.as_string()

    @pytest.mark.parametrize(
        ("wished", "given", "written"),
        [
            ("zh-hans", "", "It crashes when I open it."),
            ("", "zh-hans", "It crashes."),
            ("", "", "一打开就闪退"),
        ],
    )
    def test_is_in_the_language_wished_for_else_given_else_written(self, form, wished, given, written):
        message = said(written, channel=form, language=given).message
        if wished:
            set_preferences(message.feedback.customer, changes={"language": wished}, at=NOON)
        assert acknowledge(message, at=NOON).language.lower().startswith("zh")

    def test_stands_in_the_conversation_as_automatic(self, form):
        message = said("It crashes.", channel=form).message
        acknowledge(message, at=NOON)
        answer = message.feedback.messages.get(direction=Direction.OUT)
        assert (answer.is_automatic, answer.author) == (True, None)

    def test_goes_to_one_address_as_often_as_lost_links_do(self, form, mailbox):
        deliveries = [
            acknowledge(said(f"{number}", channel=form).message, at=NOON)
            for number in range(MOST_PER_ADDRESS + 1)
        ]
        assert [delivery is not None for delivery in deliveries] == [True] * MOST_PER_ADDRESS + [False]
        assert acknowledge(mailed(mailbox), at=NOON) is None

    def test_twice_for_one_message_is_one(self, form):
        message = said("It crashes.", channel=form).message
        assert acknowledge(message, at=NOON) is not None
        assert acknowledge(message, at=NOON) is None

    def test_writes_to_nobody_who_left_no_address(self, form):
        assert acknowledge(said("It crashes.", channel=form, by="").message, at=NOON) is None

    def test_leaves_what_was_erased_alone(self, form):
        message = said("It crashes.", channel=form).message
        erase_customer(message.feedback.customer, at=NOON)
        message = Message.objects.select_related("feedback__channel", "feedback__customer").get(pk=message.pk)
        assert acknowledge(message, at=NOON) is None

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_one_moment_gives_each_its_own(self, form):
        messages = [said(f"{number}", channel=form).message for number in range(2)]
        together(*(partial(acknowledge_one, message.pk, None, NOON) for message in messages))
        assert sorted(Acknowledgement.objects.values_list("number", flat=True)) == [1, 2]
        assert Delivery.objects.count() == 2
