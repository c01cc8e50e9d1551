"""Folding undoes disguises and keeps the way back to the original characters."""

import pytest

from feedback.intake.folding import fold


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("ＨＥＬＬＯ　１２", "hello　12"),
            ("我的帳號", "我的账号"),
            ("sui\u200bcide", "suicide"),
            ("раssword", "password"),
            ("don’t", "don't"),
            ("𝓴𝓲𝓵𝓵", "kill"),
            ("привет", "привет"),
            ("，。！", "，。！"),
        ],
    )
    def test_writes_plainly(self, text, folded):
        assert fold(text).text == folded

    def test_reads_a_text_without_a_space_in_one_pass(self):
        """Looking ahead from each of its letters took five seconds for 20,000 of them, an hour for these."""
        assert fold("不" * 500_000).text == "不" * 500_000
        assert fold("aа" * 200_000).text == "aa" * 200_000

    def test_leads_back_to_the_original(self):
        text = "a\u200bb\u200bcd"
        folded = fold(text)
        start, end = folded.span(1, 3)

        assert text[start:end] == "b\u200bc"

    @pytest.mark.parametrize(
        ("text", "is_disguised"),
        [
            ("自\u200b杀", True),
            ("pаypal", True),
            ("abc\u202edef", True),
            ("👨\u200d👩\u200d👧 happy", False),
            ("می\u200cخواهم", False),
            ("plain", False),
        ],
    )
    def test_tells_a_disguise_from_honest_joiners(self, text, is_disguised):
        assert fold(text).is_disguised is is_disguised

    def test_keeps_the_joiners_an_emoji_needs(self):
        assert fold("👨\u200d👩\u200d👧").text == "👨\u200d👩\u200d👧"

    @pytest.mark.parametrize("text", ["我" * 200_000, "é" * 200_000])
    def test_comes_to_an_end_with_one_endless_word(self, text):
        # Looking for two alphabets from each letter on took minutes: beyond the time a test has.
        assert fold(text).text == text
