"""Mails that nobody thought of: every sample, broken at random places. Seeded, so a failure repeats."""

import json
import random
import time
from pathlib import Path

import pytest

from feedback.channels.email.parse import parse
from feedback.channels.email.parsed import FLAGS

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "mail").glob("*.eml"))
PIECES = (
    *(b"\0", b"\r\n\r\n", b"\r", b"\n", b"--", b"=?gb2312?B?", b"?=", b'"', b"<", b">", b";", b"=", b"\xff"),
    *(
        b"\xed\xa0\x80",
        b"Content-Type: multipart/mixed; boundary=",
        b"charset=utf-16",
        b"&#x110000;",
        b"*0*=''%",
    ),
    *(b"begin 644 x\r\n", b"\xe2\x80\xae", b"From: ", b"Date: 99999", b"charset=unicode_escape", b"=3D" * 9),
)


def broken(raw: bytes, chance: random.Random) -> bytes:
    for _time in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw) + 1)
        until = min(at + chance.choice((0, 0, 1, 5, 80)), len(raw))
        insert = chance.choice((b"", chance.choice(PIECES), raw[at:until] * 3, chance.randbytes(3)))
        raw = raw[:at] + insert + raw[until:]
    return raw


class TestParse:
    @pytest.mark.parametrize("seed", range(8))
    def test_never_raises_and_always_gives_what_can_be_stored(self, seed):
        chance = random.Random(seed)
        for _round in range(150):
            path = chance.choice(SAMPLES)
            raw = broken(path.read_bytes()[:20_000], chance)
            began = time.perf_counter()
            mail = parse(raw)
            assert time.perf_counter() - began < 2, path.name
            # PostgreSQL takes neither NUL nor lone surrogates; encode() raises on the latter.
            assert "\\u0000" not in json.dumps(mail.as_json())
            json.dumps(mail.as_json(), ensure_ascii=False).encode()
            assert set(mail.flags) <= set(FLAGS), path.name
