import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.env import ROOT
from feedback.channels.email import child
from feedback.channels.email.body import MOST_SECURED
from feedback.channels.email.mail_parse import LIMITS
from feedback.channels.email.parse import parse
from feedback.channels.email.sandbox import Limits, parse_safely
from tests.letters.wrappers import p7m, signed
from tests.letters.writing import mail, part, several

SAMPLES = Path(__file__).parents[3] / "samples" / "mail"


class TestParseSafely:
    def test_says_the_same_as_the_parser(self):
        raw = (SAMPLES / "tnef.eml").read_bytes()
        assert parse_safely(raw) == parse(raw)

    def test_brings_the_contents_of_attachments(self):
        mail = parse_safely((SAMPLES / "mime-related-inline.eml").read_bytes())
        assert [attachment.content[:4] for attachment in mail.attachments] == [b"\x89PNG", b"\x89PNG"]

    def test_survives_a_child_out_of_memory(self):
        raw = (SAMPLES / "plain-en.eml").read_bytes() + b"x" * 20_000_000
        mail = parse_safely(raw, limits=Limits(memory_bytes=60 * 1024 * 1024))
        assert "parse_failed" in mail.flags
        assert mail.from_email == "kim@example.cn"
        assert mail.text.startswith("Hello,")

    def test_survives_a_child_that_does_not_end(self):
        mail = parse_safely((SAMPLES / "plain-en.eml").read_bytes(), limits=Limits(wall_seconds=0.001))
        assert {"parse_failed", "timeout"} <= set(mail.flags)
        assert mail.subject == "The video will not load"

    @pytest.mark.parametrize("kind", ["mixed", "alternative"])
    def test_opens_few_of_many_packed_files(self, kind):
        packed = p7m(signed(part(b"%PDF", "application/pdf; name=a.pdf", encoding="base64")))
        inner = [several(kind, packed, boundary=f"b{number}") for number in range(20)]
        files = [file.filename for file in parse_safely(mail(several("mixed", *inner))).attachments]
        assert (files.count("a.pdf"), files.count("smime.p7m")) == (MOST_SECURED, 20)

    def test_hands_over_no_more_than_its_caller_can_hold(self, monkeypatch, capsysbinary):
        monkeypatch.setattr(child, "MOST_OUTPUT", 100)
        monkeypatch.setattr(child.resource, "setrlimit", lambda *_limit: None)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((SAMPLES / "tnef.eml").read_bytes())))
        with pytest.raises(ValueError, match="could not hold"):
            child.main("parse", 1, 1)
        assert capsysbinary.readouterr().out == b""

    def test_survives_a_child_that_cannot_run(self, monkeypatch):
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        mail = parse_safely(b"From: kim@example.cn\n\nx")
        assert mail.flags == ("parse_failed", "sandbox_failed")


NASTY = {
    "100,000 headers": b"X-A: b\r\n" * 100_000 + b"From: kim@example.cn\r\nSubject: late\r\n\r\nbody",
    "40 kB To": b"To: " + b'"\\' * 20_000 + b"\r\nSubject: late\r\n\r\nbody",
    "50 kB of blank lines": b"Subject: late\r\n\r\n" + b"\r\n" * 25_000 + b"body",
    "40 kB On x x x": b"Subject: late\r\n\r\nbody\r\nOn " + b"x " * 20_000 + b"wrote:",
    "a million tags": b"Subject: late\r\nContent-Type: text/html\r\n\r\nbody" + b"<a " * 1_000_000,
    "parts in parts": b"".join(
        b"Subject: late\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(2_000)
    ),
    "broken base64": b"Subject: late\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"Ym9keQ==" * 500_000,
    "a long character reference": b"Subject: late\r\nContent-Type: text/html\r\n\r\nbody &#" + b"9" * 100_000,
    "soft lines": b"Subject: late\r\nContent-Type: text/plain; format=flowed\r\n\r\nbody"
    + b"a \r\n" * 500_000,
}


class TestCommand:
    def run(self, raw):
        began = time.perf_counter()
        command = [sys.executable, str(ROOT / "manage.py"), "mail_parse"]
        done = subprocess.run(command, input=raw, capture_output=True, timeout=60, check=True)
        assert done.stderr == b""
        lines = done.stdout.decode().splitlines()
        assert len(lines) == 1
        return json.loads(lines[0]), time.perf_counter() - began

    def test_prints_one_object_with_the_documented_fields(self):
        mail, _seconds = self.run((SAMPLES / "filename-2231.eml").read_bytes())
        assert set(mail) >= {
            *("from_email", "from_name", "to", "cc", "reply_to", "subject", "text", "html", "reply_text"),
            *("attachments", "message_id", "in_reply_to", "references", "date", "auto_submitted"),
            *("bounce", "flags"),
        }
        assert set(mail["attachments"][0]) >= {"filename", "content_type", "size", "sha256", "inline"}

    @pytest.mark.parametrize("name", NASTY)
    def test_answers_on_nasty_mail(self, name):
        mail, seconds = self.run(NASTY[name])
        assert mail["subject"] == "late"
        assert seconds < 5

    @pytest.mark.parametrize("name", NASTY)
    def test_needs_no_salvage_for_nasty_mail(self, name):
        # Time of the processor, not of the clock: a busy machine proves nothing.
        began = time.process_time()
        assert parse(NASTY[name]).subject == "late"
        assert time.process_time() - began < LIMITS.cpu_seconds

    def test_answers_on_nothing(self):
        mail, _seconds = self.run(b"")
        assert "empty" in mail["flags"]
