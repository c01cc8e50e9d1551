"""From stored mail to message, bounce, or a reason for neither. No server: mails are handed in."""

import functools
from datetime import timedelta

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from feedback.channels.email import arriving, understanding
from feedback.channels.email.arriving import (
    MAIL_BOUNCED,
    MAIL_WANTED,
    CannotBeWanted,
    settle_mail,
    settle_wanted,
    understand_mail,
    understand_wanted,
    want,
)
from feedback.channels.email.keys import signing_key
from feedback.channels.email.models import Bounce
from feedback.channels.email.polling import store
from feedback.channels.email.sandbox import Limits, parse_safely
from feedback.channels.email.threads import message_id, reply_address
from feedback.intake.models import Feedback, Message, RawMessage
from feedback.intake.services import record_answer
from tests.people import NOON
from users.accounts.models import Role, User

pytestmark = pytest.mark.django_db

OWN = "support@earshot.example"


def mail(
    text="It crashes.",
    *,
    sender="Kim <kim@example.org>",
    identifier="m1",
    subject="Crash",
    headers="",
    to=OWN,
):
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{identifier}@example.org>\r\n"
        f"Date: Mon, 02 Nov 2026 11:59:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n{headers}\r\n{text}\r\n"
    ).encode()


def arrive(channel, content, *, at=NOON) -> RawMessage:
    """Store ``content`` and do what the outbox does with it."""
    stored = store(channel, content, at=at)
    assert stored is not None
    raw, _row = stored
    settle_mail(raw.pk, understand_mail(raw.pk, at), at)
    raw.refresh_from_db()
    return raw


def message_of(raw) -> Message:
    return Message.objects.get(raw=raw)


def answered(feedback, text="Which version?", *, at=NOON) -> str:
    """Answer ``feedback``; return the Message-ID that the answer bears."""
    message = record_answer(feedback, text=text, author=None, author_name="Ana", at=at)
    return message_id(f"{message.public_id}@earshot.example", key=signing_key())


def signed_address(feedback):
    return reply_address(OWN, feedback.public_id, key=signing_key())


class TestStore:
    def test_keeps_the_bytes_and_owes_their_understanding(self, mailbox):
        raw, row = store(mailbox, mail(), at=NOON)
        assert bytes(RawMessage.objects.get(pk=raw.pk).content) == mail()
        assert raw.external_id == "<m1@example.org>"
        assert OutboxRow.objects.get(kind="mail.stored", subject_id=raw.pk).pk == row.pk

    def test_knows_a_mail_again(self, mailbox):
        store(mailbox, mail(), at=NOON)
        assert store(mailbox, mail(), at=NOON) is None

    def test_knows_a_mail_again_whose_content_was_erased(self, mailbox):
        raw, _row = store(mailbox, mail(), at=NOON)
        RawMessage.objects.filter(pk=raw.pk).update(content=b"")
        assert store(mailbox, mail(), at=NOON) is None

    def test_keeps_two_mails_of_one_message_id(self, mailbox):
        store(mailbox, mail("first"), at=NOON)
        assert store(mailbox, mail("second"), at=NOON) is not None

    def test_names_a_mail_without_message_id_by_its_bytes(self, mailbox):
        raw, _row = store(mailbox, b"Subject: x\r\n\r\nx", at=NOON)
        assert raw.external_id == f"no-id:{raw.digest}"

    def test_takes_a_message_id_that_no_database_holds(self, mailbox):
        raw = arrive(mailbox, mail(identifier="m\x001"))
        assert raw.external_id.startswith("no-id:")
        assert message_of(raw).text == "It crashes."


class TestNewMail:
    def test_becomes_a_feedback_of_its_sender(self, mailbox):
        message = message_of(
            arrive(mailbox, mail("一打开就闪退", sender="=?utf-8?B?6YeR5bCP576O?= <Kim@Example.org>"))
        )
        assert message.text == "一打开就闪退"
        assert message.feedback.subject == "Crash"
        assert message.feedback.address.normalised == "kim@example.org"
        assert message.feedback.address.is_proven
        assert message.feedback.customer.display_name == "金小美"
        assert message.sent_at == NOON - timedelta(minutes=1)

    def test_without_text_says_its_subject(self, mailbox):
        assert message_of(arrive(mailbox, mail("", subject="充值没到账"))).text == "充值没到账"

    def test_that_is_encrypted_says_so(self, mailbox):
        closed = mail("MAYGCSqGSIb3DQEHA6A=").replace(
            b"text/plain; charset=utf-8\r\n",
            b"application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n",
        )
        text = message_of(arrive(mailbox, closed)).text
        assert text.startswith("Crash\n\n[This mail is encrypted")

    def test_without_anything_comes_with_the_mail_attached(self, mailbox):
        message = message_of(arrive(mailbox, b"Message-ID: <m1@example.org>\r\n\r\n"))
        assert [file.filename for file in message.attachments.all()] == ["original.eml"]

    def test_longer_than_a_text_may_be_comes_with_the_rest_as_a_file(self, mailbox):
        message = message_of(arrive(mailbox, mail("很长。" * 10_000)))
        assert len(message.text) <= 20_000
        assert message.attachments.get().filename == "text.txt"

    def test_that_cannot_be_parsed_becomes_a_ticket_all_the_same(self, mailbox, monkeypatch):
        killed = functools.partial(parse_safely, limits=Limits(wall_seconds=0.001))

        monkeypatch.setattr(understanding, "parse_safely", killed)
        message = message_of(arrive(mailbox, mail()))
        assert message.text == "It crashes."
        assert message.attachments.get().filename == "original.eml"

    def test_with_too_many_files_comes_whole(self, mailbox):
        parts = "".join(
            f'--b\r\nContent-Disposition: attachment; filename="{n}.txt"\r\n\r\nx\r\n' for n in range(15)
        )
        content = mail(f"{parts}--b--").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
        names = {file.filename for file in message_of(arrive(mailbox, content)).attachments.all()}
        assert names == {"original.eml", *(f"{number}.txt" for number in range(9))}

    def test_sent_in_the_future_counts_from_its_arrival(self, mailbox):
        content = mail().replace(b"02 Nov 2026", b"02 Nov 2036")
        assert message_of(arrive(mailbox, content)).sent_at == NOON

    def test_of_a_form_is_answered_to_whom_it_names(self, mailbox):
        content = mail(sender="Website <noreply@example.org>", headers="Reply-To: lin@example.org\r\n")
        address = message_of(arrive(mailbox, content)).feedback.address
        assert address.value == "lin@example.org"
        assert not address.is_proven

    def test_with_two_senders_proves_nobody(self, mailbox):
        content = mail(headers="From: evil@example.net\r\n")
        assert not message_of(arrive(mailbox, content)).feedback.address.is_proven

    def test_that_our_relay_found_forged_proves_nobody(self, mailbox):
        mailbox.config["authentication_server"] = "mx.earshot.example"
        mailbox.save()
        forged = "Authentication-Results: mx.earshot.example; dmarc=fail\r\n"
        foreign = "Authentication-Results: mx.example.net; dmarc=fail\r\n"
        assert not message_of(arrive(mailbox, mail(headers=forged))).feedback.address.is_proven
        kept = message_of(arrive(mailbox, mail(headers=foreign, identifier="m2", sender="lin@example.org")))
        assert kept.feedback.address.is_proven


class TestReply:
    def test_to_the_signed_address_joins_its_thread(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        to = signed_address(first.feedback)
        reply = message_of(arrive(mailbox, mail("5.2", identifier="m2", subject="Re: Crash", to=to)))
        assert reply.feedback == first.feedback

    def test_to_our_message_id_joins_its_thread(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        headers = f"In-Reply-To: {answered(first.feedback)}\r\n"
        reply = message_of(arrive(mailbox, mail("5.2", identifier="m2", headers=headers)))
        assert reply.feedback == first.feedback

    def test_of_a_stranger_opens_a_thread_that_names_the_first(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        content = mail(
            "what is this", identifier="m2", sender="lin@example.org", to=signed_address(first.feedback)
        )
        reply = message_of(arrive(mailbox, content))
        assert reply.feedback != first.feedback
        assert reply.feedback.follows == first.feedback

    def test_that_only_names_the_number_opens_a_thread_that_names_the_first(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        subject = f"Still crashing, see {first.feedback.number}"
        reply = message_of(arrive(mailbox, mail("x", identifier="m2", subject=subject)))
        assert reply.feedback != first.feedback
        assert reply.feedback.follows == first.feedback

    def test_to_a_forged_address_opens_a_thread(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        to = signed_address(first.feedback).replace("@", "a@")
        reply = message_of(arrive(mailbox, mail("x", identifier="m2", to=to)))
        assert reply.feedback.follows is None

    def test_keeps_only_what_is_new(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        text = "版本是 5.2\r\n\r\n在 2026/11/2 12:00, 客服 写道:\r\n> Which version?\r\n"
        to = signed_address(first.feedback)
        assert message_of(arrive(mailbox, mail(text, identifier="m2", to=to))).text == "版本是 5.2"


class TestTwice:
    def test_handling_one_mail_changes_nothing(self, mailbox):
        raw = arrive(mailbox, mail())
        settle_mail(raw.pk, understand_mail(raw.pk, NOON), NOON)
        assert Message.objects.count() == 1

    def test_the_same_mail_over_two_roads_is_one_message(self, mailbox):
        arrive(mailbox, mail(headers="Received: from one\r\n"))
        again = arrive(mailbox, mail(headers="Received: from two\r\n"))
        assert Message.objects.count() == 1
        assert again.set_aside == "received_before"

    def test_one_message_id_with_another_text_is_another_message(self, mailbox):
        arrive(mailbox, mail("sent first by somebody else"))
        arrive(mailbox, mail("the real one"))
        assert Message.objects.count() == 2

    def test_one_message_id_with_another_attachment_is_another_message(self, mailbox):
        for content in ("one", "two"):
            file = f"Content-Disposition: attachment; filename=a\r\n\r\n{content}"
            body = f"--b\r\n\r\nsee file\r\n--b\r\n{file}\r\n--b--"
            arrive(mailbox, mail(body).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b"))
        assert Message.objects.count() == 2


class TestAutomaticMail:
    def test_that_answers_us_is_set_aside(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        content = mail(
            "I am away", identifier="m2", subject="自动回复: Crash", to=signed_address(first.feedback)
        )
        assert arrive(mailbox, content).set_aside == "automatic_reply"
        assert Message.objects.count() == 1

    def test_from_ourselves_is_set_aside(self, mailbox):
        assert arrive(mailbox, mail(sender=OWN)).set_aside == "from_ourselves"

    def test_that_answers_nothing_is_kept_as_automatic(self, mailbox):
        message = message_of(arrive(mailbox, mail(headers="Auto-Submitted: auto-generated\r\n")))
        assert message.is_automatic

    def test_in_a_flood_is_set_aside(self, mailbox, monkeypatch):
        monkeypatch.setattr(arriving, "MOST_AUTOMATIC_PER_HOUR", 2)
        headers = "Auto-Submitted: auto-generated\r\n"
        for number in range(3):
            raw = arrive(mailbox, mail(f"alarm {number}", identifier=f"a{number}", headers=headers))
        assert raw.set_aside == "too_many_automatic"
        later = NOON + timedelta(hours=2)
        arrive(mailbox, mail("alarm 9", identifier="a9", headers=headers), at=later)
        assert Message.objects.count() == 3

    def test_in_a_loop_is_set_aside(self, mailbox, monkeypatch):
        monkeypatch.setattr(arriving, "MOST_PER_THREAD_AND_HOUR", 2)
        to = signed_address(message_of(arrive(mailbox, mail())).feedback)
        raws = [arrive(mailbox, mail(f"again {n}", identifier=f"l{n}", to=to)) for n in range(3)]
        assert [raw.set_aside for raw in raws] == ["", "too_many_in_thread", "too_many_in_thread"]

    def test_read_receipts_are_set_aside(self, mailbox):
        content = mail(
            "--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: displayed\r\n--b--"
        ).replace(b"text/plain; charset=utf-8", b"multipart/report; boundary=b")
        assert arrive(mailbox, content).set_aside == "read_receipt"


def bounce_of(identifier, *, status="5.1.1", email="kim@example.org"):
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: support@earshot.example\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <b1@mx.example.org>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        "--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {email}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {identifier}\r\n\r\nx\r\n--b--\r\n"
    ).encode()


class TestBounce:
    def test_of_our_mail_is_recorded_and_told(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        raw = arrive(mailbox, bounce_of(answered(first.feedback)))
        bounce = Bounce.objects.get(raw=raw)
        assert (bounce.email, bounce.status, bounce.is_permanent) == ("kim@example.org", "5.1.1", True)
        assert OutboxRow.objects.filter(kind=MAIL_BOUNCED, subject_id=bounce.pk).exists()
        assert Feedback.objects.count() == 1

    def test_of_a_full_box_is_not_permanent(self, mailbox):
        first = message_of(arrive(mailbox, mail()))
        raw = arrive(mailbox, bounce_of(answered(first.feedback), status="5.2.2"))
        assert not Bounce.objects.get(raw=raw).is_permanent

    @pytest.mark.parametrize(
        "identifier",
        ["<foreign@example.org>", "", f"<{'0' * 8}-0000-0000-0000-{'0' * 12}.aaaaaaaaaaaaaaaa@x>"],
    )
    def test_of_mail_that_is_not_ours_opens_nothing(self, mailbox, identifier):
        assert arrive(mailbox, bounce_of(identifier)).set_aside == "bounce_of_foreign_mail"
        assert not Feedback.objects.exists()


class TestKeys:
    def test_of_yesterday_still_prove(self, mailbox, settings):
        first = message_of(arrive(mailbox, mail()))
        to = signed_address(first.feedback)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"
        reply = message_of(arrive(mailbox, mail("5.2", identifier="m2", to=to)))
        assert reply.feedback == first.feedback


class TestWant:
    OUT_OF_OFFICE = "Auto-Submitted: auto-replied\r\n"

    def set_aside(self, mailbox) -> RawMessage:
        feedback = message_of(arrive(mailbox, mail())).feedback
        refers = f"In-Reply-To: <{answered(feedback)}>\r\n".replace("<<", "<").replace(">>", ">")
        raw = arrive(mailbox, mail("I am on holiday.", identifier="m2", headers=self.OUT_OF_OFFICE + refers))
        assert raw.set_aside == "automatic_reply"
        return raw

    def run(self) -> None:
        OutboxRow.objects.filter(kind=MAIL_WANTED).update(due_at=NOON - timedelta(days=1000))
        OutboxRow.objects.exclude(kind=MAIL_WANTED).delete()
        run_one(Lane.DEFAULT, at=NOON, by="test")

    def test_makes_a_message_of_what_was_set_aside(self, mailbox) -> None:
        raw = self.set_aside(mailbox)
        want(raw, at=NOON)
        self.run()
        raw.refresh_from_db()
        assert (raw.set_aside, message_of(raw).text) == ("", "I am on holiday.")

    def test_does_it_once(self, mailbox) -> None:
        raw = self.set_aside(mailbox)
        want(raw, at=NOON)
        with pytest.raises(CannotBeWanted, match="already"):
            want(raw, at=NOON)
        self.run()
        settle_wanted(raw.pk, understand_wanted(raw.pk, NOON), NOON)
        assert Message.objects.filter(raw=raw).count() == 1

    def test_is_for_what_was_set_aside(self, mailbox) -> None:
        with pytest.raises(CannotBeWanted, match="not set aside"):
            want(arrive(mailbox, mail()), at=NOON)

    def test_is_an_action_of_the_administrator(self, mailbox, client) -> None:
        raw = self.set_aside(mailbox)
        client.force_login(User.objects.create_superuser("root", role=Role.ADMINISTRATOR))
        page = client.post(
            "/admin/feedback/rawmessage/",
            {"action": "make_feedback", "_selected_action": [raw.pk]},
            follow=True,
        )
        assert "becomes feedback" in page.content.decode()
        assert OutboxRow.objects.filter(kind=MAIL_WANTED, subject_id=raw.pk).exists()
