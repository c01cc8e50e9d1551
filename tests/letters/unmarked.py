"""The original below an answer without marks: its table on one line, and answers written into it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.letters.writing import NEW, OLD, OURS, Letter, mail, part, written

TABLES = {
    "en": f"From: Bo <{OURS}> Sent: Friday, November 20, 2026 10:00 AM To: Kim Lee <kim@mail.example>; Lin Cc: Cyd Subject: RE: Sound Importance: High",
    "en-glued": f"From: Bo <{OURS}>Sent: Friday, November 20, 2026 10:00 AMTo: Kim Lee <kim@mail.example>Subject: Sound",
    "zh": f"发件人：小助手<{OURS}>发送时间：2026年11月20日(星期五) 10:00收件人：金<kim@mail.example>主题：没有声音",
    "qq": f'------------------ 原始邮件 ------------------ 发件人: "小助手" <{OURS}>; 发送时间: 2026年11月20日 收件人: "Kim"<1@qq.example>; 主题: 没有声音',
    "tw": f"寄件者: 小助手 <{OURS}> 寄件日期: 2026年11月20日 上午 10:00 收件者: 金 主旨: 沒有聲音",
    "ja": f"差出人: Bo <{OURS}> 送信日時: 2026年11月20日 10:00 宛先: Kim 件名: 音",
    "ko": f"보낸 사람: Bo <{OURS}> 보낸 날짜: 2026년 11월 20일 금요일 오전 10:00 받는 사람: Kim 제목: 소리",
    "de": f"Von: Bo <{OURS}> Gesendet: Freitag, 20. November 2026 10:00 An: Kim Betreff: Ton",
    "fr": f"De : Bo <{OURS}> Envoyé : vendredi 20 novembre 2026 10:00 À : Kim Objet : Son",
    "ru": f"От: Bo <{OURS}> Отправлено: пятница, 20 ноября 2026 г. 10:00 Кому: Ким Тема: Звук",
    "ar": f"من: Bo <{OURS}> تم الإرسال: الجمعة، 20 نوفمبر 2026 10:00 ص إلى: Kim الموضوع: الصوت",
}  # fmt: skip
HEAD = f"From: Bo <{OURS}>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Kim Lee\nSubject: Sound"


def tables() -> Iterator[Letter]:
    for name, table in TABLES.items():
        yield Letter(f"unmarked-table-{name}", written(f"{NEW}\n\n{table}\n\n{OLD}\n"), {"reply_text": NEW})
    said = "It says: From: bank Sent: today To: me Subject: win\nIs that you?"
    yield Letter(
        "unmarked-no-table", written(said, **{"In-Reply-To": None, "References": None}), {"reply_text": said}
    )
    for name, line in {
        "wrapped-before-yu": f"小助手客户服务与体验保障中心 <{OURS}>\n于2026年11月20日周五 10:00写道：",
        "mutt": f"* Bo <{OURS}> [2026-11-20 10:00 +0800]:",
    }.items():
        yield Letter(f"unmarked-line-{name}", written(f"{NEW}\n\n{line}\n\n> {OLD}\n"), {"reply_text": NEW})


def answers() -> Iterator[Letter]:
    """Of a quote that the sender says to have written into, what says whose it is; else all of it."""
    bodies = {
        "named": ("Answers inline.", "[Kim] Pixel 8.", "[Kim] Since Monday."),
        "named-colon": ("See below.", "Kim Lee: Pixel 8.", "Kim: Since Monday."),
        "zh": ("答复如下：", "【答】小米14", "【答】上周一开始"),
        "arrows": ("Comments below.", ">> Pixel 8.", ">> Since Monday."),
    }
    for name, (hint, first, second) in bodies.items():
        body = f"{hint}\n\n{HEAD}\n\nWhich phone do you use?\n{first}\n\nSince when?\n{second}\n\nBo"
        yield Letter(
            f"unmarked-answer-{name}", written(body), {"reply_text": f"{hint}\n\n{first}\n\n{second}"}
        )
    rows = "<br>".join(f"<b>{row.replace('<', '&lt;')}</b>" for row in HEAD.split("\n"))
    for name, open_tag in {"style": '<span style="color:#FF0000">', "font": '<font color="red">'}.items():
        close = f"</{open_tag[1:].split()[0]}>"
        page = (
            f'<p>Please see my answers in red.</p><div style="border-top:solid #E1E1E1 1.0pt">{rows}</div><p>Which phone?</p>'
            f"<p>{open_tag}Pixel 8.{close}</p><p>Since when?</p><p>{open_tag}Since Monday.{close}</p>"
        )
        yield Letter(
            f"unmarked-answer-{name}",
            mail(part(page, "text/html")),
            {"reply_text": "Please see my answers in red.\n\nPixel 8.\n\nSince Monday."},
        )
    unknown = f"See below.\n\n{HEAD}\n\nWhich phone?\nPixel 8."
    yield Letter("unmarked-answer-unknown", written(unknown), {"reply_text": unknown})


def all_unmarked() -> list[Letter]:
    return [letter for make in (tables, answers) for letter in make()]
