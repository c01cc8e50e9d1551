"""Well-formed mail, written by Python's own library, is read back exactly. Seeded."""

import base64
import random
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

import pytest

from feedback.channels.email.parse import parse
from tests.people import NOON

SENTENCES = (
    "视频加载失败，一直转圈，请尽快处理。",
    "我昨天充值了一百元，到现在还没有到账！",
    "影片一直載入失敗，請盡快處理，謝謝。",
    "The payment failed twice & I was charged — please refund.",
    "Le paiement a échoué à cause d'un problème.",
    "動画が再生できません。よろしくお願いします。",
    "Приложение не открывается, помогите пожалуйста.",
    "결제가 되지 않습니다. 확인해 주세요.",
)
NAMES = ("金小美", "Kim Gold", "Gold, Kim", 'O\'Neil "Bo"', "Ólafur", "陳大文", "やまだ")
CHARSETS = ("utf-8", "gb18030", "gbk", "big5", "iso-2022-jp", "shift_jis", "koi8-r", "euc-kr", "iso-8859-1")


def words(chance, count):
    return "\n".join(chance.choice(SENTENCES) for _number in range(count))


def modern(chance):
    """Return a mail as EmailMessage writes it, and what it must be read as."""
    text, name, subject = words(chance, chance.randint(1, 20)), chance.choice(NAMES), words(chance, 1)
    files = {f"{chance.choice(('截图', 'photo', '影 片'))} {number}.bin": chance.randbytes(chance.randint(1, 5000))
             for number in range(chance.randint(0, 3))}  # fmt: skip
    mail = EmailMessage(policy=SMTP.clone(cte_type=chance.choice(("7bit", "8bit"))))
    mail["From"] = Address(name, "kim", "example.org")
    mail["To"] = [Address(chance.choice(NAMES), f"to{number}", "example.org") for number in range(3)]
    mail["Subject"] = subject
    mail["Date"] = format_datetime(NOON)
    mail["Message-ID"] = "<m1@example.org>"
    mail.set_content(text, cte=chance.choice(("base64", "quoted-printable")))
    if chance.random() < 0.5:
        mail.add_alternative(f"<p>{text}</p>", subtype="html")
    for filename, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=filename)
    return mail.as_bytes(), name, subject, text, files


def old(chance):
    """Return a mail as older programs write it: charsets of the country, RFC 2047 words, split anywhere."""
    while True:
        charset, text = chance.choice(CHARSETS), words(chance, chance.randint(2, 8))
        try:
            text.encode(charset)
            break
        except UnicodeEncodeError:
            continue
    name, subject = "金小美", text.split("\n")[0]
    mail = MIMEMultipart()
    mail["From"] = f"{Header(name, 'utf-8').encode()} <kim@example.org>"
    encoded = subject.encode(charset)
    cut = chance.randint(0, len(encoded)) if charset != "iso-2022-jp" else len(encoded)
    halves = [base64.b64encode(half).decode() for half in (encoded[:cut], encoded[cut:])]
    mail["Subject"] = "\r\n ".join(f"=?{charset}?B?{half}?=" for half in halves)
    mail["To"] = "to0@example.org, to1@example.org, to2@example.org"
    mail["Message-ID"], mail["Date"] = "<m1@example.org>", format_datetime(NOON)
    mail.attach(MIMEText(text, "plain", charset))
    content = chance.randbytes(500)
    file = MIMEApplication(content)
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "截图 1.bin"))
    mail.attach(file)
    return mail.as_bytes(), name, subject, text, {"截图 1.bin": content}


class TestParse:
    @pytest.mark.parametrize("write", [modern, old])
    @pytest.mark.parametrize("seed", range(40))
    def test_reads_what_was_written(self, write, seed):
        raw, name, subject, text, files = write(random.Random(seed))
        mail = parse(raw)
        assert (mail.from_email, mail.from_name, mail.subject) == ("kim@example.org", name, subject)
        assert mail.to == ("to0@example.org", "to1@example.org", "to2@example.org")
        assert mail.text == text
        assert mail.reply_text == text
        assert {file.filename: file.content for file in mail.attachments} == files
        assert mail.date == NOON.isoformat()
        assert mail.flags == ()
