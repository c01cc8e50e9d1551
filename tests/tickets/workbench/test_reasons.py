"""Reasons are read by an agent: each kind has its words, and what speaks against is told apart."""

import pytest

from feedback.analysis.calm import KINDS
from tickets.workbench.reasons import CALM, because


class TestBecause:
    def test_tells_what_decided_from_what_speaks_against(self):
        reasons = because(
            [
                {"code": "sentence", "text": "my account was hacked, it was me at work"},
                {"code": "calm", "name": "settled"},
                {"code": "near_harmless", "example": "a false alarm"},
            ]
        )

        assert [reason.weighs for reason in reasons] == ["decided", "against", "against"]
        assert reasons[1].label == "But it sounds settled"

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_words_for_each_kind_of_calm(self, kind):
        assert kind in CALM

    def test_leaves_an_unknown_code_as_it_is(self):
        assert because([{"code": "later", "text": "x"}])[0].label == "later"
