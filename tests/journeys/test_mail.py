"""A mail comes in, an agent answers, the customer writes back: over real IMAP and real SMTP."""

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import database_now, run_one
from feedback.channels.email.polling import poll
from feedback.intake.models import Channel, ChannelKind, Direction, Message
from tests.mail_servers import dovecot
from tests.mail_servers.smtp import open_post_office
from tests.people import agent
from tickets.desk.models import EventKind, Status, Ticket
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import reply

pytestmark = [
    pytest.mark.debian,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not dovecot.is_installed(), reason="MAIL NOT TESTED: apt-get install dovecot-imapd"),
]

COMPLAINT = """From: =?utf-8?B?6YeR5bCP576O?= <kim@example.org>
To: support@earshot.example
Subject: =?gb2312?B?s+TWtcO71tC1vdXK?=
Message-ID: <first@example.org>
Content-Type: text/plain; charset=gb2312
Content-Transfer-Encoding: 8bit

充值了一百元，没有到账，请尽快处理。
"""
BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: support@earshot.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; kim@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: {identifier}
--b--
"""


@pytest.fixture
def post(monkeypatch):
    """A mailbox on dovecot, an SMTP server, and the channel that uses both."""
    monkeypatch.setenv("DOVECOT", dovecot.PASSWORD)
    with dovecot.running() as box, open_post_office() as office:
        config = {
            "address": "support@earshot.example",
            "name": "客服",
            "imap": box.config,
            "smtp": office.config,
        }
        channel = Channel.objects.create(
            slug="support", kind=ChannelKind.EMAIL, name="Support", language="zh-hans", config=config
        )
        yield channel, box, office


def work():
    """Do what is owed, as workers and sweeper would."""
    for lane in (Lane.CRISIS, Lane.DEFAULT):
        while run_one(lane, at=database_now(), by="test"):
            pass


def arrive(post, *mails):
    channel, box, _office = post
    box.put(*mails)
    polled = poll(channel, at=database_now())
    assert polled.stored == len(mails)
    work()


def crlf(text, encoding="utf-8"):
    return text.replace("\n", "\r\n").encode(encoding)


class TestMail:
    def test_in_answer_out_and_reply_in(self, post):
        ana = agent("ana")
        arrive(post, crlf(COMPLAINT, "gb2312"))
        ticket = Ticket.objects.get()
        acknowledged = post[2].taken[-1]
        assert acknowledged.sender == "<>"
        assert ticket.feedback.number in acknowledged.mail.get_body(("plain",)).get_content()
        assert (
            ticket.feedback.messages.get(direction=Direction.IN).text
            == "充值了一百元，没有到账，请尽快处理。"
        )

        replied = reply(
            ticket, text="您好，已经补发到账。", author=ana, at=database_now(), language="zh-Hans"
        )
        work()
        sent = post[2].taken[-1]
        assert sent.recipients == ["kim@example.org"]
        assert sent.mail["References"].split()[0] == "<first@example.org>"
        assert "您好，已经补发到账。" in sent.mail.get_body(("plain",)).get_content()
        assert Delivery.objects.get(message=replied.message).state == DeliveryState.SENT

        answer = (
            f"From: kim@example.org\nTo: {sent.mail['Reply-To']}\nSubject: Re: x\nMessage-ID: <second@example.org>\n"
            f"In-Reply-To: {sent.mail['Message-ID']}\nContent-Type: text/plain; charset=utf-8\n\n"
            "还是没有！\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n发送时间: 2026年\n\n您好\n"
        )
        arrive(post, crlf(answer))
        texts = ticket.feedback.messages.order_by("id").values_list("direction", "text")
        assert list(texts)[-1] == (Direction.IN, "还是没有！")
        assert Ticket.objects.count() == 1
        ticket.refresh_from_db()
        assert ticket.status == Status.WAITING_ON_US

    def test_that_bounces_shows_on_the_ticket_and_is_not_written_to_again(self, post):
        ana = agent("ana")
        arrive(post, crlf(COMPLAINT, "gb2312"))
        ticket = Ticket.objects.get()
        replied = reply(ticket, text="您好", author=ana, at=database_now(), language="zh-Hans")
        work()
        arrive(post, crlf(BOUNCE.format(identifier=post[2].taken[-1].mail["Message-ID"])))

        delivery = Delivery.objects.select_related("address").get(message=replied.message)
        assert delivery.state == DeliveryState.BOUNCED
        assert not delivery.address.is_reachable
        assert ticket.events.filter(kind=EventKind.DELIVERY_FAILED).count() == 1
        assert Ticket.objects.count() == 1
        assert Message.objects.filter(direction=Direction.IN).count() == 1
        ticket.refresh_from_db()
        again = reply(ticket, text="还在吗", author=ana, at=database_now(), language="zh-Hans")
        assert again.delivery is None
