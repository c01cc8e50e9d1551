"""Mails in the structures that real programs make, built in ``tests.letters``, and what they mean."""

import re

import pytest

from feedback.channels.email.parse import parse
from tests.feedback.channels.email.test_parse import matches
from tests.letters.abroad import all_abroad
from tests.letters.attributions import all_attributions
from tests.letters.below import all_below
from tests.letters.bounces import all_bounces
from tests.letters.enclosed import all_enclosed
from tests.letters.endings import all_endings
from tests.letters.forwards import all_forwards
from tests.letters.heads import all_heads
from tests.letters.machines import all_machines
from tests.letters.notices import all_notices
from tests.letters.replies import all_replies
from tests.letters.spellings import all_spellings
from tests.letters.structures import all_structures
from tests.letters.unmarked import all_unmarked
from tests.letters.wrappers import all_wrappers

KINDS = (
    *(all_bounces, all_replies, all_forwards, all_notices, all_spellings, all_structures),
    *(all_abroad, all_attributions, all_endings, all_machines, all_heads, all_wrappers),
    *(all_below, all_enclosed, all_unmarked),
)
LETTERS = {letter.name: letter for make in KINDS for letter in make()}


def shown(value):
    """Return texts as a reader sees them: how many empty lines stand between paragraphs is no matter."""
    return re.sub(r"\n\s*\n+", "\n\n", value).strip() if isinstance(value, str) else value


class TestParse:
    @pytest.mark.parametrize("name", LETTERS)
    def test_understands(self, name):
        letter = LETTERS[name]
        found = parse(letter.raw).as_json()
        wrong = {
            key: (found[key], value)
            for key, value in letter.expected.items()
            if not matches(shown(found[key]), shown(value))
        }
        assert not wrong

    def test_is_asked_about_each_letter_under_a_name_of_its_own(self):
        assert len(LETTERS) == sum(len(make()) for make in KINDS)
