import dataclasses
import re
from email import message_from_bytes, policy

import pytest

from feedback.channels.contract import Outgoing, SendState
from feedback.channels.email.compose import NotAddressable, compose, thread_references
from feedback.channels.email.keys import accepted_keys
from feedback.channels.email.kind import EMAIL
from feedback.channels.email.threads import feedback_named_by, message_named_by
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Channel, Message
from feedback.intake.services import record_answer
from tests.mail_servers.smtp import open_post_office
from tests.people import NOON, said
from users.profiles.models import Address

pytestmark = pytest.mark.django_db
OWN = "support@earshot.example"


@pytest.fixture
def outgoing(mailbox):
    receipt = said("It crashes.", channel=mailbox, subject="Crash", external_id="<m1@example.org>")
    answer = record_answer(
        receipt.feedback, text="Please update.\n\n<b>Thank you</b>", author=None, author_name="Ana", at=NOON
    )
    return Outgoing(
        message=answer,
        address=Address.objects.get(value="kim@example.org"),
        external_id=f"{answer.public_id}@earshot.example",
        language="en",
        subject="Crash",
        in_reply_to=("rest-7", "<m1@example.org>", f"{answer.public_id}@earshot.example"),
        status_link="https://earshot.example/status/abc",
    )


def automatic(outgoing):
    Message.objects.filter(pk=outgoing.message.pk).update(is_automatic=True)
    outgoing.message.refresh_from_db()
    return outgoing


def read(composed):
    return message_from_bytes(composed.content, policy=policy.default)


class TestCompose:
    def test_answers_in_the_thread(self, outgoing):
        mail = read(compose(outgoing))
        assert mail["Subject"] == "Re: Crash"
        assert message_named_by(mail["Message-ID"], keys=accepted_keys()) == outgoing.message.public_id
        assert mail["References"].split() == ["<m1@example.org>", mail["Message-ID"]]
        assert mail["To"] == "kim@example.org"
        assert mail["From"] == "客服 <support@earshot.example>"
        reply_to = mail["Reply-To"].addresses[0].addr_spec
        named = feedback_named_by(reply_to, own=OWN, keys=accepted_keys())
        assert named == outgoing.message.feedback.public_id

    def test_is_the_same_mail_at_each_try(self, outgoing):
        first, second = read(compose(outgoing)), read(compose(outgoing))
        assert dict(first.items()) | {"Content-Type": ""} == dict(second.items()) | {"Content-Type": ""}

    @pytest.mark.parametrize(
        ("config", "asks"),
        [
            ({"imap": {"host": "imap.example", "user": "support", "password": "PASSWORD"}}, True),
            ({"imap": None}, False),
            ({"address": "not an address"}, False),
        ],
    )
    def test_asks_for_a_reply_only_where_one_would_be_read(
        self, outgoing, mailbox, config, asks, monkeypatch
    ):
        monkeypatch.setenv("PASSWORD", "secret")
        kept = {name: value for name, value in (mailbox.config | config).items() if value is not None}
        Channel.objects.filter(pk=mailbox.pk).update(config=kept)
        outgoing.message.feedback.channel.refresh_from_db()
        mail = read(compose(outgoing))
        for kind in ("plain", "html"):
            words = mail.get_body((kind,)).get_content()
            assert ("Reply to this mail" in words) is asks
            assert ("Replies to this mail are not read." in words) is not asks

    def test_makes_links_of_addresses_in_the_answer(self, outgoing):
        outgoing.message.text = "See https://earshot.example/help/a?b=1&c=2 <now>"
        html = read(compose(outgoing)).get_body(("html",)).get_content()
        assert '<a href="https://earshot.example/help/a?b=1&amp;c=2"' in html
        assert "&lt;now&gt;" in html

    def test_says_it_as_text_and_as_html(self, outgoing):
        mail = read(compose(outgoing))
        text = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        number = outgoing.message.feedback.number
        for words in ("Please update.", number, "https://earshot.example/status/abc"):
            assert words in text
            assert words in html
        assert "<b>Thank you</b>" in text
        assert "&lt;b&gt;Thank you&lt;/b&gt;" in html

    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("步骤.pdf", b"%PDF-1.7", "application/pdf"),
            ("log.txt", b"nothing", "text/plain"),
            ("合同.docx", b"PK\x03\x04", "application/"),
            ("photo.pdf", b"\x89PNG\r\n\x1a\n", "image/png"),
            ("backup.sql.gz", b"\x1f\x8b", "application/octet-stream"),
        ],
    )
    def test_carries_the_files_of_the_answer(self, outgoing, name, content, media_type):
        answer = record_answer(
            outgoing.message.feedback,
            text="",
            files=[IncomingFile(name, content)],
            author=None,
            author_name="Ana",
            at=NOON,
        )
        composed = compose(dataclasses.replace(outgoing, message=answer))
        assert composed.content.isascii()
        [attached] = read(composed).iter_attachments()
        assert (attached.get_filename(), attached.get_payload(decode=True)) == (name, content)
        assert attached.get_content_type().startswith(media_type)
        assert attached.get_content_type() != "application/zip"

    def test_is_seven_bit_in_every_language(self, outgoing):
        composed = compose(dataclasses.replace(outgoing, language="zh-Hans", subject="闪退"))
        assert composed.content.isascii()
        assert read(composed)["Subject"] == "Re: 闪退"

    def test_breaks_its_lines_as_the_standards_ask_but_no_message_id(self, outgoing):
        Message.objects.filter(pk=outgoing.message.pk).update(text="已经修复，请更新到最新版本。" * 40)
        outgoing.message.refresh_from_db()
        ids = tuple(f"<{number}{'x' * 60}@example.org>" for number in range(5))
        told = dataclasses.replace(outgoing, language="zh-Hans", subject="应用闪退" * 40, in_reply_to=ids)
        content = compose(told).content.decode()
        head = content.partition("\r\n\r\n")[0]
        assert max(map(len, re.findall(r"=\?utf-8\?\S+\?=", head))) <= 75
        assert max(len(line) for line in content.split("\r\n") if "@" not in line) <= 78
        assert read(compose(told))["Subject"] == "Re: " + "应用闪退" * 40
        for identifier in (*ids, read(compose(told))["Message-ID"]):
            assert identifier in head

    @pytest.mark.parametrize("subject", ["RE: Crash", "回复：闪退", "AW: Absturz", "答复: Re: 闪退"])
    def test_does_not_pile_up_marks_of_an_answer(self, outgoing, subject):
        assert read(compose(dataclasses.replace(outgoing, subject=subject)))["Subject"] == subject

    def test_marks_what_no_person_wrote(self, outgoing):
        assert read(compose(outgoing))["Auto-Submitted"] is None
        composed = compose(automatic(outgoing))
        assert read(composed)["Auto-Submitted"] == "auto-replied"
        assert composed.envelope_from == ""

    def test_names_the_number_where_there_is_no_subject(self, outgoing):
        mail = read(compose(dataclasses.replace(outgoing, subject="")))
        assert outgoing.message.feedback.number in mail["Subject"]

    def test_never_lets_a_subject_add_headers(self, outgoing):
        mail = read(compose(dataclasses.replace(outgoing, subject="x\r\nBcc: lin@example.org")))
        assert mail["Bcc"] is None

    @pytest.mark.parametrize(
        "value", ["kim", "kim@example.org\r\nBcc: x@y", "a@b, c@d", "<a@b>", "kim@..", "é@b.c"]
    )
    def test_refuses_what_is_no_address(self, outgoing, value):
        outgoing.address.value = value
        with pytest.raises(NotAddressable):
            compose(outgoing)

    def test_writes_a_domain_in_peoples_own_script(self, outgoing):
        outgoing.address.value = "kim@例子.cn"
        assert read(compose(outgoing))["To"].addresses[0].domain == "xn--fsqu00a.cn"

    def test_without_plus_addressing_has_no_reply_address(self, outgoing, mailbox):
        Channel.objects.filter(pk=mailbox.pk).update(config=mailbox.config | {"plus_addressing": False})
        outgoing.message.feedback.channel.refresh_from_db()
        assert read(compose(outgoing))["Reply-To"] is None


class TestThreadReferences:
    def test_are_message_ids_only(self):
        assert thread_references(("7", "<a@b>", "c@d", "x y@z")) == ["<a@b>", "<c@d>"]


class TestSend:
    def test_hands_the_mail_to_the_mailbox_own_server(self, outgoing, mailbox):
        with open_post_office() as office:
            outgoing.message.feedback.channel.config["smtp"] = office.config
            result = EMAIL.send(outgoing)
        assert result.state is SendState.SENT
        assert office.taken[0].recipients == ["kim@example.org"]
        assert office.taken[0].mail["Message-ID"] == result.external_id

    def test_hands_the_mail_to_the_server_of_the_settings(self, outgoing, settings):
        with open_post_office() as office:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
            assert EMAIL.send(outgoing).state is SendState.SENT
        assert office.taken

    def test_holds_what_no_server_was_named_for(self, outgoing):
        assert EMAIL.send(outgoing).state is SendState.HELD

    def test_gives_up_on_what_is_no_address(self, outgoing):
        outgoing.address.value = "kim"
        assert EMAIL.send(outgoing).state is SendState.REFUSED
