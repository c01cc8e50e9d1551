"""docs/mail-parser.md names every key and every flag that the parser may give."""

import re

from config.env import ROOT
from feedback.channels.email.parsed import FLAGS, ParsedMail

KEYS, FLAG_TABLE = (ROOT / "docs" / "mail-parser.md").read_text().split("## Flags")


class TestParsedMail:
    def test_has_the_keys_explained(self):
        explained = re.findall(r"`([a-z_]+)`", "".join(re.findall(r"(?m)^\|([^|]+)\|", KEYS)))
        assert explained == list(ParsedMail().as_json())


class TestFlags:
    def test_are_explained_in_the_words_of_the_code(self):
        assert dict(re.findall(r"(?m)^\| `([a-z_]+)` \| (.+) \|$", FLAG_TABLE)) == FLAGS
