"""Texts inside other formats: S/MIME, RTF, TNEF; and MIME trees that are badly made."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator

from tests.letters.structures import properties
from tests.letters.writing import Letter, mail, part, several

NEW = {"In-Reply-To": None, "References": None, "Subject": "Hello"}
TEXT = "My account was stolen, please lock it."
ZH = "我的账号被盗了，请冻结。"
FILE = b"%PDF-1.4 receipt"

SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")
COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")


def der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def ber(tag: int, *contents: bytes) -> bytes:
    """Return an element of indefinite length, as a program writes that signs while it sends."""
    return bytes((tag, 0x80)) + b"".join(contents) + b"\0\0"


def signed(content: bytes, *, is_stream: bool = False, chunk: int = 40) -> bytes:
    """Return a signed-data of ``content``; its certificates and signatures are left empty."""
    wrap = ber if is_stream else der
    if is_stream:
        pieces = [der(4, content[at : at + chunk]) for at in range(0, len(content), chunk)]
        octets = ber(0x24, *pieces)
    else:
        octets = der(4, content)
    inner = wrap(0x30, DATA, wrap(0xA0, octets))
    data = wrap(0x30, der(2, b"\1"), der(0x31), inner, der(0xA0), der(0x31))
    return wrap(0x30, SIGNED, wrap(0xA0, data))


def p7m(
    content: bytes, kind: str = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
) -> bytes:
    return part(content, kind, encoding="base64", Content_Disposition='attachment; filename="smime.p7m"')


def secured() -> Iterator[Letter]:
    entity = part(TEXT)
    tree = several(
        "mixed", part(ZH), part(FILE, "application/pdf", encoding="base64", Content_Disposition='attachment; filename="a.pdf"')
    )  # fmt: skip
    both = several("alternative", part(ZH), part(f"<p>{ZH}</p>", "text/html"), boundary="b2")
    flags = {"flags": ["signed", "smime"]}
    yield Letter(
        "secured-signed", mail(p7m(signed(entity)), **NEW), {"text": TEXT, "attachments": [{"filename": "smime.p7m"}], **flags}
    )  # fmt: skip
    yield Letter(
        "secured-stream", mail(p7m(signed(entity, is_stream=True)), **NEW), {"text": TEXT, **flags}
    )  # fmt: skip
    yield Letter(
        "secured-tree",
        mail(p7m(signed(tree)), **NEW),
        {
            "text": ZH,
            "attachments": [{"filename": "a.pdf", "size": len(FILE)}, {"filename": "smime.p7m"}],
            **flags,
        },
    )
    yield Letter(
        "secured-both",
        mail(p7m(signed(both, is_stream=True, chunk=1000)), **NEW),
        {"text": ZH, "html": f"<p>{ZH}</p>"},
    )
    for name, kind in {
        "old-type": "application/x-pkcs7-mime; smime-type=signed-data",
        "no-smime-type": 'application/pkcs7-mime; name="smime.p7m"',
        "octets": 'application/octet-stream; name="smime.p7m"',
        "lie": "application/pkcs7-mime; smime-type=enveloped-data",
    }.items():
        yield Letter(f"secured-{name}", mail(p7m(signed(entity), kind), **NEW), {"text": TEXT, **flags})
    yield Letter("secured-twice", mail(p7m(signed(p7m(signed(entity)))), **NEW), {"text": TEXT, **flags})
    invoice = part(
        signed(FILE),
        'application/pkcs7-mime; name="invoice.pdf.p7m"',
        encoding="base64",
        Content_Disposition='attachment; filename="invoice.pdf.p7m"',
    )
    yield Letter(
        "secured-file",
        mail(several("mixed", part(TEXT), invoice), **NEW),
        {"text": TEXT, "attachments": [{"filename": "invoice.pdf.p7m"}], "flags": []},
    )
    squeezed = der(0x30, COMPRESSED, der(0xA0, der(0x30, der(2, b"\0"), der(0x30), der(0x30, DATA, der(0xA0, der(4, zlib.compress(entity)))))))  # fmt: skip
    yield Letter(
        "secured-compressed",
        mail(p7m(squeezed, "application/pkcs7-mime; smime-type=compressed-data"), **NEW),
        {"text": TEXT, "flags": ["smime"]},
    )
    closed = der(0x30, ENVELOPED, der(0xA0, der(0x30, der(2, b"\0"), der(0x31, der(4, b"key")))))
    for name, kind in {
        "encrypted": "application/pkcs7-mime; smime-type=enveloped-data",
        "encrypted-lie": "application/pkcs7-mime; smime-type=signed-data",
    }.items():
        yield Letter(
            f"secured-{name}",
            mail(p7m(closed, kind), **NEW),
            {"text": "", "attachments": [{"filename": "smime.p7m"}], "flags": ["encrypted", "smime"]},
        )
    whole = signed(entity)
    for name, content in {
        "cut": whole[: len(whole) // 2],
        "garbage": b"\x30\x82\xff\xff" + bytes(range(256)),
        "deep": ber(0x30, b"") * 50,
        "length-lies": b"\x30\x84\xff\xff\xff\xff" + whole,
        "empty": b"",
    }.items():
        yield Letter(
            f"secured-broken-{name}",
            mail(p7m(content), **NEW),
            {"from_email": "kim@mail.example", "subject": "Hello"},
        )
    yield Letter(
        "secured-detached-empty",
        mail(
            p7m(
                der(0x30, SIGNED, der(0xA0, der(0x30, der(2, b"\1"), der(0x31), der(0x30, DATA), der(0x31))))
            ),
            **NEW,
        ),
        {"text": "", **flags},
    )


def rich(text: str) -> str:
    """Return RTF of ``text`` as Outlook writes it, letters beyond ASCII as \\uN with a replacement."""
    escaped = "".join(
        letter if letter.isascii() else f"\\u{ord(letter) - 0x10000 if ord(letter) > 0x7FFF else ord(letter)} ?" for letter in text
    )  # fmt: skip
    return (
        r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}{\colortbl ;\red0\green0\blue255;}"
        r"{\*\generator Riched20 10.0;}\viewkind4\uc1\pard\lang2052\f0\fs20 " + escaped + r"\par}"
    )


def squeezed(data: bytes) -> bytes:
    """Return ``data`` in the compressed RTF of MAPI, without a reference to what stood before."""
    body = b""
    for at in range(0, len(data), 8):
        body += b"\0" + data[at : at + 8]
    end = (207 + len(data)) % 4096
    if len(data) % 8:
        # The flags of the last run tell that a reference follows its letters: to itself, the end.
        start = len(body) - len(data) % 8 - 1
        body = body[:start] + bytes((1 << (len(data) % 8),)) + body[start + 1 :] + struct.pack(">H", end << 4)
    else:
        body += b"\1" + struct.pack(">H", end << 4)
    return struct.pack("<IIII", len(body) + 12, len(data), 0x75465A4C, zlib.crc32(body)) + body


def tnef(properties_of_message: bytes) -> bytes:
    value = struct.pack("<BII", 1, 0x00069003, len(properties_of_message)) + properties_of_message + bytes(2)
    return struct.pack("<IH", 0x223E9F78, 1) + value


def rich_texts() -> Iterator[Letter]:
    source = rich(ZH).replace(r"\par}", r"\par See \\ and \{this\}.\par\tab second {\b bold} line\line end}")
    text = f"{ZH}\nSee \\ and {{this}}.\n\tsecond bold line\nend"
    yield Letter("rich-alone", mail(part(source, "text/rtf", charset=None), **NEW), {"text": text})
    yield Letter(
        "rich-application", mail(part(source, "application/rtf", charset=None), **NEW), {"text": text}
    )
    yield Letter(
        "rich-beside-plain",
        mail(several("alternative", part(TEXT), part(source, "text/rtf", charset=None)), **NEW),
        {"text": TEXT, "attachments": []},
    )
    yield Letter(
        "rich-as-a-file",
        mail(
            several("mixed", part(TEXT), part(source, 'application/rtf; name="a.rtf"', charset=None)), **NEW
        ),
        {"text": TEXT, "attachments": [{"filename": "a.rtf"}]},
    )
    gbk = r"{\rtf1\ansi\ansicpg936 " + "".join(f"\\'{byte:02x}" for byte in "账号被盗".encode("gbk")) + "}"
    yield Letter("rich-code-page", mail(part(gbk, "text/rtf", charset=None), **NEW), {"text": "账号被盗"})
    raw = rb"{\rtf1\ansi\ansicpg936 " + "账号被盗".encode("gbk") + rb"\par now}"
    yield Letter(
        "rich-raw-bytes",
        mail(part(raw, "application/rtf", encoding="base64"), **NEW),
        {"text": "账号被盗\nnow"},
    )
    stored = struct.pack("<IIII", len(source) + 12, len(source), 0x414C454D, 0) + source.encode()
    for name, content in {"squeezed": squeezed(source.encode()), "stored": stored}.items():
        inner = tnef(properties((0x102, 0x1009, content)))
        yield Letter(
            f"rich-in-tnef-{name}",
            mail(part(inner, 'application/ms-tnef; name="winmail.dat"', encoding="base64"), **NEW),
            {"text": text, "flags": ["tnef"]},
        )
    page = (
        r"{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
        + rich(ZH)[rich(ZH).index("\\fs20 ") + 6 : -5]
        + r"{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 now\htmlrtf }\htmlrtf0{\*\htmltag92 </b>}{\*\htmltag72 </p>}\htmlrtf \par}\htmlrtf0 }"
    )
    yield Letter(
        "rich-from-html",
        mail(
            part(
                tnef(properties((0x102, 0x1009, squeezed(page.encode())))),
                "application/ms-tnef",
                encoding="base64",
            ),
            **NEW,
        ),
        {"text": f"{ZH}now", "html": f"<p>{ZH}<b>now</b></p>"},
    )
    for name, content in {
        "cut": squeezed(source.encode())[:-40],
        "garbage": struct.pack("<IIII", 9, 2**31, 0x75465A4C, 0) + bytes(range(200)),
        "bomb": struct.pack("<IIII", 400_000, 2**31, 0x75465A4C, 0) + b"\xff\x00\x0f" * 100_000,
    }.items():
        yield Letter(
            f"rich-broken-{name}",
            mail(
                part(tnef(properties((0x102, 0x1009, content))), "application/ms-tnef", encoding="base64"),
                **NEW,
            ),
            {"subject": "Hello", "attachments": [{"filename": "winmail.dat"}]},
        )


def trees() -> Iterator[Letter]:
    """Multiparts that are delimited, labelled or encoded wrongly."""
    plain, page = part(TEXT), part(f"<p>{TEXT}</p>", "text/html")
    pdf = part(FILE, "application/pdf", encoding="base64", Content_Disposition='attachment; filename="a.pdf"')
    one = {"text": TEXT, "attachments": [{"filename": "a.pdf", "size": len(FILE)}]}
    whole = several("mixed", plain, pdf)
    cases: dict[str, tuple[bytes, dict[str, object]]] = {
        "no-final-boundary": (whole[: whole.rindex(b"--")].rstrip(b"-\r\n") , one),
        "no-boundary-at-all-at-end": (whole[: whole.rindex(b"\r\n--")], one),
        "boundary-prefix-of-inner": (
            several("mixed", several("alternative", plain, page, boundary="abcd"), pdf, boundary="abc"), one,
        ),
        "boundary-with-signs": (several("mixed", plain, pdf, boundary="(a+b)*[c]?.$^"), one),
        "boundary-single-quoted": (whole.replace(b'boundary="----=_Part_7_1"', b"boundary='----=_Part_7_1'"), one),
        "boundary-with-space-inside": (several("mixed", plain, pdf, boundary="a b c"), one),
        "type-in-capitals": (whole.replace(b"multipart/mixed", b"MULTIPART/MIXED"), one),
        "spaces-in-type": (whole.replace(b"multipart/mixed", b"multipart / mixed").replace(b"application/pdf", b"application/ pdf"), one),
        "comment-in-type": (whole.replace(b"multipart/mixed", b"multipart/mixed (parts)"), one),
        "unknown-multipart": (whole.replace(b"multipart/mixed", b"multipart/x-new"), one),
        "whole-in-quoted-printable": (whole.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1), one),
        "part-without-blank-line": (
            b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\nMy account was stolen, please lock it.\r\n--b--\r\n', {"text": TEXT},
        ),
        "part-without-headers": (b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + TEXT.encode() + b"\r\n--b--\r\n", {"text": TEXT}),
        "mixed-line-ends": (whole.replace(b"\r\n", b"\n").replace(b"\n--", b"\r\n--"), one),
        "cr-cr-lf": (whole.replace(b"\r\n", b"\r\r\n"), one),
        "inner-closes-outer": (
            b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n\r\n--i\r\n' + plain + b"\r\n--i\r\n" + page + b"\r\n--o\r\n" + pdf + b"\r\n--o--\r\n", one,
        ),
        "related-root-last": (
            several("related", part(FILE, "image/png", encoding="base64", Content_ID="<a>"), page, parameters='; start="<r>"; type="text/html"'),
            {"text": TEXT, "attachments": [{"inline": True}]},
        ),
        "alternative-of-mixed": (
            several("alternative", plain, several("mixed", page, pdf, boundary="b2")), one,
        ),
        "html-labelled-plain": (part(f"<html><body><p>{TEXT}</p></body></html>", "text/plain"), {"text": TEXT}),
        "html-fragment-labelled-plain": (part(f"<div>{TEXT}</div>", "text/plain"), {"text": f"<div>{TEXT}</div>"}),
        "only-named-inline-text": (
            several("mixed", part(TEXT, 'text/plain; name="body.txt"', Content_Disposition='inline; filename="body.txt"')),
            {"text": TEXT, "attachments": [{"filename": "body.txt"}]},
        ),
        "only-named-text": (several("mixed", part(TEXT, 'text/plain; name="body.txt"')), {"text": TEXT, "attachments": [{"filename": "body.txt"}]}),
        "only-attached-text": (
            several("mixed", part(TEXT, 'text/plain; name="body.txt"', Content_Disposition='attachment; filename="body.txt"')),
            {"text": "", "attachments": [{"filename": "body.txt"}]},
        ),
        "named-page-of-mailer": (
            several("alternative", plain, part(f"<p>{TEXT}</p>", 'text/html; name="mail.html"')), {"text": TEXT, "html": f"<p>{TEXT}</p>", "attachments": []},
        ),
        "base64-without-label": (part(base64.b64encode(ZH.encode()).decode() * 1, "text/plain", encoding="7bit"), {"text": base64.b64encode(ZH.encode()).decode()}),
        "base64-of-one-line": (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(ZH.encode()), {"text": ZH}),
        "base64-with-junk": (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(ZH.encode())[:20] + b"\r\n!!\r\n" + base64.b64encode(ZH.encode())[20:], {"text": ZH}),
        "qp-lower-hex": (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=e8=b4=a6=e5=8f=b7", {"text": "账号"}),
        "qp-lone-equals": (b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=b, 5 = 5 and =ZZ end=\r\n", {"text": "a=b, 5 = 5 and =ZZ end"}),
        "qp-space-before-end": (b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nMy account was =  \r\nstolen, please lock it.\r\n", {"text": TEXT}),
        "qp-upper-label": (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: Quoted-Printable \r\n\r\n=E8=B4=A6", {"text": "账"}),
        "uuencode-part": (b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", {"text": "Cat"}),
        "eight-bit-in-seven": (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + ZH.encode(), {"text": ZH}),
        "rfc822-in-base64": (
            several("mixed", plain, part(b"Subject: Inner\r\n\r\nOld text", "message/rfc822", encoding="base64")),
            {"text": TEXT, "attachments": [{"filename": "Inner.eml", "content_type": "message/rfc822"}]},
        ),
        "rfc822-declared-with-headers-missing": (several("mixed", plain, part(b"Old text", "message/rfc822")), {"text": TEXT}),
        "partial": (part(b"Subject: Inner\r\n\r\nOld", 'message/partial; id="a"; number=1; total=2'), {"subject": "Hello"}),
        "external-body": (several("mixed", plain, part(b"Content-Type: image/png\r\n\r\n", 'message/external-body; access-type=URL; URL="https://shop.example/a.png"')), {"text": TEXT}),
        "apple-double": (
            several("mixed", plain, several("appledouble", part(b"\0\5\x16\7", "application/applefile", encoding="base64"), pdf, boundary="b2")),
            {"text": TEXT, "attachments": [{"content_type": "application/applefile"}, {"filename": "a.pdf"}]},
        ),
        "voice": (several("voice-message", plain, part(b"ID3", "audio/mpeg", encoding="base64", Content_Disposition="inline; filename=voice.mp3")), {"text": TEXT, "attachments": [{"filename": "voice.mp3"}]}),
        "two-texts": (several("mixed", part("First part."), part("Second part.")), {"text": "First part.\n\nSecond part."}),
        "text-picture-text": (
            several("mixed", part("Before."), part(FILE, "image/png", encoding="base64", Content_Disposition="inline; filename=a.png"), part("After.")),
            {"text": "Before.\n\nAfter.", "attachments": [{"filename": "a.png", "inline": True}]},
        ),
        "flowed": (part(b"My account \r\nwas stolen, \r\nplease lock it.", "text/plain; charset=utf-8; format=flowed"), {"text": TEXT}),
        "flowed-delsp-zh": (part("我的账号被盗了， \r\n请冻结。".encode(), "text/plain; charset=utf-8; format=flowed; delsp=yes"), {"text": ZH}),
        "empty-text-and-page": (several("alternative", part(" \n"), page), {"text": TEXT, "flags": ["html_only"]}),
        "same-file-twice": (several("mixed", plain, pdf, pdf), {"attachments": [{"filename": "a.pdf"}, {"filename": "a.pdf"}]}),
        "empty-file": (several("mixed", plain, part(b"", "application/pdf", encoding="base64", Content_Disposition="attachment; filename=a.pdf")), {"attachments": [{"filename": "a.pdf", "size": 0}]}),
        "invite-escaped": (part("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Call\\, then pay\nDESCRIPTION:one\\ntwo\\; three\nEND:VEVENT\nEND:VCALENDAR", "text/calendar"), {"text": "Call, then pay\none\ntwo; three"}),
        "invite-answered": (
            several("alternative", part("Kim has accepted."), part("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR", "text/calendar; method=REPLY")),
            {"text": "Kim has accepted.", "flags": ["calendar"]},
        ),
        "vcard": (several("mixed", plain, part("BEGIN:VCARD\nFN:Kim\nEND:VCARD", 'text/vcard; name="kim.vcf"')), {"text": TEXT, "attachments": [{"filename": "kim.vcf"}]}),
        "charset-list": (part(ZH.encode("gbk"), "text/plain; charset=gb2312,utf-8"), {"text": ZH}),
        "charset-ignore": (part(ZH.encode("gbk"), "text/plain; charset=gb2312//IGNORE"), {"text": ZH}),
        "charset-iso-10646": (part(ZH.encode(), "text/plain; charset=iso-10646"), {"text": ZH}),
        "charset-hz-in-utf8": (part(ZH.encode("hz"), "text/plain; charset=hz-gb-2312"), {"text": ZH}),
        "utf8-above-gbk": (part(f"{ZH}\r\n".encode() + "免责声明：含有保密信息".encode("gbk"), "text/plain; charset=utf-8"), {"text": f"{ZH}\n免责声明：含有保密信息", "flags": ["charset_repaired"]}),
        "utf8-above-latin1": (part(f"{ZH}\r\n".encode() + "Grüße aus Köln".encode("latin1"), "text/plain; charset=utf-8"), {"text": f"{ZH}\nGrüße aus Köln"}),
        "utf8-with-broken-byte": (part(ZH.encode()[:12] + b"\xff" + ZH.encode()[12:], "text/plain; charset=utf-8"), {"text": f"{ZH[:4]}\ufffd{ZH[4:]}"}),
        "letters-lost": (several("alternative", part("???????,????"), part(f"<p>{ZH}</p>", "text/html")), {"text": ZH}),
        "questions-meant": (several("alternative", part("What???? Why????"), part("<p>What???? Why????</p>", "text/html")), {"text": "What???? Why????"}),
        "gbk-and-utf8-parts": (several("mixed", part(ZH, charset="gbk"), part(ZH)), {"text": f"{ZH}\n\n{ZH}"}),
        "gb18030-emoji": (part("退款😭", charset="gb18030"), {"text": "退款😭"}),
    }  # fmt: skip
    for name, (body, expected) in cases.items():
        yield Letter(f"tree-{name}", mail(body, **NEW), expected)


def pages() -> Iterator[Letter]:
    cases = {
        "broken": ("<div>Hello <b>there<div>you</span></div><p>bye <a href='x>link</a>", "Hello there\nyou\n\nbye link"),
        "entities": ("a&nbsp;&lt;b&gt; &#39;c&#39; &hellip; &copy &amp;amp; &#0; &#xD800; &bogus;", "a <b> 'c' … © &amp; \ufffd \ufffd &bogus;"),
        "table": ("<table><tr><td>Order</td><td>42</td></tr><tr><td>Price</td><td>9.80</td></tr></table>", "Order 42\nPrice 9.80"),
        "halves-of-emoji": ("<p>&#55357;&#56832;&#55357; ok</p>", "😀\ufffd ok"),
        "bare-address": ("<p>From: Kim <kim@mail.example> <b>now</b></p>", "From: Kim <kim@mail.example> now"),
        "lists": ("<ol><li>open</li><li>tap</li></ol><ul><li>crash</li></ul>", "- open\n- tap\n\n- crash"),
        "hidden": ('<div style="display:none">preview</div><div>Hello</div><div hidden>x</div><span style="font-size:0;mso-hide:all">y</span><!-- z --><script>q()</script><style>p{}</style>', "Hello"),
        "preformatted": ("<pre>line 1\n  line 2\n</pre>", "line 1\n  line 2"),
        "breaks": ("one<br>two<br/>three<br><br>four", "one\ntwo\nthree\n\nfour"),
        "conditional": ("<![if !mso]><p>Hello</p><![endif]><o:p></o:p><!--[if mso]><p>hidden</p><![endif]-->", "Hello"),
    }  # fmt: skip
    for name, (markup, text) in cases.items():
        yield Letter(f"wrapped-page-{name}", mail(part(markup, "text/html"), **NEW), {"text": text})
    shown = several(
        "mixed",
        part('<p>See <img src="cid:a@1"></p>', "text/html"),
        part(b"PNG", "image/png", encoding="base64", Content_ID="<a@1>"),
    )
    yield Letter("wrapped-shown-without-disposition", mail(shown, **NEW), {"attachments": [{"inline": True}]})
    boundary = 'Content-Type: multipart/alternative; boundary="bad-µ"\r\n\r\n--bad-µ\r\nContent-Type: text/html\r\n\r\nHello\r\n'
    yield Letter("wrapped-boundary-beyond-ascii", mail(boundary.encode(), **NEW), {"text": "Hello"})


def all_wrappers() -> list[Letter]:
    return [letter for make in (secured, rich_texts, trees, pages) for letter in make()]
