"""Bounces in the prose of many mail servers, without an RFC 3464 report, and mail that resembles them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, written

KIM, LIN = "kim@mail.example", "lin@mail.example"
DAEMON = "MAILER-DAEMON@relay.example"

# Name, sender, subject, text, whom it names.
LOST: tuple[tuple[str, str, str, str, list[str]], ...] = (
    (
        "subject-says-nothing",
        "Mail Delivery System <MAILER-DAEMON@relay.example>",
        "Your order",
        "I'm afraid I wasn't able to deliver the following message.\nThis is a permanent error.\n\n<kim@mail.example>:\nno such user\n",
        [KIM],
    ),
    (
        "original-recipients-first",
        "System Administrator <postmaster@corp.example>",
        "Undeliverable: RE: The app",
        "Your message\n\n  To:      everybody@list.example\n  Subject: The app\n  Sent:    Friday\n\ndid not reach the following recipient(s):\n\n"
        "kim@mail.example on Fri, 20 Nov 2026\n    The recipient name is not recognized\n",
        [KIM],
    ),
    (
        "x400-address",
        "postmaster@corp.example",
        "Undeliverable: The app",
        "did not reach the following recipient(s):\n\nc=US;a= ;p=CORP;o=Site;dda:SMTP=kim@mail.example; on Fri\n    Unknown Recipient\n",
        [KIM],
    ),
    (
        "failed-addresses-follow",
        "<MAILER-DAEMON@isp.example>",
        "mail failed, returning to sender",
        "|-------------- Message log follows: --------------|\n no valid recipients were found\n|-------------- Failed addresses follow: ---------|\n"
        " kim@mail.example ... unknown host\n|-------------- Message text follows: ------------|\nTo: other@mail.example\n",
        [KIM],
    ),
    (
        "in-a-sentence",
        DAEMON,
        "Your message could not be delivered.",
        "Hello,\n\nthis is the mail server of Example.\nYour message to kim@mail.example has NOT been delivered.\n\nFor help write to helpdesk@relay.example.\n",
        [KIM],
    ),
    (
        "quoted-with-marks",
        "MDaemon@relay.example",
        "Permanent Delivery Failure",
        "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a copy of your message:\n\n> kim@mail.example\n",
        [KIM],
    ),
    (
        "six-recipients",
        DAEMON,
        "Delivery failure",
        "Unable to deliver message to the following address(es).\n\n"
        + "".join(f"<kim{number}@mail.example>:\nThis account has been disabled.\n\n" for number in range(6)),
        [f"kim{number}@mail.example" for number in range(6)],
    ),
    (
        "status-glued-to-address",
        DAEMON,
        "Undeliverable: The app",
        "Delivery has failed to these recipients or distribution lists:\n\n\t* [kim@mail.example]: 550 kim@mail.example...User account is overquota\n",
        [KIM],
    ),
    (
        "scanner-of-a-company",
        "imss@corp.example",
        "Mail could not be delivered",
        "****** Message from a security suite ******\n\nSent <<< RCPT TO:<kim@mail.example>\n\nUnable to deliver message to <kim@mail.example>.\n",
        [KIM],
    ),
    (
        "only-in-the-original",
        DAEMON,
        "Returned mail: Cannot send message for 4 days",
        "   ----- Transcript of session follows -----\n421 mx.mail.example... Connection timed out\n\n   ----- Unsent message follows -----\n"
        "From: support@earshot.example\nTo: kim@mail.example\nSubject: The app\n",
        [KIM],
    ),
    (
        "sender-named-too",
        "postmaster@corp.example",
        "Undeliverable Mail",
        "Your message:\n   From:    desk@corp.example\n   Subject: The app\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\n"
        "The following recipients were affected:\n    kim@mail.example\n\nOriginal Sender:    <desk@corp.example>\n",
        [KIM],
    ),
    (
        "sina",
        "MAILER-DAEMON@sina.example",
        "邮件传输失败！",
        "邮件无法发送到您指定的地址中。\n\n<kim@mail.example>:\n\n<lin@mail.example>:\n",
        [KIM, LIN],
    ),
    (
        "netease-without-colon",
        "postmaster@163.example",
        "系统退信",
        "抱歉，您的邮件被退回来了……\n原邮件信息：\n时间 2026-11-20 10:00:00\n主题 Re: 闪退\n收件人 kim@mail.example\n退信原因：用户不存在\n",
        [KIM],
    ),
    (
        "gives-up-in-two-languages",
        DAEMON,
        "failure notice",
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\nkim@mail.example\n\n这是一个永久性的错误，服务器已经放弃继续投递。\n",
        [KIM],
    ),
    (
        "japanese-carrier",
        "Postmaster@carrier.example",
        "Mail System Error - Returned Mail",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n<kim@mail.example>\n",
        [KIM],
    ),
    (
        "russian",
        "Mailer-Daemon@mx.example",
        "Ваше сообщение не доставлено.",
        "К сожалению, Ваше письмо не может быть доставлено.\n\n kim@mail.example\n   user not found\n",
        [KIM],
    ),
    (
        "french",
        DAEMON,
        "Notification",
        "Votre message n'a pas pu être délivré à\nkim@mail.example\n",
        [KIM],
    ),
)
LATE: tuple[tuple[str, str, str, str], ...] = (
    (
        "subject-says-nothing",
        DAEMON,
        "Mail Delivery Warning",
        'Delivery of email to this address\n"kim@mail.example"\nhas been postponed due to a full mailbox.\nWe will continue to try to deliver your message.\n',
    ),
    (
        "attempts-continue",
        "antivirus_gateway@corp.example",
        "Delivery failure notification",
        "Your message could not be delivered to the following recipients:\n\nkim@mail.example\n\nDelivery attempts will continue to be made for 5 days.\n",
    ),
)
PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    (
        "shop-administrator",
        "Admin <admin@shop.example>",
        "Mail not delivered",
        "Hello, your answer was not delivered to us. Could you send it again?\n",
    ),
    (
        "quotes-a-bounce",
        "Kim Lee <kim@mail.example>",
        "Undeliverable: my mail to you",
        "My message came back: your message could not be delivered to bo@earshot.example.\n",
    ),
    (
        "postmaster-asks",
        "Ann <postmaster@shop.example>",
        "Your SPF record",
        "Our customers ask about your SPF record. Could you check it?\n",
    ),
)


def all_bounces() -> list[Letter]:
    return [*lost(), *late(), *people(), *wrapped()]


def _arrived(sender: str, subject: str, text: str, return_path: str = "<>") -> bytes:
    return written(
        text,
        From=sender,
        Subject=subject,
        **{"Return-Path": return_path, "In-Reply-To": None, "References": None},
    )


def lost() -> Iterator[Letter]:
    for name, sender, subject, text, recipients in LOST:
        expected = {"bounce": True, "auto_submitted": True, "bounced": [{"email": to} for to in recipients]}
        # Mailing lists and forwarders replace the null return path.
        for suffix, return_path in (("", "<>"), ("-forwarded", "<list-bounces@list.example>")):
            yield Letter(f"lost-{name}{suffix}", _arrived(sender, subject, text, return_path), expected)


def late() -> Iterator[Letter]:
    for name, sender, subject, text in LATE:
        yield Letter(
            f"late-{name}",
            _arrived(sender, subject, text),
            {"bounce": False, "auto_submitted": True, "bounced": [{"email": KIM, "action": "delayed"}]},
        )


def people() -> Iterator[Letter]:
    for name, sender, subject, text in PEOPLE:
        yield Letter(
            f"no-bounce-{name}",
            _arrived(sender, subject, text, "<someone@mail.example>"),
            {"bounce": False, "auto_submitted": False, "reply_text": text.strip()},
        )


def wrapped() -> Iterator[Letter]:
    report = part(
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; kim@mail.example\nAction: failed\nStatus: 5.1.1\n",
        "message/delivery-status",
        charset=None,
    )
    boundary = b"--in\r\n"
    inner = (
        b"From: postmaster@relay.example\r\nSubject: Failure\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="in"\r\n\r\n'
        + boundary + part("Sorry") + b"\r\n" + boundary + report + b"\r\n--in--\r\n"
    )  # fmt: skip
    outer = (
        b'Content-Type: multipart/mixed; report-type=delivery-status; boundary="out"\r\n\r\n--out\r\n'
        + part(inner, "message/rfc822", charset=None)
        + b"\r\n--out--\r\n"
    )
    yield Letter(
        "lost-report-wrapped-up",
        mail(outer, From="postmaster@relay.example", Subject="Delivery Status Notification (Failure)"),
        {"bounce": True, "bounced": [{"email": KIM, "status": "5.1.1", "action": "failed"}]},
    )
    rejected = (
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="out"\r\n\r\n--out\r\n'
        + part("Your message to <kim@mail.example> was automatically rejected:\nQuota exceeded\n")
        + b"\r\n--out\r\n"
        + part(
            "Final-Recipient: rfc822; kim@mail.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n",
            "message/disposition-notification",
            charset=None,
        )
        + b"\r\n--out--\r\n"
    )
    yield Letter(
        "lost-rejected-by-sieve",
        mail(
            rejected,
            From="Mail Delivery Subsystem <admin@relay.example>",
            Subject="Automatically rejected mail",
        ),
        {"bounce": True, "bounced": [{"email": KIM}]},
    )
