"""How the parts of a mail are put together, and how they fall apart."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator

from tests.letters.writing import Letter, head, mail, part, several

NEW = {"In-Reply-To": None, "References": None, "Subject": "Hello"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
SHA = hashlib.sha256(PNG).hexdigest()
TEXT = "The picture shows the fault."
PAGE = f"<html><body><p>{TEXT}</p></body></html>"


def picture(disposition: str = 'attachment; filename="a.png"', **fields: str) -> bytes:
    return part(PNG, 'image/png; name="a.png"', encoding="base64", Content_Disposition=disposition, **fields)


def usual() -> Iterator[Letter]:
    shown = {"filename": "a.png", "content_type": "image/png", "size": len(PNG), "sha256": SHA}
    alternative = several("alternative", part(TEXT), part(PAGE, "text/html"), boundary="alt")
    yield Letter(
        "mixed-attachment",
        mail(several("mixed", alternative, picture()), **NEW),
        {"text": TEXT, "attachments": [{**shown, "inline": False}]},
    )
    related = several(
        "related",
        part('<p>The picture shows the fault.<img src="cid:a1"></p>', "text/html"),
        picture("inline", Content_ID="<a1>"),
        boundary="rel",
    )
    yield Letter(
        "related-inline",
        mail(several("alternative", part(TEXT), related), **NEW),
        {"text": TEXT, "attachments": [{**shown, "inline": True, "content_id": "a1"}]},
    )
    yield Letter("related-html-only", mail(related, **NEW), {"text": TEXT, "attachments": [{"inline": True}]})
    yield Letter(
        "mixed-of-related-and-file",
        mail(
            several(
                "mixed",
                several("alternative", part(TEXT), related, boundary="alt"),
                picture('attachment; filename="b.png"'),
            ),
            **NEW,
        ),
        {"text": TEXT, "attachments": [{"inline": True}, {"filename": "b.png", "inline": False}]},
    )
    yield Letter(
        "apple-text-between",
        mail(several("mixed", part("Before"), picture("inline; filename=a.png"), part("After")), **NEW),
        {"text": "Before\n\nAfter", "attachments": [{"filename": "a.png", "inline": True}]},
    )
    yield Letter(
        "text-file",
        mail(
            several(
                "mixed", part(TEXT), part("log line", Content_Disposition='attachment; filename="log.txt"')
            ),
            **NEW,
        ),
        {"text": TEXT, "attachments": [{"filename": "log.txt", "content_type": "text/plain", "size": 8}]},
    )
    yield Letter(
        "html-file",
        mail(
            several(
                "mixed",
                part(TEXT),
                part("<b>x</b>", "text/html", Content_Disposition='attachment; filename="page.html"'),
            ),
            **NEW,
        ),
        {"text": TEXT, "html": "", "attachments": [{"filename": "page.html"}]},
    )
    yield Letter(
        "list-footer",
        mail(several("mixed", part(TEXT), part("_______\nusers mailing list")), **NEW),
        {"reply_text": TEXT + "\n\n_______\nusers mailing list"},
    )
    yield Letter("only-a-file", mail(picture(), **NEW), {"text": "", "attachments": [{"filename": "a.png"}]})
    yield Letter(
        "alternative-empty-plain",
        mail(several("alternative", part(""), part(PAGE, "text/html")), **NEW),
        {"text": TEXT, "reply_text": TEXT},
    )
    yield Letter(
        "alternative-blank-plain",
        mail(several("alternative", part(" \n\n\u00a0\n"), part(PAGE, "text/html")), **NEW),
        {"text": TEXT},
    )
    yield Letter(
        "alternative-html-first",
        mail(several("alternative", part(PAGE, "text/html"), part(TEXT)), **NEW),
        {"text": TEXT, "html": PAGE},
    )
    yield Letter(
        "alternative-amp",
        mail(
            several(
                "alternative",
                part(TEXT),
                part("<html amp4email></html>", "text/x-amp-html"),
                part(PAGE, "text/html"),
            ),
            **NEW,
        ),
        {"text": TEXT, "html": PAGE},
    )
    yield Letter(
        "alternative-stub",
        mail(
            several(
                "alternative",
                part("This message contains HTML. Your mail program does not support HTML."),
                part(PAGE, "text/html"),
            ),
            **NEW,
        ),
        {"text": TEXT},
    )
    yield Letter(
        "alternative-watch",
        mail(
            several(
                "alternative", part(TEXT), part("<b>watch</b>", "text/watch-html"), part(PAGE, "text/html")
            ),
            **NEW,
        ),
        {"text": TEXT, "html": PAGE},
    )
    yield Letter(
        "flowed",
        mail(
            part("The app closes \nas soon as I \nopen it.\n\n-- \nKim", "text/plain; format=flowed"), **NEW
        ),
        {
            "text": "The app closes as soon as I open it.\n\n-- \nKim",
            "reply_text": "The app closes as soon as I open it.",
        },
    )
    yield Letter(
        "flowed-delsp",
        mail(part("软件一打开 \n就退出。", "text/plain; format=flowed; delsp=yes"), **NEW),
        {"text": "软件一打开就退出。"},
    )
    yield Letter(
        "flowed-stuffed",
        mail(part(" From Berlin with love\n >not a quote", "text/plain; format=flowed"), **NEW),
        {"text": "From Berlin with love\n>not a quote"},
    )
    yield Letter("enriched", mail(part("<bold>Help</bold> me", "text/enriched"), **NEW), {"text": "Help me"})
    yield Letter(
        "qp-soft",
        mail(
            part(b"Gr=C3=BC=\r\n=C3=9Fe aus K=C3=B6ln=20\r\n", 'text/plain; charset="utf-8"').replace(
                b"8bit", b"quoted-printable"
            ),
            **NEW,
        ),
        {"text": "Grüße aus Köln "},
    )
    yield Letter(
        "qp-broken",
        mail(
            part(b"50=% off =ZZ and", 'text/plain; charset="utf-8"').replace(b"8bit", b"quoted-printable"),
            **NEW,
        ),
        {"text": "50=% off =ZZ and"},
    )
    yield Letter(
        "utf8-cut-in-character",
        mail(part("退款".encode()[:-1], 'text/plain; charset="utf-8"', encoding="base64"), **NEW),
        {"text": "退\ufffd"},
    )
    yield Letter(
        "base64-with-footer",
        mail(
            part(b"aGVsbG8=\r\n\r\n--\r\nAdded by the list\r\n", 'text/plain; charset="utf-8"').replace(
                b"8bit", b"base64"
            ),
            **NEW,
        ),
        {"reply_text": "hello"},
    )


def pages() -> Iterator[Letter]:
    rows = {
        "preheader": (
            '<body><div style="display:none;max-height:0;overflow:hidden">View in browser&zwnj;&nbsp;</div><p>Hello</p></body>',
            "Hello",
        ),
        "preheader-tiny": (
            '<div style="font-size:0;line-height:0;opacity:0">hidden words</div><p>Hello</p>',
            "Hello",
        ),
        "preheader-zero-height": (
            '<div style="max-height:0px;overflow:hidden;">hidden words</div><p>Hello</p>',
            "Hello",
        ),
        "preheader-invisible": ('<span style="visibility: hidden">hidden words</span><p>Hello</p>', "Hello"),
        "hidden-attribute": ("<div hidden>hidden words</div><p>Hello</p>", "Hello"),
        "style-script": (
            "<style>p{color:red}</style><script>alert(1)</script><title>T</title><p>Hello</p>",
            "Hello",
        ),
        "comments": (
            "<!-- secret --><p>Hel<!-- x -->lo</p><!--[if mso]><p>Only Outlook</p><![endif]-->",
            "Hello",
        ),
        "table": (
            "<table><tr><th>Item</th><th>Price</th></tr><tr><td>VIP</td><td>30</td></tr></table>",
            "Item Price\nVIP 30",
        ),
        "list": ("<p>Steps:</p><ol><li>open</li><li>close</li></ol>", "Steps:\n\n- open\n- close"),
        "breaks": ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        "entities": (
            "<p>a&nbsp;&amp;&nbsp;b &lt;c&gt; &copy; &#20013;&#x6587; &unknown;</p>",
            "a & b <c> © 中文 &unknown;",
        ),
        "zero-width": ("<p>re\u200bfund\ufeff &zwnj;&#8203;please</p>", "refund please"),
        "nested": ("<div>" * 300 + "Hello" + "</div>" * 300, "Hello"),
        "unclosed": ("<p>Hello <b>world<p>again", "Hello world\n\nagain"),
        "bare-less-than": ("<p>5 < 6 and <3 you</p>", "5 < 6 and <3 you"),
        "attribute-greater": ('<p><a title="a > b" href="#">Hello</a></p>', "Hello"),
        "pre": ("<pre>  one\n    two</pre>", "  one\n    two"),
        "link": ('<p>See <a href="https://x.example/very/long">this page</a></p>', "See this page"),
        "emoji-picture": ('<p>Sad <img alt="😭" src="x"> <img alt="Company logo" src="y"></p>', "Sad 😭"),
        "textarea-form": (
            "<form><input value='secret'><button>Go</button></form><p>Hello</p>",
            "Go\n\nHello",
        ),
        "svg": ("<svg><text>drawn</text></svg><p>Hello</p>", "drawn\n\nHello"),
        "word": (
            "<p class=MsoNormal>Hello<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>there</p>",
            "Hello\n\nthere",
        ),
        "upper": ("<HTML><BODY><P>Hello</P></BODY></HTML>", "Hello"),
        "cdata": ("<![CDATA[x]]><p>Hello</p>", "Hello"),
        "no-tags": ("just words & more", "just words & more"),
        "chinese-wrapped": ("<p>软件一打开\n就退出</p>", "软件一打开 就退出"),
        "spoiler-details": ("<details><summary>More</summary><p>Hello</p></details>", "More\n\nHello"),
    }
    for name, (markup, text) in rows.items():
        yield Letter(f"page-{name}", mail(part(markup, "text/html"), **NEW), {"text": text})


def wrapped() -> Iterator[Letter]:
    signed = several(
        "signed",
        part(TEXT),
        part(
            b"MIIB",
            'application/pkcs7-signature; name="smime.p7s"',
            encoding="base64",
            Content_Disposition='attachment; filename="smime.p7s"',
        ),
        parameters='; protocol="application/pkcs7-signature"; micalg=sha-256',
    )
    yield Letter(
        "smime-signed",
        mail(signed, **NEW),
        {"text": TEXT, "flags": ["signed", "smime"], "attachments": [{"filename": "smime.p7s"}]},
    )
    yield Letter(
        "smime-opaque",
        mail(
            part(
                b"MIIB",
                'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
                encoding="base64",
            ),
            **NEW,
        ),
        {"flags": ["encrypted", "smime"], "attachments": [{"filename": "smime.p7m"}]},
    )
    yield Letter(
        "pgp-signed",
        mail(
            several(
                "signed",
                part(TEXT),
                part(
                    "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----",
                    "application/pgp-signature",
                    charset=None,
                ),
                parameters='; protocol="application/pgp-signature"',
            ),
            **NEW,
        ),
        {"text": TEXT, "flags": ["pgp", "signed"]},
    )
    yield Letter(
        "pgp-encrypted",
        mail(
            several(
                "encrypted",
                part("Version: 1", "application/pgp-encrypted", charset=None),
                part(
                    "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----",
                    'application/octet-stream; name="encrypted.asc"',
                    charset=None,
                ),
                parameters='; protocol="application/pgp-encrypted"',
            ),
            **NEW,
        ),
        {"flags": ["encrypted", "pgp"], "text": ""},
    )
    yield Letter(
        "pgp-inline",
        mail(
            part(
                f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{TEXT}\n- -- \nKim\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
            ),
            **NEW,
        ),
        {"reply_text": TEXT},
    )
    invite = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Call about the fault\r\nDTSTART:20261120T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    yield Letter(
        "calendar",
        mail(
            several(
                "alternative",
                part(TEXT),
                part(PAGE, "text/html"),
                part(invite, "text/calendar; method=REQUEST"),
            ),
            **NEW,
        ),
        {"text": TEXT, "flags": ["calendar"]},
    )
    yield Letter(
        "calendar-alone",
        mail(part(invite, "text/calendar; method=REQUEST"), **NEW),
        {"text": "Call about the fault"},
    )
    yield Letter(
        "tnef",
        mail(
            several(
                "mixed",
                part(TEXT),
                part(
                    tnef("screen.png", PNG),
                    'application/ms-tnef; name="winmail.dat"',
                    encoding="base64",
                    Content_Disposition='attachment; filename="winmail.dat"',
                ),
            ),
            **NEW,
        ),
        {
            "text": TEXT,
            "flags": ["tnef"],
            "attachments": [
                {"filename": "screen.png", "size": len(PNG), "sha256": SHA},
                {"filename": "winmail.dat"},
            ],
        },
    )
    yield Letter(
        "tnef-cut",
        mail(
            several(
                "mixed",
                part(TEXT),
                part(
                    tnef("screen.png", PNG)[:40], 'application/ms-tnef; name="winmail.dat"', encoding="base64"
                ),
            ),
            **NEW,
        ),
        {"text": TEXT, "flags": ["tnef"]},
    )


def tnef(name: str, content: bytes, *, of_message: bytes = b"", of_file: bytes = b"") -> bytes:
    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) % 65536)

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00069007, struct.pack("<II", 936, 0))
        + (attribute(1, 0x00069003, of_message) if of_message else b"")
        + attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, name.encode() + b"\0")
        + attribute(2, 0x0006800F, content)
        + (attribute(2, 0x00069005, of_file) if of_file else b"")
    )


def properties(*texts: tuple[int, int, bytes]) -> bytes:
    """Return MAPI properties (type, id, value), between two whose type has a length of its own."""
    listed = struct.pack("<HHI", 0x03, 0x0E21, 7)
    for kind, name, value in texts:
        listed += struct.pack("<HHII", kind, name, 1, len(value)) + value + bytes(-len(value) % 4)
    # One named by a text, with two values of four bytes.
    key = "Key".encode("utf-16-le") + bytes(2)
    listed += (
        struct.pack("<HH16sII", 0x1003, 0x8001, bytes(16), 1, len(key)) + key + struct.pack("<III", 2, 1, 2)
    )
    return struct.pack("<I", len(texts) + 2) + listed


def wrapped_by_outlook() -> Iterator[Letter]:
    """What only the MAPI properties inside a winmail.dat tell."""
    markup = "<p>录屏在附件里。<br>请查收。</p>"
    named = {
        "unicode": (0x1F, 0x3707, "闪退录屏 2026.png".encode("utf-16-le") + bytes(2)),
        "code-page": (0x1E, 0x3707, "闪退录屏 2026.png".encode("gbk") + b"\0"),
    }
    for spelling, long_name in named.items():
        inner = tnef(
            "SHANTU~1.PNG",
            PNG,
            of_message=properties((0x102, 0x1013, markup.encode("gbk"))),
            of_file=properties((0x1E, 0x3703, b".png\0"), long_name),
        )
        yield Letter(
            f"tnef-names-{spelling}",
            mail(part(inner, 'application/ms-tnef; name="winmail.dat"', encoding="base64"), **NEW),
            {
                "text": "录屏在附件里。\n请查收。",
                "html": markup,
                "attachments": [
                    {"filename": "闪退录屏 2026.png", "sha256": SHA},
                    {"filename": "winmail.dat"},
                ],
            },
        )
    broken_off = properties(named["unicode"])[:-30]
    yield Letter(
        "tnef-properties-cut",
        mail(part(tnef("A.PNG", PNG, of_file=broken_off), "application/ms-tnef", encoding="base64"), **NEW),
        {"attachments": [{"sha256": SHA}, {"filename": "winmail.dat"}]},
    )


def shown_or_not() -> Iterator[Letter]:
    """A picture is part of the text when the HTML shows it, whatever is said of it."""
    cases = {
        "attached-and-shown": ("cid:a%401", "<a@1>", "attachment", True),
        "named-but-not-shown": ("https://shop.example/a.png", "<a@1>", "", False),
        "attached-not-shown": ("cid:b@1", "<a@1>", "attachment", False),
    }
    for name, (source, content_id, disposition, is_inline) in cases.items():
        fields = {"Content_ID": content_id} | ({"Content_Disposition": disposition} if disposition else {})
        yield Letter(
            f"picture-{name}",
            mail(
                several(
                    "mixed",
                    part(f'<p>See<img src="{source}"></p>', "text/html"),
                    part(PNG, 'image/png; name="a.png"', encoding="base64", **fields),
                ),
                **NEW,
            ),
            {"attachments": [{"filename": "a.png", "inline": is_inline}]},
        )


def broken() -> Iterator[Letter]:
    good = several("mixed", part(TEXT), picture())
    closing = b"------=_Part_7_1--\r\n"
    yield Letter(
        "boundary-never-closed",
        mail(good.replace(closing, b""), **NEW),
        {"text": TEXT, "attachments": [{"sha256": SHA}]},
    )
    yield Letter(
        "boundary-missing-parameter",
        mail(good.replace(b'; boundary="----=_Part_7_1"', b""), **NEW),
        {"text": TEXT, "attachments": [{"sha256": SHA}]},
    )
    yield Letter(
        "boundary-unquoted",
        mail(good.replace(b'boundary="----=_Part_7_1"', b"boundary=----=_Part_7_1"), **NEW),
        {"text": TEXT, "attachments": [{"sha256": SHA}]},
    )
    yield Letter(
        "boundary-with-spaces-after",
        mail(good.replace(b"------=_Part_7_1\r\n", b"------=_Part_7_1   \r\n"), **NEW),
        {"text": TEXT, "attachments": [{"sha256": SHA}]},
    )
    yield Letter(
        "boundary-cut-in-picture",
        mail(good[: good.index(b"iVBOR") + 20], **NEW),
        {"text": TEXT, "attachments": [{"filename": "a.png"}]},
    )
    yield Letter(
        "preamble-and-epilogue",
        mail(
            good.replace(b"\r\n\r\n--", b"\r\n\r\nThis is a multi-part message in MIME format.\r\n--", 1)
            + b"\r\nepilogue\r\n",
            **NEW,
        ),
        {"text": TEXT},
    )
    yield Letter(
        "lf-only", mail(good, **NEW).replace(b"\r\n", b"\n"), {"text": TEXT, "attachments": [{"sha256": SHA}]}
    )
    yield Letter(
        "cr-only",
        mail(
            several("mixed", part(TEXT), part("x", Content_Disposition="attachment; filename=a.txt")), **NEW
        ).replace(b"\r\n", b"\r"),
        {"text": TEXT, "attachments": [{"filename": "a.txt"}]},
    )
    yield Letter("bare-cr-in-text", mail(part(b"one\rtwo\r\nthree"), **NEW), {"text": "one\ntwo\nthree"})
    yield Letter("nul", mail(part(b"re\0fund"), **NEW), {"text": "refund", "flags": ["nul"]})
    yield Letter(
        "no-mime-headers", head(**{**NEW, "MIME-Version": None}) + b"\r\n" + TEXT.encode(), {"text": TEXT}
    )
    yield Letter(
        "content-type-nonsense", mail(b"Content-Type: ;;;===\r\n\r\n" + TEXT.encode(), **NEW), {"text": TEXT}
    )
    yield Letter(
        "content-type-twice",
        mail(
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Type: text/html\r\n\r\n" + TEXT.encode(),
            **NEW,
        ),
        {"text": TEXT},
    )
    yield Letter("encoding-nonsense", mail(part(TEXT, encoding="eight-bit"), **NEW), {"text": TEXT})
    yield Letter(
        "encoding-uppercase",
        mail(part(b"Zm9v", 'text/plain; charset="utf-8"').replace(b"8bit", b"BASE64"), **NEW),
        {"text": "foo"},
    )
    yield Letter(
        "header-without-colon", mail(b"this is not a header\r\n" + part(TEXT), **NEW), {"text": TEXT}
    )
    yield Letter(
        "header-of-100kb",
        mail(b"X-Long: " + b"x" * 120_000 + b"\r\n" + part(TEXT), **NEW),
        {"from_email": "kim@mail.example", "subject": "Hello"},
    )
    yield Letter(
        "two-thousand-headers",
        mail(b"".join(b"X-%d: y\r\n" % number for number in range(2_000)) + part(TEXT), **NEW),
        {"from_email": "kim@mail.example", "text": TEXT},
    )
    yield Letter("nested-100", mail(nested(100), **NEW), {"from_email": "kim@mail.example"})
    yield Letter("nested-10", mail(nested(10), **NEW), {"text": TEXT})
    yield Letter(
        "thousand-parts",
        mail(
            several(
                "mixed",
                part(TEXT),
                *(part("x", Content_Disposition="attachment; filename=a.txt") for _number in range(1_000)),
            ),
            **NEW,
        ),
        {"text": TEXT},
    )
    yield Letter("empty-multipart", mail(several("mixed"), **NEW), {"text": ""})
    yield Letter(
        "multipart-in-base64",
        mail(good.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1), **NEW),
        {"text": TEXT, "attachments": [{"sha256": SHA}]},
    )
    yield Letter(
        "from-line-escaped", mail(part(">From Berlin with love"), **NEW), {"text": ">From Berlin with love"}
    )
    yield Letter("dot-stuffed", mail(part("..."), **NEW), {"text": "..."})
    yield Letter(
        "ten-thousand-lines", mail(part("line\n" * 10_000), **NEW), {"text": ("line\n" * 10_000).strip()}
    )
    yield Letter("one-long-line", mail(part("x" * 400_000), **NEW), {"text": "x" * 400_000})
    yield Letter("controls", mail(part(b"a\x07b\x1b[31mc\x7f"), **NEW), {"text": "ab[31mc"})
    yield Letter(
        "lone-surrogate",
        mail(part(b"a\xed\xa0\x80b", 'text/plain; charset="utf-8"'), **NEW),
        {"from_email": "kim@mail.example"},
    )
    yield Letter(
        "overlong-utf8",
        mail(part(b"a\xc0\xafb ok", 'text/plain; charset="utf-8"'), **NEW),
        {"from_email": "kim@mail.example"},
    )
    words = "The quick app closes again and again when a video is uploaded from the train\n" * 4
    yield Letter(
        "base64-never-encoded",
        mail(b"Content-Transfer-Encoding: base64\r\n\r\n" + words.encode(), **NEW),
        {"text": words.strip()},
    )
    yield Letter(
        "mail-in-mail-in-mail",
        mail(
            part(
                b"Subject: Fwd\r\n" + part(b"Subject: Fwd\r\n" + part("inner"), "message/rfc822"),
                "message/rfc822",
            ),
            **NEW,
        ),
        {"text": "inner"},
    )
    yield Letter(
        "empty",
        b"",
        {"text": "", "from_email": "", "flags": ["empty", "missing_date", "missing_from", "no_message_id"]},
    )


def nested(depth: int) -> bytes:
    inner = part(TEXT)
    for level in range(depth):
        inner = several("mixed", inner, boundary=f"b{level}")
    return inner


MAKERS = (usual, pages, wrapped, wrapped_by_outlook, shown_or_not, broken)


def all_structures() -> list[Letter]:
    return [letter for make in MAKERS for letter in make()]
