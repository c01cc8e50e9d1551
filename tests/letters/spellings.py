"""Charsets, headers, names and dates as they are really written, and as they are abused."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.letters.writing import Letter, mail, part, several

ZH = "您好，我的账号被盗了，请尽快帮我冻结。订单号 2026112012345，昨天下午还能登录。"
ZH_RARE = "我叫喆，住在深圳市龙岗区坂田街道，朋友叫镕基，想修改实名信息里的姓名。"
TW = "您好，我的帳號被盜了，請儘快幫我凍結。訂單編號 2026112012345，昨天下午還能登入。"
JA = "アプリが何度も落ちます。返金をお願いします。ログインもできません。"
KO = "앱이 계속 종료됩니다. 환불을 요청합니다. 로그인이 되지 않습니다."
RU = "Здравствуйте, приложение постоянно закрывается. Верните, пожалуйста, деньги."
DE = "Die App stürzt ständig ab – können Sie mir bitte das Geld zurückgeben? Größe: 5 €"
FR = "L’application se ferme dès que j’ouvre une vidéo. Merci de me rembourser."
TH = "แอปปิดตัวเองตลอดเวลา กรุณาคืนเงินให้ฉันด้วย"
AR = "التطبيق يغلق باستمرار، من فضلكم أعيدوا لي المال."
PL = "Aplikacja ciągle się zamyka. Proszę o zwrot pieniędzy. Dziękuję, Łukasz"
TR = "Uygulama sürekli kapanıyor, lütfen paramı iade edin. Teşekkürler, Işıl"
GR = "Η εφαρμογή κλείνει συνεχώς. Παρακαλώ επιστρέψτε τα χρήματά μου."
HE = "האפליקציה נסגרת כל הזמן, אנא החזירו לי את הכסף."
NEW = {"In-Reply-To": None, "References": None, "Subject": "Hello"}


# Python writes neither: rows 13 and 89 to 92 exist in the code page of Windows only.
WINDOWS_JIS = b'\x1b$B-!|b66-j\x1b(B \x1b$B%"%W%j\x1b(B'
WINDOWS_EUC = b"\xad\xa1\xfc\xe2\xb6\xb6\xad\xea \xa5\xa2\xa5\xd7\xa5\xea"


def charsets() -> Iterator[Letter]:
    for charset, data in (("ISO-2022-JP", WINDOWS_JIS), ("euc-jp", WINDOWS_EUC)):
        yield Letter(
            f"charset-{charset.lower()}-of-windows",
            mail(part(data, f"text/plain; charset={charset}"), **NEW),
            {"text": "①髙橋㈱ アプリ", "flags": []},
        )
    rows = (
        ("gb2312-is-gbk", ZH_RARE, "gb2312", "gbk"),
        ("gb2312-is-gb18030", "生僻字：㐂𠮷野家，请帮我修改实名认证的姓名。", "gb2312", "gb18030"),
        ("gbk", ZH, "GBK", "gbk"),
        ("hz", ZH, "hz-gb-2312", "hz"),
        ("cp936", ZH, "cp936", "gbk"),
        ("big5", TW, "big5", "big5"),
        ("big5-is-cp950", TW + "碁", "Big5", "cp950"),
        ("iso-2022-jp", JA, "ISO-2022-JP", "iso2022_jp"),
        ("shift-jis", JA + "①㈱", "Shift_JIS", "cp932"),
        ("euc-jp", JA, "euc-jp", "euc_jp"),
        ("euc-kr", KO, "ks_c_5601-1987", "cp949"),
        ("koi8-r", RU, "koi8-r", "koi8-r"),
        ("windows-1251", RU, "windows-1251", "cp1251"),
        ("latin1-is-cp1252", DE, "iso-8859-1", "cp1252"),
        ("utf8-is-cp1252", DE, "utf-8", "cp1252"),
        ("ascii-is-utf8", FR, "us-ascii", "utf-8"),
        ("cp1252-is-utf8", FR, "windows-1252", "utf-8"),
        ("latin1-is-utf8-zh", ZH, "iso-8859-1", "utf-8"),
        ("utf8-is-gbk", ZH, "utf-8", "gbk"),
        ("utf8-is-big5", TW, "utf-8", "big5"),
        ("utf8-is-sjis", JA, "utf-8", "cp932"),
        ("utf8-is-koi8", RU, "utf-8", "koi8-r"),
        ("utf8-is-cp1251", RU, "utf-8", "cp1251"),
        ("gb2312-is-utf8", ZH, "gb2312", "utf-8"),
        ("gb2312-is-utf8-th", TH, "gb2312", "utf-8"),
        ("gb2312-is-utf8-ar", AR, "gb2312", "utf-8"),
        ("gb2312-is-utf8-de", DE, "gb2312", "utf-8"),
        ("big5-is-utf8-pl", PL, "big5", "utf-8"),
        ("none-is-latin1-it", "La app è lenta e non è più utile, però la pago.", None, "latin1"),
        ("none-is-latin1-pt", "O suporte é lento e não responde há dias.", None, "latin1"),
        ("big5-is-utf8", TW, "big5", "utf-8"),
        ("none-is-utf8", ZH, None, "utf-8"),
        ("none-is-gbk", ZH, None, "gbk"),
        ("none-is-big5", TW, None, "big5"),
        ("unknown-is-utf8", ZH, "x-unknown", "utf-8"),
        ("unknown-8bit-is-gbk", ZH, "unknown-8bit", "gbk"),
        ("default-is-gbk", ZH, "default", "gbk"),
        ("utf7", FR, "utf-7", "utf-7"),
        ("utf16", ZH, "utf-16", "utf-16"),
        ("utf16le", ZH, "utf-16le", "utf-16-le"),
        ("utf8-bom", ZH, "utf-8", "utf-8-sig"),
        ("tis-620", TH, "TIS-620", "tis-620"),
        ("windows-874", TH, "windows-874", "cp874"),
        ("windows-1256", AR, "windows-1256", "cp1256"),
        ("iso-8859-2", PL, "iso-8859-2", "iso8859-2"),
        ("windows-1250", PL, "windows-1250", "cp1250"),
        ("iso-8859-9", TR, "iso-8859-9", "iso8859-9"),
        ("windows-1254", TR, "windows-1254", "cp1254"),
        ("iso-8859-7", GR, "iso-8859-7", "iso8859-7"),
        ("windows-1255", HE, "windows-1255", "cp1255"),
        ("iso-8859-8-i", HE, "iso-8859-8-i", "iso8859-8"),
        ("iso-8859-15", "Das kostet 5 € zu viel für mich", "iso-8859-15", "iso8859-15"),
        ("macintosh", "Die App stürzt ständig ab, schön ist das nicht", "macintosh", "mac-roman"),
        ("utf8mb4", "支付失败😭😭，求助🙏", "utf8mb4", "utf-8"),
        ("quoted-name", ZH, "'utf-8'", "utf-8"),
    )
    for name, text, charset, codec in rows:
        for encoding in ("base64", "8bit") if codec not in ("utf-16", "utf-16-le") else ("base64",):
            yield Letter(
                f"charset-{name}-{encoding}",
                mail(part(text, charset=charset, codec=codec, encoding=encoding), **NEW),
                {"text": text},
            )
    short = (
        ("gbk-two", "退款", "gb2312", "gbk"),
        ("gbk-none-two", "你好", None, "gbk"),
        ("big5-two", "退款", "big5", "big5"),
        ("utf8-two", "退款", "utf-8", "utf-8"),
        ("utf8-none-two", "退款", None, "utf-8"),
        ("gb2312-is-utf8-two", "旁注", "gb2312", "utf-8"),
        ("gb2312-is-utf8-umlaut", "Sondermüll", "gb2312", "utf-8"),
        ("gb2312-like-utf8", "去吃的，一开始去", "gb2312", "gbk"),
        ("latin1-word", "Grüße", "iso-8859-1", "latin1"),
        ("latin1-none-word", "Bitte um Rückzahlung", None, "latin1"),
        ("gbk-in-english", "Please refund 会员 fee, order 2026", "gb2312", "gbk"),
        ("gbk-none-in-english", "Please refund the 会员费 of my account, order 2026", None, "gbk"),
    )
    for name, text, charset, codec in short:
        yield Letter(
            f"short-{name}",
            mail(part(text, charset=charset, codec=codec, encoding="base64"), **NEW),
            {"text": text},
        )
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset={0}"></head><body><p>{1}</p></body></html>'
    yield Letter(
        "html-meta-gb2312-no-header",
        mail(
            part(page.format("gb2312", ZH), "text/html", charset=None, codec="gbk", encoding="base64"), **NEW
        ),
        {"text": ZH},
    )
    yield Letter(
        "html-meta-lies",
        mail(part(page.format("gb2312", ZH), "text/html", charset="utf-8", encoding="base64"), **NEW),
        {"text": ZH},
    )
    yield Letter(
        "html-meta-lies-no-header",
        mail(
            part(page.format("gb2312", ZH), "text/html", charset=None, codec="utf-8", encoding="base64"),
            **NEW,
        ),
        {"text": ZH},
    )
    yield Letter(
        "html-entities",
        mail(
            part("<p>&#36134;&#21495;&#34987;&#30423; &amp; &lt;b&gt; &euro;5 &#x1F62D;</p>", "text/html"),
            **NEW,
        ),
        {"text": "账号被盗 & <b> €5 😭"},
    )


def b(text: str, charset: str = "utf-8", codec: str = "") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec or charset)).decode()}?="


def split_b(text: str, *, at: int, charset: str = "utf-8", codec: str = "") -> str:
    """Return two encoded words that cut the bytes of ``text`` at ``at``."""
    data = text.encode(codec or charset)
    words = (data[:at], data[at:])
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(word).decode()}?=" for word in words)


def subjects() -> Iterator[Letter]:
    rows: dict[str, tuple[str | bytes, str]] = {
        "split-in-character": (split_b("账号被盗了请帮忙", at=7), "账号被盗了请帮忙"),
        "split-in-gbk-character": (
            split_b("账号被盗了请帮忙", at=5, charset="gb2312", codec="gbk"),
            "账号被盗了请帮忙",
        ),
        "raw-utf8": ("账号被盗了".encode(), "账号被盗了"),
        "raw-gbk": ("账号被盗了，请帮忙".encode("gbk"), "账号被盗了，请帮忙"),
        "raw-big5": ("帳號被盜了，請幫忙處理".encode("big5"), "帳號被盜了，請幫忙處理"),
        "raw-sjis": ("アプリが落ちます".encode("cp932"), "アプリが落ちます"),
        "in-quotes": (f'"{b("退款")}"', '"退款"'),
        "plain-between": (f"{b('退款')} please {b('谢谢')}", "退款 please 谢谢"),
        "glued": (f"Re:{b('退款')}", "Re:退款"),
        "q-spaces": ("=?utf-8?Q?Gr=C3=BC=C3=9Fe aus K=C3=B6ln?=", "Grüße aus Köln"),
        "q-underscore": ("=?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=", "Grüße aus Köln"),
        "lower-case": (f"=?utf-8?b?{base64.b64encode('退款'.encode()).decode()}?=", "退款"),
        "gb2312-is-utf8": (f"=?gb2312?B?{base64.b64encode('账号被盗了'.encode()).decode()}?=", "账号被盗了"),
        "utf8-is-gbk": (
            f"=?utf-8?B?{base64.b64encode('账号被盗了，请帮忙'.encode('gbk')).decode()}?=",
            "账号被盗了，请帮忙",
        ),
        "iso-2022-jp-of-windows": (
            f"=?iso-2022-jp?B?{base64.b64encode(WINDOWS_JIS).decode()}?=",
            "①髙橋㈱ アプリ",
        ),
        "iso-2022-jp": (b("アプリが落ちます", "iso-2022-jp"), "アプリが落ちます"),
        "utf7": ("=?utf-7?Q?+kABrPg-?=", "退款"),
        "language": (f"=?utf-8*zh?B?{base64.b64encode('退款'.encode()).decode()}?=", "退款"),
        "empty-word": ("=?utf-8?B??= refund", "refund"),
        "not-closed": ("=?utf-8?B?6YCA5qy+", "退款"),
        "newline-in-word": ("=?utf-8?B?6YCA\r\n 5qy+?=", "退款"),
        "header-injection": (b("Refund\r\nBcc: all@mail.example"), "Refund Bcc: all@mail.example"),
        "emoji-split": (split_b("😭退款😭", at=2), "😭退款😭"),
        "question-mark": ("=?utf-8?Q?Why=3F_Why=3F?=", "Why? Why?"),
        "question-mark-raw": ("=?utf-8?Q?Why??=", "Why?"),
        "tabs-folded": ("The app\r\n\tcloses\r\n  at once", "The app closes at once"),
        "tag-and-number": ("[E-10007] =?utf-8?B?6YCA5qy+?=", "[E-10007] 退款"),
        "html": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        "two-hundred-words": ("\r\n ".join(b("退款") for _number in range(200)), "退款" * 200),
    }
    for name, (value, expected) in rows.items():
        yield Letter(
            f"subject-{name}", mail(part("Hello"), **{**NEW, "Subject": value}), {"subject": expected}
        )
    yield Letter("subject-missing", mail(part("Hello"), **{**NEW, "Subject": None}), {"subject": ""})
    yield Letter(
        "subject-twice",
        mail(b"Subject: second\r\n" + part("Hello"), **{**NEW, "Subject": "first"}),
        {"subject": "first"},
    )


def people() -> Iterator[Letter]:
    rows: dict[str, tuple[str | bytes, str, str]] = {
        "plain": ("kim@mail.example", "kim@mail.example", ""),
        "angle-only": ("<kim@mail.example>", "kim@mail.example", ""),
        "quoted": ('"Lee, Kim" <kim@mail.example>', "kim@mail.example", "Lee, Kim"),
        "comment": ("kim@mail.example (Kim Lee)", "kim@mail.example", "Kim Lee"),
        "encoded": (f"{b('金小美')} <kim@mail.example>", "kim@mail.example", "金小美"),
        "encoded-quoted": (f'"{b("金小美", "gb18030")}" <10001@qq.example>', "10001@qq.example", "金小美"),
        "encoded-glued": (f"{b('金小美')}<kim@mail.example>", "kim@mail.example", "金小美"),
        "encoded-comma": (f"{b('Lee, Kim')} <kim@mail.example>", "kim@mail.example", "Lee, Kim"),
        "encoded-split": (
            split_b("金小美老师", at=4) + " <kim@mail.example>",
            "kim@mail.example",
            "金小美老师",
        ),
        "raw-utf8": ("金小美 <kim@mail.example>".encode(), "kim@mail.example", "金小美"),
        "raw-gbk": ("金小美老师 <kim@mail.example>".encode("gbk"), "kim@mail.example", "金小美老师"),
        "raw-latin1": ("Jürgen Größe <j@mail.example>".encode("latin1"), "j@mail.example", "Jürgen Größe"),
        "unquoted-dot": ("J. R. Kim <kim@mail.example>", "kim@mail.example", "J. R. Kim"),
        "unquoted-comma": ("Lee, Kim <kim@mail.example>", "kim@mail.example", "Kim"),
        "unquoted-brackets": ("Kim [Sales] <kim@mail.example>", "kim@mail.example", "Kim [Sales]"),
        "unquoted-at": ("kim@work <kim@mail.example>", "kim@mail.example", "kim@work"),
        "upper-domain": ("Kim <Kim@MAIL.Example>", "Kim@mail.example", "Kim"),
        "spaces": ("Kim  < kim@mail.example >", "kim@mail.example", "Kim"),
        "plus": ("kim+app@mail.example", "kim+app@mail.example", ""),
        "quoted-local": ('"kim lee"@mail.example', '"kim lee"@mail.example', ""),
        "idn": ("Kim <kim@xn--fsqu00a.example>", "kim@xn--fsqu00a.example", "Kim"),
        "idn-raw": ("Kim <kim@例子.example>".encode(), "kim@例子.example", "Kim"),
        "apostrophe": ("Kim O'Neil <o'neil@mail.example>", "o'neil@mail.example", "Kim O'Neil"),
        "single-quotes": ("'Kim Lee' <kim@mail.example>", "kim@mail.example", "Kim Lee"),
        "single-quoted-address": ("'kim@mail.example'", "kim@mail.example", ""),
        "escaped": (r'"Kim \"K\" Lee" <kim@mail.example>', "kim@mail.example", 'Kim "K" Lee'),
        "name-is-address": ('"kim@mail.example" <kim@mail.example>', "kim@mail.example", "kim@mail.example"),
        "on-behalf": ("Kim Lee via List <list@mail.example>", "list@mail.example", "Kim Lee via List"),
        "emoji": (f"{b('Kim 😭')} <kim@mail.example>", "kim@mail.example", "Kim 😭"),
        "folded": ("Kim\r\n Lee\r\n\t<kim@mail.example>", "kim@mail.example", "Kim Lee"),
        "route": ("<@relay.example:kim@mail.example>", "kim@mail.example", ""),
        "nested-comment": ("kim@mail.example (Kim (K) Lee)", "kim@mail.example", "Kim (K) Lee"),
        "group": ("Team: kim@mail.example, lin@mail.example;", "kim@mail.example", ""),
        "two-spoofing": ("ceo@bank.example, kim@mail.example", "ceo@bank.example", ""),
        "trailing-dot": ("kim@mail.example.", "kim@mail.example", ""),
        "no-domain": ("kim", "", "kim"),
        "newline-name": (
            f"{b(chr(10).join(('Kim', 'Bcc: x@y.example')))} <kim@mail.example>",
            "kim@mail.example",
            "Kim Bcc: x@y.example",
        ),
        "zero-width": ("K\u200bim <kim@mail.example>".encode(), "kim@mail.example", "Kim"),
        "empty-name": ('"" <kim@mail.example>', "kim@mail.example", ""),
    }
    for name, (value, email, shown) in rows.items():
        yield Letter(
            f"from-{name}",
            mail(part("Hello"), **{**NEW, "From": value}),
            {"from_email": email, "from_name": shown},
        )
    yield Letter(
        "from-none-but-sender",
        mail(part("Hello"), **{**NEW, "From": None, "Sender": "kim@mail.example"}),
        {"from_email": "kim@mail.example"},
    )
    lists: dict[str, tuple[str, list[str]]] = {
        "semicolons": ("a@x.example; b@x.example;", ["a@x.example", "b@x.example"]),
        "undisclosed": ("undisclosed-recipients:;", []),
        "group": (
            "Team: a@x.example, B <b@x.example>;, c@x.example",
            ["a@x.example", "b@x.example", "c@x.example"],
        ),
        "repeated": ("a@x.example, A <a@x.example>", ["a@x.example"]),
        "comma-in-name": ('"Lee, Kim" <a@x.example>, b@x.example', ["a@x.example", "b@x.example"]),
        "encoded-comma": (f"{b('Lee, Kim')} <a@x.example>, b@x.example", ["a@x.example", "b@x.example"]),
        "chinese-comma": ("张三 <a@x.example>，李四 <b@x.example>", ["a@x.example", "b@x.example"]),
        "trailing-comma": ("a@x.example, ,", ["a@x.example"]),
        "folded": ("a@x.example,\r\n b@x.example", ["a@x.example", "b@x.example"]),
    }
    for name, (text, emails) in lists.items():
        yield Letter(
            f"to-{name}",
            mail(part("Hello"), **{**NEW, "To": text, "Cc": text, "Reply-To": text}),
            {"to": emails, "cc": emails, "reply_to": emails},
        )
    yield Letter(
        "to-two-fields",
        mail(b"To: b@x.example\r\n" + part("Hello"), **{**NEW, "To": "a@x.example"}),
        {"to": ["a@x.example", "b@x.example"]},
    )


def dates() -> Iterator[Letter]:
    rows = {
        "rfc": ("Fri, 20 Nov 2026 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "comment": ("Fri, 20 Nov 2026 10:15:00 +0800 (CST)", "2026-11-20T02:15:00+00:00"),
        "gmt": ("Fri, 20 Nov 2026 02:15:00 GMT", "2026-11-20T02:15:00+00:00"),
        "no-day": ("20 Nov 2026 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "no-seconds": ("Fri, 20 Nov 2026 10:15 +0800", "2026-11-20T02:15:00+00:00"),
        "two-digits": ("Fri, 20 Nov 26 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "minus-zero": ("Fri, 20 Nov 2026 02:15:00 -0000", "2026-11-20T02:15:00+00:00"),
        "colon-zone": ("Fri, 20 Nov 2026 10:15:00 +08:00", "2026-11-20T02:15:00+00:00"),
        "gmt-plus": ("Fri, 20 Nov 2026 10:15:00 GMT+0800", "2026-11-20T02:15:00+00:00"),
        "gmt-plus-short": ("Fri, 20 Nov 2026 10:15:00 GMT+8", "2026-11-20T02:15:00+00:00"),
        "iso": ("2026-11-20T10:15:00+08:00", "2026-11-20T02:15:00+00:00"),
        "iso-z": ("2026-11-20T02:15:00Z", "2026-11-20T02:15:00+00:00"),
        "iso-space": ("2026-11-20 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "fraction": ("2026-11-20T02:15:00.123456Z", "2026-11-20T02:15:00+00:00"),
        "est": ("Thu, 19 Nov 2026 21:15:00 EST", "2026-11-20T02:15:00+00:00"),
        "pdt": ("Thu, 19 Nov 2026 19:15:00 PDT", "2026-11-20T02:15:00+00:00"),
        "ctime": ("Fri Nov 20 02:15:00 2026", "2026-11-20T02:15:00+00:00"),
        "ctime-zone": ("Fri Nov 20 02:15:00 UTC 2026", "2026-11-20T02:15:00+00:00"),
        "full-month": ("Friday, 20 November 2026 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "german": ("Fr, 20 Nov 2026 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "american": ("Fri, Nov 20, 2026 10:15:00 AM +0800", "2026-11-20T02:15:00+00:00"),
        "leap-second": ("Wed, 31 Dec 2025 23:59:60 +0000", "2025-12-31T23:59:59+00:00"),
        "feb-30": ("Mon, 30 Feb 2026 10:15:00 +0800", None),
        "year-9999": ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        "nonsense": ("yesterday", None),
        "zone-9999": ("Fri, 20 Nov 2026 02:15:00 +9999", "2026-11-20T02:15:00+00:00"),
        "empty": ("", None),
        "dashes": ("20-Nov-2026 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
        "extra-spaces": ("Fri,  20  Nov   2026 10:15:00   +0800", "2026-11-20T02:15:00+00:00"),
        "chinese": ("2026年11月20日 10:15:00 +0800", "2026-11-20T02:15:00+00:00"),
    }
    for name, (value, expected) in rows.items():
        yield Letter(
            f"date-{name}", mail(part("Hello"), **{**NEW, "Date": value.encode()}), {"date": expected}
        )
    yield from _dates_in_cst()


def _dates_in_cst() -> Iterator[Letter]:
    """The zone of Chicago, or of Shanghai."""
    american, chinese = "2026-11-20T16:15:00+00:00", "2026-11-20T02:15:00+00:00"
    mails: dict[str, tuple[str, str, dict[str, str]]] = {
        "english": ("Hello", american, {}),
        "text": ("没有声音", chinese, {}),
        "sender": ("Hello", chinese, {"From": "kim@qq.com"}),
        "arrived-then": ("Hello", chinese, {"Received": "from a by b; Fri, 20 Nov 2026 02:15:03 +0000"}),
        "arrived-later": ("没有声音", american, {"Received": "from a by b; Fri, 20 Nov 2026 10:15:03 -0600"}),
    }
    for name, (text, expected, more) in mails.items():
        fields = {**NEW, "Date": "Fri, 20 Nov 2026 10:15:00 CST", **more}
        yield Letter(f"date-cst-{name}", mail(part(text), **fields), {"date": expected})


def identifiers() -> Iterator[Letter]:
    rows: dict[str, tuple[str | None, str]] = {
        "usual": ("<a.b@mail.example>", "<a.b@mail.example>"),
        "no-brackets": ("a.b@mail.example", "<a.b@mail.example>"),
        "spaces": ("  <a.b@mail.example>  ", "<a.b@mail.example>"),
        "comment": ("<a.b@mail.example> (added by relay)", "<a.b@mail.example>"),
        "no-at": ("<20261120>", "<20261120>"),
        "folded": ("\r\n <a.b@mail.example>", "<a.b@mail.example>"),
        "missing": (None, ""),
        "empty": ("", ""),
        "square": ("<[a.b]@mail.example>", "<[a.b]@mail.example>"),
    }
    for name, (value, expected) in rows.items():
        yield Letter(
            f"id-{name}", mail(part("Hello"), **{**NEW, "Message-ID": value}), {"message_id": expected}
        )
    threads: dict[str, tuple[str, list[str]]] = {
        "folded": (
            "<a@x.example>\r\n\t<b@x.example>\r\n <c@x.example>",
            ["<a@x.example>", "<b@x.example>", "<c@x.example>"],
        ),
        "glued": ("<a@x.example><b@x.example>", ["<a@x.example>", "<b@x.example>"]),
        "commas": ("<a@x.example>, <b@x.example>", ["<a@x.example>", "<b@x.example>"]),
        "one-cut": ("<a@x.example> <b@x.exa", ["<a@x.example>"]),
        "words": ("Your message of Friday <a@x.example>", ["<a@x.example>"]),
    }
    for name, (text, ids) in threads.items():
        yield Letter(
            f"references-{name}",
            mail(part("Hello"), **{**NEW, "References": text, "In-Reply-To": text}),
            {"references": ids, "in_reply_to": ids[0]},
        )


def file_names() -> Iterator[Letter]:
    utf8 = "%E6%88%AA%E5%9B%BE.png"
    rows: dict[str, tuple[str | bytes, str]] = {
        "plain": ('attachment; filename="log.txt"', "log.txt"),
        "unquoted": ("attachment; filename=log.txt", "log.txt"),
        "unquoted-spaces": ("attachment; filename=my log.txt", "my log.txt"),
        "2231": (f"attachment; filename*=utf-8''{utf8}", "截图.png"),
        "2231-quoted": (f"attachment; filename*=\"utf-8''{utf8}\"", "截图.png"),
        "2231-no-charset": (f"attachment; filename*={utf8}", "截图.png"),
        "2231-and-plain": (f"attachment; filename=\"_.png\"; filename*=UTF-8''{utf8}", "截图.png"),
        "2231-split": (
            "attachment; filename*0*=utf-8''%E6%88%AA; filename*1*=%E5%9B%BE; filename*2=.png",
            "截图.png",
        ),
        "2231-split-in-character": (
            "attachment; filename*0*=utf-8''%E6%88; filename*1*=%AA%E5%9B%BE.png",
            "截图.png",
        ),
        "2231-out-of-order": (
            "attachment; filename*1*=%E5%9B%BE.png; filename*0*=utf-8''%E6%88%AA",
            "截图.png",
        ),
        "2231-gbk": ("attachment; filename*=gb2312''%BD%D8%CD%BC.png", "截图.png"),
        "2047": (f'attachment; filename="{b("截图.png")}"', "截图.png"),
        "2047-unquoted": (f"attachment; filename={b('截图.png')}", "截图.png"),
        "2047-gbk-folded": (
            f'attachment;\r\n\tfilename="{b("截图", "gb2312")}\r\n {b("一.png", "gb2312")}"',
            "截图一.png",
        ),
        "raw-utf8": ('attachment; filename="截图.png"'.encode(), "截图.png"),
        "raw-gbk": ('attachment; filename="支付截图.png"'.encode("gbk"), "支付截图.png"),
        "percent-in-plain": (f'attachment; filename="{utf8}"', "截图.png"),
        "percent-honest": ('attachment; filename="100%25 sure.txt"', "100%25 sure.txt"),
        "path-unix": ('attachment; filename="../../etc/passwd"', "passwd"),
        "path-windows": (r'attachment; filename="C:\Users\kim\log.txt"', "log.txt"),
        "semicolon": ('attachment; filename="a;b.txt"', "a;b.txt"),
        "quote": (r'attachment; filename="a \"b\".txt"', "a _b_.txt"),
        "dots": ('attachment; filename="..."', "attachment-1.txt"),
        "nul": (b'attachment; filename="log\0.txt"', "log.txt"),
        "newline": (f'attachment; filename="{b(chr(13) + chr(10) + "log.txt")}"', "log.txt"),
        "bidi": ('attachment; filename="gpj\u202etxt.exe"'.encode(), "gpjtxt.exe"),
        "upper": ("ATTACHMENT; FILENAME=LOG.TXT", "LOG.TXT"),
        "double": ("attachment; filename=a.txt; filename=b.txt", "a.txt"),
        "no-semicolon": ('attachment filename="log.txt"', "log.txt"),
        "long": (f'attachment; filename="{"x" * 300}.pdf"', "x" * 130 + ".pdf"),
        "device": ('attachment; filename="CON"', "CON"),
    }
    for name, (value, expected) in rows.items():
        shown = value if isinstance(value, bytes) else value.encode()
        piece = b"Content-Type: text/plain\r\nContent-Disposition: " + shown + b"\r\n\r\nx\r\n"
        yield Letter(
            f"file-{name}",
            mail(several("mixed", part("Hello"), piece), **NEW),
            {"attachments": [{"filename": expected, "inline": False}], "text": "Hello"},
        )
    for name, value in {
        "type-2047": f'name="{b("截图.png")}"',
        "type-2231": f"name*=utf-8''{utf8}",
        "type-raw": 'name="截图.png"',
    }.items():
        piece = (
            b"Content-Type: image/png; "
            + value.encode()
            + b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\niVBORw0KGgo=\r\n"
        )
        yield Letter(
            f"file-{name}",
            mail(several("mixed", part("Hello"), piece), **NEW),
            {"attachments": [{"filename": "截图.png", "content_type": "image/png", "size": 8}]},
        )


def all_spellings() -> list[Letter]:
    makers = (charsets, subjects, people, dates, identifiers, file_names)
    return [letter for make in makers for letter in make()]
