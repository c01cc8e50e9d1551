"""Names, addresses, subjects, dates, ids and file names, as broken as programs and people make them."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several, written

NEW = {"In-Reply-To": None, "References": None, "Subject": "Hello"}


def b(text: str, charset: str = "utf-8", codec: str = "") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec or charset)).decode()}?="


def senders() -> Iterator[Letter]:
    values: dict[str, tuple[str | bytes, str, str]] = {
        "group": ("Team: kim@mail.example, bo@mail.example;", "kim@mail.example", ""),
        "no-brackets": ('"Kim Lee" kim@mail.example', "kim@mail.example", "Kim Lee"),
        "mailto": ("Kim <mailto:kim@mail.example>", "kim@mail.example", "Kim"),
        "square": ("Kim [kim@mail.example]", "kim@mail.example", "Kim"),
        "nested-comment": ("kim@mail.example (Kim (of sales) Lee)", "kim@mail.example", "Kim (of sales) Lee"),
        "quoted-local": ('"kim lee"@mail.example', '"kim lee"@mail.example', ""),
        "literal": ("Kim <kim@[192.0.2.1]>", "kim@[192.0.2.1]", "Kim"),
        "literal-ipv6": ("Kim <kim@[IPv6:2001:db8::1]>", "kim@[ipv6:2001:db8::1]", "Kim"),
        "route": ("Kim <@old.example, @relay.example: kim@mail.example>", "kim@mail.example", "Kim"),
        "comment-inside": ("Kim < (note) kim@mail.example (tail) >", "kim@mail.example", "Kim"),
        "greater-than": (">kim@mail.example", "kim@mail.example", ""),
        "trailing-dot": ("Kim <kim@mail.example.>", "kim@mail.example", "Kim"),
        "upper-domain": ("Kim <Kim@MAIL.Example>", "Kim@mail.example", "Kim"),
        "spaces": ("Kim < kim@mail.example >", "kim@mail.example", "Kim"),
        "spaces-at": ("Kim <kim @ mail.example>", "kim@mail.example", "Kim"),
        "semicolon": ("kim@mail.example;", "kim@mail.example", ""),
        "idn": ("金小美 <kim@例子.公司>".encode(), "kim@例子.公司", "金小美"),
        "idn-local": ("金小美 <小美@例子.公司>".encode(), "小美@例子.公司", "金小美"),
        "punycode": ("Kim <kim@xn--fsqu00a.example>", "kim@xn--fsqu00a.example", "Kim"),
        "address-encoded": ("=?utf-8?Q?Kim?= <=?utf-8?Q?kim=40mail=2Eexample?=>", "kim@mail.example", "Kim"),
        "name-is-address": ('"kim@mail.example" <kim@mail.example>', "kim@mail.example", "kim@mail.example"),
        "gbk-raw": ("金小美 <kim@mail.example>".encode("gbk"), "kim@mail.example", "金小美"),
        "big5-raw": ("陳小姐 <kim@mail.example>".encode("big5"), "kim@mail.example", "陳小姐"),
        "sjis-raw": ("田中さくら <kim@mail.example>".encode("cp932"), "kim@mail.example", "田中さくら"),
        "gb18030-word": (f"{b('喆镕', 'gb18030')} <kim@mail.example>", "kim@mail.example", "喆镕"),
        "gbk-as-gb2312": (f"{b('喆镕基', 'gb2312', 'gbk')} <kim@mail.example>", "kim@mail.example", "喆镕基"),
        "two-words": (f"{b('金小')}\r\n {b('美')} <kim@mail.example>", "kim@mail.example", "金小美"),
        "word-and-name": (f"{b('小美')} Kim <kim@mail.example>", "kim@mail.example", "小美 Kim"),
        "comma-encoded": ("=?utf-8?Q?Lee=2C_Kim?= <kim@mail.example>", "kim@mail.example", "Lee, Kim"),
        "comma-bare": ("Lee, Kim <kim@mail.example>", "kim@mail.example", "Kim"),
        "quote-single-inside": ("\"'Kim Lee' via Shop\" <kim@mail.example>", "kim@mail.example", "'Kim Lee' via Shop"),
        "quote-single": ("'Kim Lee' <kim@mail.example>", "kim@mail.example", "Kim Lee"),
        "quote-double-single": ("\"'Kim Lee'\" <kim@mail.example>", "kim@mail.example", "Kim Lee"),
        "at-in-name": ("Kim @ Northwind <kim@mail.example>", "kim@mail.example", "Kim @ Northwind"),
        "folded": ("Kim\r\n\tLee\r\n <kim@mail.example>", "kim@mail.example", "Kim Lee"),
        "plus": ("Kim <kim+shop=9@mail.example>", "kim+shop=9@mail.example", "Kim"),
        "apostrophe": ("O'Kim <o'kim@mail.example>", "o'kim@mail.example", "O'Kim"),
        "empty": ("", "", ""),
        "angles-only": ("<>", "", ""),
        "via-list": ('"Kim via App" <app@lists.example>', "app@lists.example", "Kim via App"),
    }  # fmt: skip
    for name, (value, email, shown) in values.items():
        changes: dict[str, str | bytes | None] = {**NEW, "From": value}
        yield Letter(
            f"head-from-{name}", written("Hello", **changes), {"from_email": email, "from_name": shown}
        )
    yield Letter(
        "head-to-kinds",
        written(
            "Hello",
            **{
                **NEW,
                "To": 'Team: a@mail.example, "B, C" <b@mail.example>;, d@mail.example; e@mail.example',
                "Cc": "undisclosed-recipients:;",
                "Reply-To": f"{b('客服')} <r1@mail.example>, r2@mail.example",
            },
        ),
        {
            "to": ["a@mail.example", "b@mail.example", "d@mail.example", "e@mail.example"],
            "cc": [],
            "reply_to": ["r1@mail.example", "r2@mail.example"],
        },
    )  # fmt: skip
    yield Letter(
        "head-reply-to-empty",
        written("Hello", **{**NEW, "Reply-To": '"KLAUS- HÄNSCHEL" <>'.encode()}),
        {"reply_to": []},
    )
    yield Letter(
        "head-to-begins-with-comma",
        written("Hello", **{**NEW, "To": ", a@mail.example, b@mail.example"}),
        {"to": ["a@mail.example", "b@mail.example"]},
    )
    yield Letter(
        "head-two-from-one-header",
        written("Hello", **{**NEW, "From": "kim@mail.example, bo@mail.example", "Sender": "bo@mail.example"}),
        {"from_email": "kim@mail.example", "flags": ["multiple_from"]},
    )


def subjects() -> Iterator[Letter]:
    values: dict[str, tuple[str | bytes, str]] = {
        "mixed-raw": ("[工单] ".encode() + b("退款").encode(), "[工单] 退款"),
        "gbk-raw-long": ("回复：关于账号被盗的问题，请尽快处理".encode("gbk"), "回复：关于账号被盗的问题，请尽快处理"),
        "gb-in-utf8-label": (b("账号被盗，请处理", "utf-8", "gb18030"), "账号被盗，请处理"),
        "utf8-in-latin1-label": (b("账号被盗", "iso-8859-1", "utf-8"), "账号被盗"),
        "double-encoded": (b("=?utf-8?B?6LSm5Y+36KKr55uX?="), "账号被盗"),
        "glued-words": (f"{b('账号')}{b('被盗')}", "账号被盗"),
        "words-and-tab": (f"{b('账号')}\t{b('被盗')}", "账号被盗"),
        "q-split-in-character": ("=?utf-8?Q?=E8=B4=A6=E5=8F?= =?utf-8?Q?=B7?=", "账号"),
        "b-without-padding": ("=?utf-8?B?6LSm5Y+36KKr55uX5LqG?=", "账号被盗了"),
        "b-with-space": ("=?utf-8?B?6LSm5Y+3 6KKr55uX?=", "账号被盗"),
        "b-and-q": (f"{b('账号')} =?utf-8?Q?=E8=A2=AB?=", "账号被"),
        "charset-quoted": ("=?'utf-8'?B?6LSm5Y+3?=", "账号"),
        "unknown-8bit": ("=?unknown-8bit?B?6LSm5Y+3?=", "账号"),
        "x-gbk": (b("退款", "x-gbk", "gbk"), "退款"),
        "long-lines": ("a" * 600, "a" * 600),
        "emoji": (b("😭😭求助"), "😭😭求助"),
        "entity": ("Fish &amp; chips", "Fish &amp; chips"),
        "looks-like-word": ("Why =?= broken", "Why =?= broken"),
        "only-space": ("   ", ""),
        "euc-kr": (b("환불 요청", "euc-kr"), "환불 요청"),
        "ks": (b("환불 요청", "ks_c_5601-1987", "cp949"), "환불 요청"),
        "big5": (b("帳號被盜", "big5"), "帳號被盜"),
        "koi8": (b("Возврат денег", "koi8-r"), "Возврат денег"),
        "jis-split": (f"{b('アプリが', 'iso-2022-jp')}\r\n {b('落ちます', 'iso-2022-jp')}", "アプリが落ちます"),
        "utf16": (b("退款", "utf-16", "utf-16"), "退款"),
    }  # fmt: skip
    for name, (value, expected) in values.items():
        yield Letter(
            f"head-subject-{name}", written("Hello", **{**NEW, "Subject": value}), {"subject": expected}
        )


def dates() -> Iterator[Letter]:
    right = "2026-11-20T02:15:00+00:00"
    zone = {"Received": "from a by b; Fri, 20 Nov 2026 10:15:07 +0800"}
    received = "2026-11-20T02:15:07+00:00"
    values: dict[str, tuple[str | bytes, str]] = {
        "comment": ("Fri, 20 Nov 2026 10:15:00 +0800 (CST)", right),
        "comment-gmt": ("Fri, 20 Nov 2026 10:15:00 +0800 (GMT+08:00)", right),
        "gmt-plus": ("Fri, 20 Nov 2026 10:15:00 GMT+0800", right),
        "gmt-plus-name": ("Fri Nov 20 2026 10:15:00 GMT+0800 (中国标准时间)".encode(), right),
        "two-digit-year": ("20 Nov 26 10:15 +0800", right),
        "three-digit-year": ("Fri, 20 Nov 126 10:15:00 +0800", right),
        "no-space": ("Fri,20 Nov 2026 10:15:00 +0800", right),
        "no-weekday": ("20 Nov 2026 10:15:00 +0800", right),
        "wrong-weekday": ("Mon, 20 Nov 2026 10:15:00 +0800", right),
        "iso": ("2026-11-20T10:15:00+08:00", right),
        "iso-z": ("2026-11-20T02:15:00Z", right),
        "iso-millis": ("2026-11-20T02:15:00.123Z", right),
        "iso-space": ("2026-11-20 10:15:00 +0800", right),
        "ctime": ("Fri Nov 20 10:15:00 2026 +0800", right),
        "ctime-zone-inside": ("Fri Nov 20 02:15:00 UTC 2026", right),
        "dashes": ("Fri, 20-Nov-2026 02:15:00 UTC", right),
        "zone-colon": ("Fri, 20 Nov 2026 10:15:00 +08:00", right),
        "zone-short": ("Fri, 20 Nov 2026 10:15:00 +08", right),
        "zone-name": ("Thu, 19 Nov 2026 21:15:00 EST", right),
        "zone-letters": ("Fri, 20 Nov 2026 02:15:00 Z", right),
        "zone-minus-zero": ("Fri, 20 Nov 2026 02:15:00 -0000", right),
        "no-seconds": ("Fri, 20 Nov 2026 10:15 +0800", right),
        "dots": ("Fri, 20 Nov 2026 10.15.00 +0800", right),
        "american": ("November 20, 2026 10:15:00 AM +0800", right),
        "full-month": ("Friday, 20 November 2026 10:15:00 +0800", right),
        "chinese": ("周五, 20 11月 2026 10:15:00 +0800".encode(), right),
        "chinese-month": ("星期五, 20 十一月 2026 10:15:00 +0800".encode(), right),
        "chinese-all": ("2026年11月20日 10:15:00 +0800".encode(), right),
        "chinese-weekday": ("2026年11月20日(星期五) 10:15:00 +0800".encode(), right),
        "chinese-gbk": ("星期五, 20 十一月 2026 10:15:00 +0800".encode("gbk"), right),
        "russian": ("Пт, 20 ноя 2026 05:15:00 +0300".encode(), right),
        "german": ("Fr, 20 Nov 2026 03:15:00 +0100", right),
        "german-march": ("Fr, 20 März 2026 11:15:00 +0100".encode(), "2026-03-20T10:15:00+00:00"),
        "encoded": ("=?utf-8?Q?Fri=2C_20_Nov_2026_10=3A15=3A00_+0800?=", right),
        "quoted": ('"Fri, 20 Nov 2026 10:15:00 +0800"', right),
        "folded": ("Fri, 20 Nov 2026\r\n 10:15:00 +0800", right),
        "comments-everywhere": ("(a (b)) Fri (day), 20 (d) Nov (m) 2026 10 (h): 15 (n): 00 +0800", right),
        "glued-zone": ("Fri, 20 Nov 2026 02:15:00GMT", right),
        "twelve-hours": ("Fri, 20 Nov 2026 10:15:00 AM +0800", right),
        "twelve-hours-pm": ("Fri, 20 Nov 2026 10:15:00 PM +0800", "2026-11-20T14:15:00+00:00"),
        "slashes-european": ("20/11/2026 02:15:00", right),
        "slashes-american": ("11/20/2026 02:15:00", right),
        "dots-numeric": ("20.11.2026 02:15:00", right),
        "leap-second": ("Fri, 20 Nov 2026 10:15:60 +0800", "2026-11-20T02:15:59+00:00"),
        "epoch": ("1795140900", right),
        "bad-hour": ("Fri, 20 Nov 2026 25:15:00 +0800", received),
        "bad-day": ("Fri, 31 Nov 2026 10:15:00 +0800", received),
        "bad-zone": ("Fri, 20 Nov 2026 10:15:00 +9900", "2026-11-20T10:15:00+00:00"),
        "nonsense": ("yesterday", received),
        "empty": ("", received),
        "ambiguous": ("05/06/2026 10:15:00", received),
        "year-zero": ("Fri, 20 Nov 0000 10:15:00 +0800", received),
        "year-huge": ("Fri, 20 Nov 99999 10:15:00 +0800", received),
    }  # fmt: skip
    for name, (value, expected) in values.items():
        yield Letter(
            f"head-date-{name}", written("Hello", **{**NEW, **zone, "Date": value}), {"date": expected}
        )


def identifiers() -> Iterator[Letter]:
    values = {
        "bare": ({"Message-ID": "a1@mail.example"}, {"message_id": "<a1@mail.example>"}),
        "doubled-brackets": ({"Message-ID": "<<a1@mail.example>>"}, {"message_id": "<a1@mail.example>"}),
        "space-inside": ({"Message-ID": "< a1@mail.example >"}, {"message_id": "<a1@mail.example>"}),
        "comment": ({"Message-ID": "<a1@mail.example> (added by postmaster)"}, {"message_id": "<a1@mail.example>"}),
        "folded": ({"Message-ID": "\r\n <a1@mail.example>"}, {"message_id": "<a1@mail.example>"}),
        "no-at": ({"Message-ID": "<20261120.7>"}, {"message_id": "<20261120.7>"}),
        "reply-with-words": (
            {"In-Reply-To": 'Your message of "Fri, 20 Nov 2026" <a1@mail.example>'},
            {"in_reply_to": "<a1@mail.example>"},
        ),
        "reply-bare": ({"In-Reply-To": "a1@mail.example"}, {"in_reply_to": "<a1@mail.example>"}),
        "reply-two": ({"In-Reply-To": "<a1@mail.example> <a2@mail.example>"}, {"in_reply_to": "<a1@mail.example>"}),
        "references-commas": ({"References": "<a1@m.example>,<a2@m.example>"}, {"references": ["<a1@m.example>", "<a2@m.example>"]}),
        "references-glued": ({"References": "<a1@m.example><a2@m.example>"}, {"references": ["<a1@m.example>", "<a2@m.example>"]}),
        "references-lines": ({"References": "<a1@m.example>\r\n\t<a2@m.example>"}, {"references": ["<a1@m.example>", "<a2@m.example>"]}),
        "references-words": ({"References": "see <a1@m.example> and <a2@m.example>"}, {"references": ["<a1@m.example>", "<a2@m.example>"]}),
        "references-cut": ({"References": "<a1@m.example> <a2@m.exam"}, {"references": ["<a1@m.example>"]}),
        "encoded": ({"Message-ID": "=?utf-8?Q?=3Ca1=40mail=2Eexample=3E?="}, {"message_id": "<a1@mail.example>"}),
        "reply-encoded": ({"In-Reply-To": "=?utf-8?Q?=3Ca1=40mail=2Eexample=3E?="}, {"in_reply_to": "<a1@mail.example>"}),
    }  # fmt: skip
    for name, (fields, expected) in values.items():
        yield Letter(f"head-id-{name}", written("Hello", **{**NEW, **fields}), expected)


def files() -> Iterator[Letter]:
    name = "发票 2026.pdf"
    percent = "%E5%8F%91%E7%A5%A8%202026.pdf"
    values: dict[str, tuple[str, str]] = {
        "extended": (f"attachment; filename*=UTF-8''{percent}", name),
        "extended-and-plain": (f"attachment; filename=\"fapiao.pdf\"; filename*=UTF-8''{percent}", name),
        "extended-no-charset": (f"attachment; filename*=''{percent}", name),
        "extended-quoted": (f"attachment; filename*=\"UTF-8''{percent}\"", name),
        "extended-no-quotes": (f"attachment; filename*={percent}", name),
        "extended-gbk": ("attachment; filename*=GBK''%B7%A2%C6%B1%202026.pdf", name),
        "pieces": ("attachment;\r\n filename*0*=UTF-8''%E5%8F%91%E7%A5;\r\n filename*1*=%A8%202026;\r\n filename*2=.pdf", name),
        "pieces-out-of-order": ("attachment;\r\n filename*1*=%A8%202026.pdf;\r\n filename*0*=UTF-8''%E5%8F%91%E7%A5", name),
        "pieces-plain": ('attachment;\r\n filename*0="a very long";\r\n filename*1=" name.pdf"', "a very long name.pdf"),
        "word": (f'attachment; filename="{b(name)}"', name),
        "word-unquoted": (f"attachment; filename={b('发票.pdf')}", "发票.pdf"),
        "words-two": (f"attachment; filename=\"{b('发票')}\r\n {b(' 2026.pdf')}\"", name),
        "word-gbk": (f"attachment; filename=\"{b(name, 'gbk')}\"", name),
        "word-and-ending": (f'attachment; filename="{b("发票")}.pdf"', "发票.pdf"),
        "word-in-extended": (f"attachment; filename*={b(name)}", name),
        "percent-plain": (f'attachment; filename="{percent}"', name),
        "raw": (f'attachment; filename="{name}"', name),
        "raw-bare": ("attachment; filename=发票.pdf", "发票.pdf"),
        "spaces-bare": ("attachment; filename=my invoice 2026.pdf", "my invoice 2026.pdf"),
        "escaped-quotes": ('attachment; filename="the \\"final\\" one.pdf"', "the _final_ one.pdf"),
        "windows-path": ('attachment; filename="C:\\Users\\kim\\invoice.pdf"', "invoice.pdf"),
        "unix-path": ('attachment; filename="../../etc/passwd"', "passwd"),
        "semicolon": ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        "no-quote-at-end": ('attachment; filename="invoice.pdf', "invoice.pdf"),
        "capitals": ('ATTACHMENT; FILENAME="invoice.pdf"', "invoice.pdf"),
        "spaces-around": ('attachment; filename = "invoice.pdf"', "invoice.pdf"),
        "no-semicolon": ('attachment filename="invoice.pdf"', "invoice.pdf"),
        "bidi": ('attachment; filename="invoice\u202efdp.exe"', "invoicefdp.exe"),
        "zero-width": ('attachment; filename="in\u200bvoice.pdf"', "invoice.pdf"),
        "nul": ('attachment; filename="invoice.pdf\0.exe"', "invoice.pdf.exe"),
        "dots": ('attachment; filename="invoice.pdf..."', "invoice.pdf"),
        "long": (f'attachment; filename="{"x" * 300}.pdf"', "x" * 130 + ".pdf"),
        "reserved": ('attachment; filename="a<b>c|d?.pdf"', "a_b_c_d_.pdf"),
        "newline": ('attachment; filename="invoice\r\n .pdf"', "invoice .pdf"),
    }  # fmt: skip
    for key, (disposition, expected) in values.items():
        raw = mail(
            several("mixed", part("Here"), part(b"%PDF-1.4", "application/pdf", encoding="base64", Content_Disposition=disposition)),
            **NEW,
        )  # fmt: skip
        yield Letter(f"head-file-{key}", raw, {"attachments": [{"filename": expected, "size": 8}]})
    only_name = part(b"%PDF", f'application/pdf; name="{b("发票.pdf")}"', encoding="base64")
    yield Letter("head-file-name-of-type", mail(several("mixed", part("Here"), only_name), **NEW), {"attachments": [{"filename": "发票.pdf"}]})  # fmt: skip


def blocks() -> Iterator[Letter]:
    """Header blocks that are no proper blocks."""
    text = {"text": "Hello"}
    plain = b"From: kim@mail.example\r\nTo: support@earshot.example\r\n"
    values: dict[str, tuple[bytes, dict[str, object]]] = {
        "unfolded-without-space": (plain + b"Subject: Hi\r\nContent-Type: text/html;\r\ncharset=utf-8\r\n\r\n<p>Hello</p>", text),
        "word-without-space": (plain + b"Subject: =?utf-8?B?6LSm5Y+3?=\r\n=?utf-8?B?6KKr55uX?=\r\nX-A: b\r\n\r\nHello", {"subject": "账号被盗", **text}),
        "addresses-without-space": (b"From: kim@mail.example\r\nTo: a@mail.example,\r\nB <b@mail.example>\r\nX-A: b\r\n\r\nHello", {"to": ["a@mail.example", "b@mail.example"], **text}),
        "space-line": (plain + b"Subject: Hi\r\n \r\n\r\nHello", text),
        "blank-line-of-spaces": (plain + b"Subject: Hi\r\n  \r\nHello", text),
        "space-before-colon": (plain + b"Subject : Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "no-space-after-colon": (plain + b"Subject:Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "first-line-continues": (b" stray\r\n" + plain + b"Subject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "starts-with-blank": (b"\r\n\r\n" + plain + b"Subject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "mbox-from": (b"From kim@mail.example Fri Nov 20 10:15:00 2026\r\n" + plain + b"Subject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "mbox-from-quoted": (b">From kim@mail.example Fri Nov 20 10:15:00 2026\r\n" + plain + b"Subject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "lf-cr": (plain.replace(b"\r\n", b"\n\r") + b"Subject: Hi\n\r\n\rHello", {"from_email": "kim@mail.example"}),
        "mixed-ends": (plain.replace(b"\r\n", b"\n") + b"Subject: Hi\r\n\nHello", {"subject": "Hi", **text}),
        "nul-in-name": (plain + b"Sub\0ject: no\r\nSubject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "http": (b"HTTP/1.1 200 OK\r\n" + plain + b"Subject: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "no-body": (plain + b"Subject: Hi", {"subject": "Hi", "text": ""}),
        "upper-case": (plain.upper().replace(b"MAIL.EXAMPLE", b"mail.example") + b"SUBJECT: Hi\r\n\r\nHello", {"subject": "Hi", **text}),
        "utf16": ((plain + b"Subject: Hi\r\n\r\nHello").decode().encode("utf-16"), {"subject": "Hi", **text}),
        "tab-after-colon": (plain + b"Subject:\tHi\r\n\r\nHello", {"subject": "Hi", **text}),
        "empty-then-real": (plain + b"Subject:\r\nSubject: Hi\r\n\r\nHello", {"subject": "", **text}),
    }  # fmt: skip
    for name, (raw, expected) in values.items():
        yield Letter(f"head-block-{name}", raw, expected)


def all_heads() -> list[Letter]:
    makers = (senders, subjects, dates, identifiers, files, blocks)
    return [letter for make in makers for letter in make()]
