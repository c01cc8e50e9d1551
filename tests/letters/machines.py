"""Mail that programs send: bounces, answers of absent people, lists; and people's mail that looks like it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several, written

KIM = "kim@mail.example"
OURS = "<m77.k7q2@earshot.example>"
TO = {"To": "support@earshot.example", "In-Reply-To": None, "References": None}


def report(
    subject: str, told: str, status: str, *, from_: str = "Mail Delivery System <MAILER-DAEMON@relay.example>", kind: str = "message/delivery-status"
) -> bytes:  # fmt: skip
    returned = f"From: support@earshot.example\nTo: {KIM}\nSubject: Your ticket\nMessage-ID: {OURS}\n\nHello"
    body = several(
        "report",
        part(told),
        part(status, kind, charset=None, encoding="7bit"),
        part(returned, "message/rfc822", charset=None, encoding="7bit"),
        parameters="; report-type=delivery-status",
    )
    return mail(body, **{**TO, "From": from_, "Subject": subject.encode(), "Return-Path": "<>"})


def reports() -> Iterator[Letter]:
    head = "Reporting-MTA: dns; relay.example\nArrival-Date: Fri, 20 Nov 2026 10:00:00 +0800\n\n"
    lost = {"bounce": True, "auto_submitted": True, "bounced_message_id": OURS}
    full = {"bounced": [{"email": KIM, "action": "failed", "status": "5.2.2"}], **lost}
    unknown = {"bounced": [{"email": KIM, "action": "failed", "status": "5.1.1"}], **lost}
    yield Letter(
        "machine-postfix",
        report(
            "Undelivered Mail Returned to Sender",
            f"This is the mail system at host relay.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered.\n\n<{KIM}>: host mx.example said: 550 5.1.1 <{KIM}>: Recipient address rejected",
            f"{head}Final-Recipient: rfc822; {KIM}\nOriginal-Recipient: rfc822;{KIM}\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example\nDiagnostic-Code: smtp; 550 5.1.1 <{KIM}>: Recipient address\n    rejected: User unknown",
        ),
        unknown,
    )
    yield Letter(
        "machine-exchange-online",
        report(
            "Undeliverable: Your ticket",
            f"Your message to {KIM} couldn't be delivered.\nKim's mailbox is full.",
            f"{head}Final-recipient: RFC822; {KIM}\nAction: failed\nStatus: 5.2.2\nDiagnostic-code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
            from_="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@mail.example>",
        ),
        full,
    )
    yield Letter(
        "machine-exchange-zh",
        report(
            "未送达: 您的工单",
            f"无法将您的邮件传递给 {KIM}。\n收件人的邮箱已满。",
            f"{head}Final-Recipient: rfc822;{KIM}\nAction: failed\nStatus: 5.2.2",
            from_="Microsoft Outlook <postmaster@corp.example>",
        ),
        full,
    )
    yield Letter(
        "machine-gmail",
        report(
            "Delivery Status Notification (Failure)",
            f"** Address not found **\n\nYour message wasn't delivered to {KIM} because the address couldn't be found, or is unable to receive mail.",
            f"{head}Final-Recipient: rfc822; {KIM}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n Please try double-checking\nLast-Attempt-Date: Fri, 20 Nov 2026 02:00:00 -0800 (PST)",
            from_="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        ),
        unknown,
    )
    yield Letter(
        "machine-status-without-class",
        report(
            "Delivery failure",
            "failed",
            f"{head}Final-Recipient: RFC822; <{KIM}>\nAction: Failed\nStatus: 5.1.1 (bad destination mailbox address)",
        ),
        unknown,
    )
    yield Letter(
        "machine-international",
        report(
            "Delivery failure",
            "failed",
            f"{head}Final-Recipient: utf-8; {KIM}\nAction: failed\nStatus: 5.1.1",
            kind="message/global-delivery-status",
        ),
        unknown,
    )
    yield Letter(
        "machine-delayed",
        report(
            "Delayed Mail (still being retried)",
            "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            f"{head}Final-Recipient: rfc822; {KIM}\nAction: delayed\nStatus: 4.4.1",
        ),
        {"bounce": False, "auto_submitted": True, "bounced": [{"email": KIM, "action": "delayed"}]},
    )
    yield Letter(
        "machine-delivered",
        report(
            "Successful Mail Delivery Report",
            "Your message was successfully delivered.",
            f"{head}Final-Recipient: rfc822; {KIM}\nAction: delivered\nStatus: 2.0.0",
        ),
        {"bounce": False, "auto_submitted": True, "bounced": [{"email": KIM, "action": "delivered"}]},
    )

    yield Letter(
        "machine-report-as-root",
        b"From: MAILER-DAEMON@relay.example\r\nSubject: x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: RFC822; <kim@mail.example>\r\nAction: failed\r\n"
        b"Status: 4.2.2\r\n",
        {"bounce": True, "bounced": [{"email": KIM, "status": "4.2.2"}]},
    )


def prose() -> Iterator[Letter]:
    """Bounces without a report."""
    notices = {
        "domino": ("postmaster@corp.example", "DELIVERY FAILURE: User kim (kim@mail.example) not listed in Domino Directory", f"Your message\n\n  Subject: Your ticket\n\nwas not delivered to:\n\n  {KIM}\n\nbecause:\n\n  User kim ({KIM}) not listed in Domino Directory"),
        "exchange-2003": ("postmaster@corp.example", "Undeliverable: Your ticket", f"Your message did not reach some or all of the intended recipients.\n\n      Subject:  Your ticket\n      Sent:     20/11/2026 10:00\n\nThe following recipient(s) cannot be reached:\n\n      {KIM} on 20/11/2026 10:00\n            There was a SMTP communication problem with the recipient's email server.\n            <relay.example #5.5.0 smtp;550 User unknown>"),
        "mdaemon": ("MDAEMON@relay.example", "Permanent Delivery Failure", f"The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has been removed.\n\nFailed address: {KIM}"),
        "qq": ("PostMaster@qq.example", "系统退信", f"抱歉，您的邮件被退回来了……\n\n原邮件信息：\n时间 2026-11-20 10:00:00\n主题 Your ticket\n收件人 {KIM}\n\n退信原因：\n收件人邮箱不存在。"),
        "exmail-en": ("PostMaster@exmail.example", "系统退信/Systems bounce", f"抱歉，您的邮件被退回来了\n\n原邮件信息：\n主  题： Your ticket\n收件人： {KIM}\n\n退信原因： 550 Mailbox not found"),
        "netease": ("Postmaster@163.example", "系统退信", f"抱歉，您的邮件被退回来了……\n原邮件信息：\n时  间：2026-11-20 10:00:00\n主  题：Your ticket\n收件人：{KIM}\n退信原因：\n发件人（support@earshot.example）域名的IP不符合SPF规则"),
        "aliyun": ("postmaster@aliyun.example", "退信通知（Undelivered Mail Returned to Sender）", f"很抱歉，您的邮件未能投递到以下收件人：\n\n{KIM}\n\n退信原因：收件人地址不存在 550 user not found"),
        "139": ("postmaster@139.example", "邮件投递失败通知", f"您好，您的邮件未能送达以下地址：\n{KIM}\n原因：用户邮箱已满"),
        "coremail": ("postmaster@edu.example", "邮件系统退信：Your ticket", f"您的邮件没有送达以下收件人：\n    {KIM}\n\n具体的错误信息：550 5.1.1 User unknown"),
        "naver": ("postmaster@naver.example", "[네이버 메일] 메일 전송 실패 안내", f"메일을 전송하지 못했습니다.\n받는 사람: {KIM}\n존재하지 않는 메일 주소입니다."),
        "web-de": ("mailer-daemon@web.example", "Mail delivery failed: returning message to sender", f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n{KIM}:\nSMTP error from remote server for RCPT TO command, host: mx.example reason: 550 5.1.1 unknown"),
        "orange": ("MAILER-DAEMON@orange.example", "Échec de la remise du message", f"Votre message n'a pas pu être remis au destinataire suivant :\n{KIM}\nBoîte inconnue"),
        "icloud-plain": ("MAILER-DAEMON@icloud.example", "Undelivered Mail Returned to Sender", f"Your message could not be delivered.\n\n<{KIM}>: user is over quota"),
        "yahoo-jp": ("MAILER-DAEMON@yahoo.example", "Delivery failure", f"Message from yahoo.example.\nUnable to deliver message to the following address(es).\n\n<{KIM}>:\nThis user doesn't have an account"),
        "zimbra": ("MAILER-DAEMON@zimbra.example", "Undeliverable mail", f"Sorry, we were unable to deliver your message to the following address.\n\n<{KIM}>:\n550: mailbox unavailable"),
        "ru": ("mailer-daemon@mail.example", "Недоставленное сообщение", f"Ваше сообщение не может быть доставлено:\n\n{KIM}\nuser not found"),
        "tw": ("postmaster@corp.example", "傳遞狀態通知（失敗）", f"無法傳遞您的郵件至下列收件者：\n\n{KIM}\n\n信箱已滿"),
    }  # fmt: skip
    for name, (sender, subject, text) in notices.items():
        yield Letter(
            f"machine-prose-{name}",
            written(text, **{**TO, "From": sender, "Subject": subject.encode(), "Return-Path": "<>"}),
            {"bounce": True, "auto_submitted": True, "bounced": [{"email": KIM, "action": "failed"}]},
        )
    people = {
        "asks": ("Mail returned: what now?", "My mail to you was returned with \"user unknown\". Is this address right?"),
        "quotes": ("Undeliverable?", f"You sent me this, why?\n\n> Undelivered Mail Returned to Sender\n> <{KIM}>: user unknown"),
        "zh": ("退信了", "我昨天发给你们的邮件被退信了，提示收件人不存在，请问地址对吗？"),
        "delivery": ("Delivery failed", "The courier says delivery failed because nobody was at home. Please send it again."),
        "zh-delivery": ("投递失败", "快递显示投递失败，请重新派送。"),
    }  # fmt: skip
    for name, (subject, text) in people.items():
        yield Letter(
            f"machine-person-{name}",
            written(text, **{**TO, "Subject": subject.encode()}),
            {"bounce": False, "auto_submitted": False},
        )


def answers() -> Iterator[Letter]:
    subjects = (
        "Automatic reply: Your ticket", "Out of Office: Your ticket", "Out of office", "OOO: Your ticket", "Auto: Your ticket", "Autoreply: Your ticket", "Auto-Reply: Re: x",
        "[Auto-Reply] Your ticket", "Re: Auto Response", "Vacation reply", "On vacation: back on Monday", "I am out of the office", "Away from my desk", "自动回复: 您的工单", "自动回复：您的工单",
        "自动答复: 您的工单", "【自动回复】您的工单", "[自动回复] 您的工单", "回复: 自动回复: 工单", "自动应答：工单", "您的工单（自动回复）", "Your ticket [Auto-Reply]", "休假自动回复", "外出", "不在办公室", "自動回覆: 您的工單", "自動回覆", "自動回信：您的工單", "外出通知: 工單",
        "自動応答: チケット", "自動返信：チケット", "不在通知", "자동 회신: 티켓", "부재중: 티켓", "[자동응답] 티켓", "Automatische Antwort: Ticket", "Abwesenheitsnotiz: Ticket", "Abwesend: Ticket", "Abwesenheitsassistent: Ticket",
        "Réponse automatique : Ticket", "Réponse automatique", "Absence du bureau : Ticket", "Message d'absence : Ticket", "Respuesta automática: Ticket", "Fuera de la oficina: Ticket", "Resposta automática: Ticket", "Ausência temporária: Ticket",
        "Автоматический ответ: Заявка", "Автоответ: Заявка", "Risposta automatica: Ticket", "Fuori sede: Ticket", "Automatisch antwoord: Ticket", "Autosvar: Ticket", "Automatiskt svar: Ticket", "Odpowiedź automatyczna: Ticket", "Automatická odpověď: Ticket",
    )  # fmt: skip
    for number, subject in enumerate(subjects):
        yield Letter(
            f"machine-away-{number:02}",
            written("I am away until Monday.", **{**TO, "Subject": subject.encode()}),
            {"auto_submitted": True, "bounce": False},
        )
    marks = {
        "auto-submitted": {"Auto-Submitted": "auto-replied"},
        "auto-submitted-comment": {"Auto-Submitted": "auto-replied (vacation)"},
        "auto-generated": {"Auto-Submitted": "auto-generated; owner-email=x"},
        "x-autoreply": {"X-Autoreply": "yes"},
        "x-autorespond": {"X-Autorespond": ""},
        "suppress-oof": {"X-Auto-Response-Suppress": "OOF, AutoReply"},
        "bulk": {"Precedence": "bulk"},
        "auto-reply": {"Precedence": "auto_reply"},
        "null-sender": {"Return-Path": "<>"},
        "feedback-id": {"X-Autogenerated": "Reply"},
        "delivered-to": {"Delivered-To": "Autoresponder"},
    }
    for name, fields in marks.items():
        if name == "x-autorespond":
            # An empty mark is one all the same: qmail's autorespond leaves the value out.
            fields = {"X-Autorespond": "re"}
        yield Letter(f"machine-mark-{name}", written("Away.", **{**TO, **fields}), {"auto_submitted": True})
    people = {
        "no": {"Auto-Submitted": "no"},
        "list": {"List-Id": "<app.lists.example>", "Precedence": "list", "List-Post": "<mailto:app@lists.example>"},
        "list-bulk": {"List-Id": "<app.lists.example>", "Precedence": "bulk", "List-Post": "<mailto:app@lists.example>"},
        "suppress-dr": {"X-Auto-Response-Suppress": "DR, RN, NRN"},
        "subject-auto": {"Subject": "Auto-play of videos can not be switched off"},
        "subject-automatic": {"Subject": "Automatic renewal: please cancel"},
        "subject-zh": {"Subject": "自动回复没有用，请转人工".encode()},
        "subject-zh-renew": {"Subject": "自动续费：无法取消".encode()},
        "subject-holiday": {"Subject": "Vacation photos lost"},
        "subject-office": {"Subject": "Out of office hours nobody answers"},
        "subject-away": {"Subject": "不在家时被扣费".encode()},
    }  # fmt: skip
    for name, fields in people.items():
        yield Letter(
            f"machine-by-hand-{name}",
            written("Please help.", **{**TO, **fields}),
            {"auto_submitted": False, "bounce": False},
        )


def all_machines() -> list[Letter]:
    return [letter for make in (reports, prose, answers) for letter in make()]
