from __future__ import annotations

import pytest

from config.kit.text import clean_line, clean_text, number_in, shortened


class TestCleanText:
    def test_keeps_lines_and_whatever_people_write(self) -> None:
        assert clean_text(" 您好\r\n\t👋🏽\rBye \n") == "您好\n\t👋🏽\nBye"

    def test_takes_out_what_a_database_refuses(self) -> None:
        assert clean_text("a\x00b\x1b[31mc\x7f\ud800") == "ab[31mc\ufffd"


class TestCleanLine:
    def test_is_one_line(self) -> None:
        assert clean_line(" Re:\r\n  付款\x00失败 ") == "Re: 付款失败"

    def test_is_nothing_when_nothing_can_be_seen(self) -> None:
        assert clean_line(" \u200b\u2060 \u202e") == ""
        assert clean_line("\u200b👩\u200d🚀") == "\u200b👩\u200d🚀"


class TestShortened:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            (" It\n crashes\t", "It crashes"),
            ("x" * 10, "x" * 10),
            ("x" * 11, "x" * 9 + "…"),
            ("It always crashes", "It always…"),
            ("", ""),
        ],
    )
    def test_is_one_line_of_no_more_characters(self, text: str, shown: str) -> None:
        assert shortened(text, 10) == shown


class TestNumberIn:
    @pytest.mark.parametrize("text", ["", "-1", "1.5", "１２", "²", "1" * 19])
    def test_is_none_for_what_is_no_key(self, text: str) -> None:
        assert number_in(text) is None

    def test_is_the_number(self) -> None:
        assert number_in("0042") == 42
