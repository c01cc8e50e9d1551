"""Every sample under tests/samples/mail says beside it what it must turn into."""

import json
from pathlib import Path

import pytest

from feedback.channels.email.parse import parse

SAMPLES = Path(__file__).parents[3] / "samples" / "mail"


def matches(found, expected):
    """Return whether ``found`` has at least what ``expected`` says, lists in full."""
    if isinstance(expected, dict):
        return all(matches(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(matches, found, expected))
    return found == expected


class TestParse:
    @pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.eml")))
    def test_understands(self, name):
        found = parse((SAMPLES / f"{name}.eml").read_bytes()).as_json()
        expected = json.loads((SAMPLES / f"{name}.json").read_text())
        wrong = {
            key: (found[key], value) for key, value in expected.items() if not matches(found[key], value)
        }
        assert not wrong
