from __future__ import annotations

import pytest

from feedback.analysis.lexemes import MOST_LEXEMES, codes, lexemes, pairs, read_query, stem


class TestLexemes:
    def test_cuts_chinese_into_words_and_pairs(self) -> None:
        found = set(lexemes("视频一直加载不出来"))
        assert {"视频", "一直", "加载", "不出", "出来", "直加"} <= found

    def test_reads_traditional_and_full_width_as_plain(self) -> None:
        assert {"视频", "app"} <= set(lexemes("視頻 ＡＰＰ"))

    def test_keeps_codes_whole_and_in_parts(self) -> None:
        assert {"w-88412907", "88412907", "kim@example.org", "kim"} <= set(
            lexemes("W-88412907, kim@example.org")
        )

    def test_is_bounded(self) -> None:
        assert len(lexemes(" ".join(map(str, range(20_000))))) == MOST_LEXEMES
        assert max(map(len, lexemes("x" * 5000))) <= 80

    def test_keeps_codes_without_separators_and_letters_apart_from_digits(self) -> None:
        assert {"w", "88412907", "13800138000"} <= set(lexemes("W88412907, 138-0013-8000"))


class TestPairs:
    def test_of_one_character_is_that_character(self) -> None:
        assert pairs("卡") == ["卡"]


class TestCodes:
    def test_are_what_holds_a_digit_or_an_at(self) -> None:
        assert codes("订单号20261123004518，W-88412907 v8.4.2 kim@example.org hello 3").split() == [
            "20261123004518",
            "w-88412907",
            "v8.4.2",
            "kim@example.org",
            "w88412907",
        ]

    @pytest.mark.parametrize("piece", ["a", "a.", "@", "a@", ".", "1-"])
    def test_are_found_in_one_pass_over_whatever_was_written(self, piece: str) -> None:
        # A pattern that begins anew at each letter would not come back from this.
        assert len(codes(piece * 300_000)) <= 2000


class TestReadQuery:
    def test_wants_every_pair_of_a_short_chinese_phrase(self) -> None:
        assert read_query("加载失败").tsquery == "('加载' & '载失' & '失败')"

    def test_is_content_with_the_words_of_a_long_one(self) -> None:
        assert "|" in read_query("视频一直加载不出来").tsquery

    def test_finds_other_forms_of_english_words(self) -> None:
        assert read_query("Refunded payments").tsquery == "'refund':* & 'pay':*"
        assert read_query("is it").tsquery == "'is' & 'it'"

    def test_leaves_out_what_says_nothing_beside_what_does(self) -> None:
        assert read_query("the refund of my payment").tsquery == read_query("refund payment").tsquery

    def test_takes_a_single_character_for_the_beginning_of_a_word(self) -> None:
        assert read_query("卡").tsquery == "('卡':*)"

    @pytest.mark.parametrize("text", ["W88412907", "w-88412907", "Ｗ－８８４１２９０７"])
    def test_looks_for_letters_and_digits_of_a_code_apart(self, text: str) -> None:
        assert "('w' & '88412907':*)" in read_query(text).tsquery

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("E-10042", 10042),
            ("#10042", 10042),
            ("10042", 10042),
            ("E10", None),
            ("Ｅ－１００４２", 10042),
            ("工单10042", 10042),
            ("Ticket #10042", 10042),
            ("order 10042", None),
        ],
    )
    def test_knows_a_ticket_number(self, text: str, number: int | None) -> None:
        assert read_query(text).number == number

    @pytest.mark.parametrize(
        ("text", "fragment"), [("3004518", "3004518"), ("kim@", "kim@"), ("refund", ""), ("a b1", "")]
    )
    def test_knows_a_piece_of_a_code(self, text: str, fragment: str) -> None:
        assert read_query(text).fragment == fragment

    @pytest.mark.parametrize("text", ["", "  ", "!!!", "'); drop", "\\", "'' & | !", "\x00", "a:*", "<->"])
    def test_survives_anything(self, text: str) -> None:
        read_query(text)


class TestStem:
    def test_leaves_at_least_three_letters_and_numbers_alone(self) -> None:
        assert (stem("bugs"), stem("ads"), stem("v8s"), stem("refunding")) == ("bug", "ads", "v8s", "refund")
