"""Mail passed on: what somebody forwards is their message, so nothing of it may be lost."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several, written

COMMENT = "Please look at this, it is the third complaint."
TOLD = "I was charged twice for the same month."
TOLD_ZH = "同一个月扣了我两次会员费。"
BARE = {"In-Reply-To": None, "References": None}


def inline() -> Iterator[Letter]:
    texts = {
        "gmail": (
            "Fwd: Charged twice",
            f"{COMMENT}\n\n---------- Forwarded message ---------\nFrom: Lin <lin@mail.example>\nDate: Fri, Nov 20, 2026 at 9:00 AM\nSubject: Charged twice\nTo: Kim <kim@mail.example>\n\n\n{TOLD}\n",
        ),
        "gmail-no-comment": (
            "Fwd: Charged twice",
            f"---------- Forwarded message ---------\nFrom: Lin <lin@mail.example>\nDate: Fri, Nov 20, 2026 at 9:00 AM\nSubject: Charged twice\nTo: Kim <kim@mail.example>\n\n\n{TOLD}\n",
        ),
        "outlook": (
            "FW: Charged twice",
            f"{COMMENT}\n\nFrom: Lin <lin@mail.example>\nSent: Friday, November 20, 2026 9:00 AM\nTo: Kim <kim@mail.example>\nSubject: Charged twice\n\n{TOLD}\n",
        ),
        "outlook-old": (
            "FW: Charged twice",
            f"{COMMENT}\n\n-----Original Message-----\nFrom: Lin\nSent: Friday\nTo: Kim\nSubject: Charged twice\n\n{TOLD}\n",
        ),
        "apple": (
            "Fwd: Charged twice",
            f"{COMMENT}\n\nBegin forwarded message:\n\nFrom: Lin <lin@mail.example>\nSubject: Charged twice\nDate: 20 November 2026 at 09:00:00 GMT+8\nTo: kim@mail.example\n\n{TOLD}\n",
        ),
        "apple-quoted": (
            "Fwd: Charged twice",
            f"{COMMENT}\n\nBegin forwarded message:\n\n> From: Lin <lin@mail.example>\n> Subject: Charged twice\n> Date: 20 November 2026\n> To: kim@mail.example\n> \n> {TOLD}\n",
        ),
        "thunderbird": (
            "Fwd: Charged twice",
            f"{COMMENT}\n\n-------- Forwarded Message --------\nSubject: \tCharged twice\nDate: \tFri, 20 Nov 2026 09:00:00 +0800\nFrom: \tLin <lin@mail.example>\nTo: \tkim@mail.example\n\n{TOLD}\n",
        ),
        "qq": (
            "转发：重复扣费",
            f'麻烦看下\n\n------------------ 原始邮件 ------------------\n发件人: "林"<lin@qq.example>;\n发送时间: 2026年11月20日(星期五) 上午9:00\n收件人: "金"<kim@qq.example>;\n主题: 重复扣费\n\n{TOLD_ZH}\n',
        ),
        "163": (
            "转发：重复扣费",
            f'麻烦看下\n\n\n\n-------- 转发邮件信息 --------\n发件人："林" <lin@163.example>\n发送日期：2026-11-20 09:00:00\n收件人：kim@163.example\n主题：重复扣费\n\n{TOLD_ZH}\n',
        ),
        "netease-master": (
            "转发：重复扣费",
            f"麻烦看下\n\n---- 转发的原邮件 ----\n| 发件人 | 林<lin@163.example> |\n| 发送日期 | 2026年11月20日 09:00 |\n| 收件人 | 金 |\n| 主题 | 重复扣费 |\n{TOLD_ZH}\n",
        ),
        "foxmail": (
            "转发: 重复扣费",
            f"麻烦看下\n\n\n\n发件人： 林\n发送时间： 2026-11-20 09:00\n收件人： 金\n主题： 重复扣费\n{TOLD_ZH}\n",
        ),
        "outlook-zh": (
            "转发: 重复扣费",
            f"麻烦看下\n\n发件人: 林 <lin@mail.example>\n发送时间: 2026年11月20日 9:00\n收件人: 金\n主题: 重复扣费\n\n{TOLD_ZH}\n",
        ),
        "german": (
            "WG: Doppelt",
            f"Bitte ansehen\n\nVon: Lin <lin@mail.example>\nGesendet: Freitag, 20. November 2026 09:00\nAn: Kim\nBetreff: Doppelt\n\n{TOLD}\n",
        ),
        "short-english-tag": (
            "FW：重复扣费",
            f"发件人: 林 <lin@mail.example>\n发送时间: 2026年11月20日 9:00\n收件人: 金\n主题: 重复扣费\n\n{TOLD_ZH}\n",
        ),
    }
    for name, (subject, text) in texts.items():
        told = TOLD_ZH if TOLD_ZH in text else TOLD
        yield Letter(
            f"forward-{name}",
            written(text, Subject=subject, **BARE),
            {"reply_text": text.strip(), "subject": subject},
        )
        assert told in text
    # Outlook keeps the thread's headers also when it forwards.
    subject, text = texts["outlook"]
    yield Letter("forward-with-references", written(text, Subject=subject), {"reply_text": text.strip()})


def attached() -> Iterator[Letter]:
    inner = f"From: Lin <lin@mail.example>\r\nTo: kim@mail.example\r\nSubject: Charged twice\r\nMessage-ID: <inner@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{TOLD}\r\n"
    yield Letter(
        "forward-attached",
        mail(
            several(
                "mixed",
                part(COMMENT),
                part(
                    inner,
                    "message/rfc822",
                    charset=None,
                    Content_Disposition='attachment; filename="Charged twice.eml"',
                ),
            ),
            Subject="Fwd: Charged twice",
            **BARE,
        ),
        {
            "reply_text": COMMENT,
            "from_email": "kim@mail.example",
            "subject": "Fwd: Charged twice",
            "message_id": "<c0ffee@mail.example>",
            "attachments": [
                {"filename": "Charged twice.eml", "content_type": "message/rfc822", "inline": False}
            ],
        },
    )
    yield Letter(
        "forward-attached-empty-comment",
        mail(
            several("mixed", part(""), part(inner, "message/rfc822", charset=None)),
            Subject="Fwd: Charged twice",
            **BARE,
        ),
        {
            "from_email": "kim@mail.example",
            "attachments": [{"content_type": "message/rfc822", "filename": "Charged twice.eml"}],
        },
    )
    yield Letter(
        "forward-attached-inline",
        mail(
            several(
                "mixed",
                part(COMMENT),
                part(inner, "message/rfc822", charset=None, Content_Disposition="inline"),
            ),
            Subject="Fwd: Charged twice",
            **BARE,
        ),
        {"reply_text": COMMENT},
    )
    yield Letter(
        "forward-digest",
        mail(several("digest", b"\r\n" + inner.encode(), b"\r\n" + inner.encode()), Subject="Digest", **BARE),
        {"attachments": [{"content_type": "message/rfc822"}, {"content_type": "message/rfc822"}]},
    )


def all_forwards() -> list[Letter]:
    return [*inline(), *attached()]
