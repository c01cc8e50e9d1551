"""Mail that programs wrote: answers by themselves, bounces, receipts; and people's mail that looks alike."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several, written

AWAY = "I am out of the office until 30 November and will answer then."
AWAY_ZH = "您好，我正在休假，11 月 30 日回来后会尽快回复您。"
OUR_ID = "<5f3c@earshot.example>"
MACHINE = {"auto_submitted": True, "bounce": False}
PERSON = {"auto_submitted": False, "bounce": False}


def automatic() -> Iterator[Letter]:
    plain: dict[str, dict[str, str]] = {
        "rfc3834": {"Auto-Submitted": "auto-replied"},
        "rfc3834-with-owner": {"Auto-Submitted": 'auto-replied; owner-email="kim@mail.example"'},
        "generated": {"Auto-Submitted": "auto-generated", "Subject": "Your weekly report"},
        "notified": {"Auto-Submitted": "auto-notified", "Subject": "New sign-in"},
        "gmail-vacation": {"Precedence": "bulk", "X-Autoreply": "yes", "Auto-Submitted": "auto-replied"},
        "exchange-en": {
            "Subject": "Automatic reply: [E-10007] The app closes",
            "X-MS-Exchange-Inbox-Rules-Loop": "kim@corp.example",
            "X-Auto-Response-Suppress": "All",
            "X-MS-Has-Attach": "",
        },
        "exchange-zh": {"Subject": "自动答复: [E-10007] 应用闪退", "X-Auto-Response-Suppress": "All"},
        "exchange-generated": {
            "X-MS-Exchange-Generated-Message-Source": "Mailbox Rules Agent",
            "Subject": "Away",
        },
        "qq-zh": {"Subject": "自动回复：[E-10007] 应用闪退"},
        "qq-encoded": {"Subject": "=?gb18030?B?19S2r7vYuLQ6UmU6IEUtMTAwMDc=?="},
        "163-zh": {"Subject": "自动回复:Re: [E-10007] 应用闪退"},
        "zh-tw": {"Subject": "自動回覆: 我不在辦公室"},
        "re-then-automatic": {"Subject": "Re: 自动回复: 闪退"},
        "out-of-office-en": {"Subject": "Out of Office: The app closes"},
        "out-of-office-en-re": {"Subject": "Out of Office Re: The app closes"},
        "ooo-brackets": {"Subject": "[OOO] Re: The app closes"},
        "vacation-en": {"Subject": "Vacation reply: The app closes"},
        "vacation-zh": {"Subject": "休假自动回复"},
        "german": {"Subject": "Automatische Antwort: Die App"},
        "german-away": {"Subject": "Abwesenheitsnotiz: Die App"},
        "french": {"Subject": "Réponse automatique : l'application"},
        "japanese": {"Subject": "自動応答: アプリ"},
        "korean": {"Subject": "자동 회신: 앱"},
        "null-return-path": {"Return-Path": "<>"},
        "precedence-auto-reply": {"Precedence": "auto_reply"},
        "precedence-junk": {"Precedence": "junk"},
        "suppress-oof": {"X-Auto-Response-Suppress": "OOF, AutoReply"},
        "autorespond": {"X-Autorespond": "[E-10007]"},
        "mail-autoreply": {"X-Mail-Autoreply": "1"},
        "jira": {"X-JIRA-FingerPrint": "1a2b", "Auto-Submitted": "auto-generated", "Precedence": "bulk"},
        "cpanel": {"X-Autoreply-From": "kim@mail.example", "Subject": "Re: the app"},
        "loop-header": {"X-Loop": "autoresponder@mail.example", "Precedence": "bulk"},
    }
    for name, fields in plain.items():
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in fields.get("Subject", ""))
        yield Letter(f"automatic-{name}", written(AWAY_ZH if chinese else AWAY, **fields), MACHINE)
    people: dict[str, dict[str, str]] = {
        "auto-submitted-no": {"Auto-Submitted": "no"},
        "about-auto-reply": {"Subject": "自动回复功能打不开"},
        "about-auto-reply-en": {"Subject": "Automatic reply does not work in the chat"},
        "about-vacation": {"Subject": "Vacation video will not upload"},
        "about-office": {"Subject": "Out of office hours nobody answers"},
        "automatic-update": {"Subject": "Automatic updates break the app"},
        "auto-parts": {"Subject": "自动扣费了三次"},
        "list": {"List-Id": "<users.list.example>", "Precedence": "list"},
        "priority": {"X-Priority": "1", "Importance": "High"},
        "receipt-wished": {
            "Disposition-Notification-To": "kim@mail.example",
            "Return-Receipt-To": "kim@mail.example",
        },
        "autocrypt": {"Autocrypt": "addr=kim@mail.example; keydata=abc"},
        "unsubscribe": {"List-Unsubscribe": "<mailto:out@list.example>"},
        "suppress-none": {"X-Auto-Response-Suppress": "None"},
        "redirected-by-rule": {"X-MS-Exchange-Inbox-Rules-Loop": "kim@corp.example"},
    }
    for name, fields in people.items():
        yield Letter(f"person-{name}", written("It fails since yesterday.", **fields), PERSON)


def report(
    action: str = "failed", status: str = "5.1.1", recipient: str = "kim@mail.example", more: str = ""
) -> bytes:
    text = (
        "Reporting-MTA: dns; mx.relay.example\nArrival-Date: Fri, 20 Nov 2026 10:00:00 +0800\n\n"
        f"Original-Recipient: rfc822;{recipient}\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\n"
        f"Status: {status}\nRemote-MTA: dns; mx.mail.example\nDiagnostic-Code: smtp; 550 {status} No such user\n{more}"
    )
    return part(text, "message/delivery-status", charset=None)


ORIGINAL = f"From: support@earshot.example\nTo: kim@mail.example\nSubject: Re: The app\nMessage-ID: {OUR_ID}\n\nHello\n"


def bounce_mail(human: str, *parts: bytes, **fields: str) -> bytes:
    defaults: dict[str, str | bytes | None] = {
        "From": "Mail Delivery Subsystem <mailer-daemon@relay.example>",
        "Return-Path": "<>",
        "Subject": "Undelivered Mail Returned to Sender",
        "In-Reply-To": None,
        "References": None,
    }
    body = several("report", part(human), *parts, parameters="; report-type=delivery-status")
    return mail(body, **{**defaults, **fields})


def bounces() -> Iterator[Letter]:
    failed = {
        "bounce": True,
        "auto_submitted": True,
        "bounced": [{"email": "kim@mail.example", "action": "failed", "status": "5.1.1"}],
        "bounced_message_id": OUR_ID,
    }
    original = part(ORIGINAL, "message/rfc822", charset=None)
    headers_only = part(ORIGINAL, "text/rfc822-headers", charset=None)
    human = "This is the mail system at host mx.relay.example.\n\n<kim@mail.example>: host mx.mail.example said: 550 5.1.1 User unknown\n"
    yield Letter("bounce-postfix", bounce_mail(human, report(), original), failed)
    yield Letter("bounce-headers-only", bounce_mail(human, report(), headers_only), failed)
    yield Letter(
        "bounce-gmail",
        bounce_mail(
            "Address not found\n\nYour message wasn't delivered to kim@mail.example because the address couldn't be found.",
            report(),
            original,
            Subject="Delivery Status Notification (Failure)",
            **{
                "X-Failed-Recipients": "kim@mail.example",
                "From": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            },
        ),
        failed,
    )
    yield Letter(
        "bounce-exchange",
        bounce_mail(
            "Delivery has failed to these recipients or groups:\n\nkim@mail.example\nThe email address you entered couldn't be found.",
            report(),
            original,
            Subject="Undeliverable: [E-10007] The app closes",
            From="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example>",
        ),
        failed,
    )
    yield Letter(
        "bounce-exchange-zh",
        bounce_mail(
            "向以下收件人或组传递邮件失败:\n\nkim@mail.example\n找不到您输入的电子邮件地址。",
            report(),
            original,
            Subject="未送达: [E-10007] 应用闪退",
            From="postmaster@corp.example",
        ),
        failed,
    )
    yield Letter(
        "bounce-signed-id-in-references",
        bounce_mail(
            human, report(), Subject="Mail delivery failed", References=OUR_ID, **{"In-Reply-To": OUR_ID}
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-two-recipients",
        bounce_mail(
            human,
            report(
                more="\nFinal-Recipient: rfc822; lin@mail.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n"
            ),
            original,
        ),
        {
            "bounce": True,
            "bounced": [
                {"email": "kim@mail.example", "status": "5.1.1"},
                {"email": "lin@mail.example", "status": "5.2.2"},
            ],
        },
    )
    yield Letter(
        "bounce-delayed",
        bounce_mail(
            "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            report("delayed", "4.4.1"),
            original,
            Subject="Warning: could not send message for past 4 hours",
        ),
        {"bounce": False, "auto_submitted": True, "bounced": [{"action": "delayed", "status": "4.4.1"}]},
    )
    yield Letter(
        "bounce-delayed-postfix",
        bounce_mail(
            "####\n# THIS IS A WARNING ONLY. #\n####",
            report("delayed", "4.4.1"),
            original,
            Subject="Delayed Mail (still being retried)",
        ),
        {"bounce": False, "auto_submitted": True},
    )
    yield Letter(
        "bounce-relayed",
        bounce_mail(
            "Your message was successfully relayed.",
            report("relayed", "2.0.0"),
            original,
            Subject="Successful Mail Delivery Report",
        ),
        {"bounce": False, "auto_submitted": True},
    )
    yield Letter(
        "bounce-unquoted-report-type",
        mail(
            several("report", part(human), report(), parameters=";\r\n\treport-type=delivery-status"),
            From="MAILER-DAEMON@relay.example",
            Subject="failure notice",
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-mixed-instead-of-report",
        mail(
            several("mixed", part(human), report(), original),
            From="MAILER-DAEMON <>",
            Subject="Returned mail: see transcript",
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-utf8-report",
        mail(
            several(
                "report",
                part(human),
                part(
                    "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: utf-8; 金@例子.example\nAction: failed\nStatus: 5.1.1\n",
                    "message/global-delivery-status",
                    charset=None,
                ),
                parameters="; report-type=delivery-status",
            ),
            From="postmaster@relay.example",
        ),
        {"bounce": True, "bounced": [{"status": "5.1.1", "action": "failed"}]},
    )
    yield Letter(
        "bounce-base64-report",
        mail(
            several(
                "report",
                part("Hello"),
                part(
                    "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; kim@mail.example\nAction: failed\nStatus: 5.1.1\n",
                    "message/delivery-status",
                    charset=None,
                    encoding="base64",
                ),
                parameters="; report-type=delivery-status",
            ),
            From="postmaster@relay.example",
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    loose = {
        "From": "mailer-daemon@relay.example",
        "Return-Path": "<>",
        "In-Reply-To": None,
        "References": None,
    }
    yield Letter(
        "bounce-qmail",
        written(
            "Hi. This is the qmail-send program at relay.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
            f"<kim@mail.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <support@earshot.example>\nMessage-ID: {OUR_ID}\n",
            **{**loose, "Subject": "failure notice"},
        ),
        failed,
    )
    yield Letter(
        "bounce-exim",
        written(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered:\n\n  kim@mail.example\n    host mx "
            f"[192.0.2.1]: 550 5.1.1 unknown\n\n------ This is a copy of the message ------\n\nMessage-ID: {OUR_ID}\n",
            **{
                **loose,
                "Subject": "Mail delivery failed: returning message to sender",
                "X-Failed-Recipients": "kim@mail.example",
            },
        ),
        failed,
    )
    yield Letter(
        "bounce-qq",
        mail(
            part(
                "<p>很抱歉，您发送的邮件被退回，以下是该邮件的相关信息：</p><table><tr><td>被退回邮件</td><td>主 题：Re: 闪退<br>时 间：2026-11-20 10:00:00</td></tr><tr><td>无法发送到</td>"
                "<td>kim@mail.example</td></tr><tr><td>退信原因</td><td>收件人邮件地址（kim@mail.example）不存在，邮件无法送达。<br>host mail.example said: 550 Mailbox not found</td></tr></table>",
                "text/html",
                codec="gb18030",
                charset="gb18030",
                encoding="base64",
            ),
            **{**loose, "From": "PostMaster@qq.com", "Subject": "系统退信/Systems bounce"},
        ),
        {"bounce": True, "auto_submitted": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-163",
        written(
            "抱歉，您的邮件被退回来了……\n\n原邮件信息：\n时 间：2026-11-20 10:00\n主 题：Re: 闪退\n收件人：kim@mail.example\n\n退信原因：\n用户不存在 (user not found)\n英文说明:SMTP error, RCPT TO: 550 User not found: kim@mail.example\n",
            **{**loose, "From": "Postmaster@163.com", "Subject": "系统退信"},
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-aliyun",
        written(
            "您发送的邮件无法投递到以下收件人：kim@mail.example\n退信原因：收件人不存在",
            **{**loose, "From": "postmaster@aliyun.example", "Subject": "邮件投递失败通知"},
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-yahoo",
        written(
            "Sorry, we were unable to deliver your message to the following address.\n\n<kim@mail.example>:\n554: delivery error: dd This user doesn't have a account\n",
            **{**loose, "From": "MAILER-DAEMON@yahoo.example", "Subject": "Failure Notice"},
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example"}]},
    )
    yield Letter(
        "bounce-sendmail-transcript",
        written(
            "The original message was received at Fri, 20 Nov 2026\n\n   ----- The following addresses had permanent fatal errors -----\n<kim@mail.example>\n    (reason: 550 5.1.1 User unknown)\n",
            **{**loose, "Subject": "Returned mail: see transcript for details"},
        ),
        {"bounce": True, "bounced": [{"email": "kim@mail.example", "status": "5.1.1"}]},
    )
    yield Letter(
        "bounce-ses",
        bounce_mail(
            "An error occurred while trying to deliver the mail to the following recipients:\nkim@mail.example",
            report(),
            original,
            From="MAILER-DAEMON@amazonses.example",
            Subject="Delivery Status Notification (Failure)",
        ),
        failed,
    )
    yield Letter(
        "bounce-delayed-zh",
        written(
            "您的邮件暂时无法送达 kim@mail.example，系统将继续尝试投递。",
            **{**loose, "From": "postmaster@qq.example", "Subject": "邮件投递延迟通知"},
        ),
        {"bounce": False, "auto_submitted": True},
    )
    yield Letter(
        "challenge-response",
        written(
            "Please confirm that you are a person.",
            Subject="Please confirm your message",
            **{"Auto-Submitted": "auto-replied"},
        ),
        MACHINE,
    )
    for name, subject in (
        ("undeliverable-en", "Undeliverable: why do my mails come back?"),
        ("returned-zh", "退信问题：我给主播发的邮件都被退回"),
        ("failure", "Delivery failed again, where is my parcel?"),
    ):
        yield Letter(f"person-{name}", written("Please help.", Subject=subject), PERSON)
    yield Letter(
        "person-forwards-bounce",
        mail(
            several(
                "mixed",
                part("My mail to you came back, see attached."),
                part(ORIGINAL, "message/rfc822", charset=None),
            ),
            Subject="Fwd: Undelivered Mail Returned to Sender",
        ),
        {**PERSON, "reply_text": "My mail to you came back, see attached."},
    )
    yield Letter(
        "person-forwards-report",
        mail(
            several(
                "mixed",
                part("My mail to you came back, why?"),
                part(
                    b"From: mailer-daemon@relay.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
                    + several(
                        "report",
                        part("Sorry"),
                        report(),
                        boundary="inner",
                        parameters="; report-type=delivery-status",
                    ),
                    "message/rfc822",
                    charset=None,
                ),
            ),
            Subject="Fwd: Undelivered Mail",
        ),
        {**PERSON, "reply_text": "My mail to you came back, why?"},
    )
    yield Letter(
        "receipt-outlook",
        mail(
            several(
                "report",
                part("Your message\n\n   To: Kim\n   Subject: The app\n\nwas read on Friday."),
                part(
                    "Reporting-UA: mail.example; Outlook\nFinal-Recipient: rfc822; kim@mail.example\nDisposition: automatic-action/MDN-sent-automatically; displayed\n",
                    "message/disposition-notification",
                    charset=None,
                ),
                parameters="; report-type=disposition-notification",
            ),
            Subject="Read: [E-10007] The app closes",
        ),
        MACHINE,
    )
    yield Letter(
        "receipt-qq",
        written(
            "这是邮件收条，您发给 kim 的邮件已被阅读。",
            Subject="已读: 闪退",
            **{"X-QQ-Recall": "1", "Auto-Submitted": "auto-generated"},
        ),
        MACHINE,
    )


def all_notices() -> list[Letter]:
    return [*automatic(), *bounces()]
