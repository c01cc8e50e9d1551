from __future__ import annotations

import pytest

from tickets.workbench import shown_text
from tickets.workbench.shown_text import Piece, fold_quote, pieces_of, spans_of


class TestFoldQuote:
    @pytest.mark.parametrize(
        "text",
        [
            "Still broken.\n\nOn Mon, 2 Nov 2026, Ana wrote:\n> We are on it.",
            "还是不行\n\n在 2026年11月2日，陈博 写道：\n> 我们在查",
            "Still broken.\n\n> We are on it.\n> Ana",
            "Still broken.\n\n-----Original Message-----\nFrom: Ana",
            "还是不行\n发件人：陈博\n主题：回复",
        ],
    )
    def test_cuts_off_what_was_quoted_below(self, text: str) -> None:
        own, quoted = fold_quote(text)
        assert own in ("Still broken.", "还是不行")
        assert quoted

    @pytest.mark.parametrize(
        "text",
        [
            "> all of it is a quote",
            "a > b is true\nand more",
            "> quoted\nanswer below the quote",
            "",
            "plain",
        ],
    )
    def test_leaves_alone_what_is_no_trailing_quote(self, text: str) -> None:
        assert fold_quote(text) == (text, "")

    def test_looks_at_no_line_again_and_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Fifty messages of nothing but line breaks held up the inbox of everybody."""
        looks = []

        class Counting:
            def match(self, line: str) -> None:
                looks.append(line)

        monkeypatch.setattr(shown_text, "_QUOTED", Counting())
        monkeypatch.setattr(shown_text, "_ATTRIBUTION", Counting())
        fold_quote("a\n" * 5000)
        assert len(looks) < 2 * 5001


class TestSpansOf:
    def test_keeps_only_what_really_stands_there(self) -> None:
        hits = [
            {"start": 0, "end": 2, "text": "退款", "category": "legal"},
            {"start": 3, "end": 5, "text": "退款", "category": "legal"},
            {"start": None, "end": 2, "text": "退款"},
            {"start": 0, "end": 0, "text": ""},
        ]
        assert spans_of(hits, "退款啊", key="category") == [(0, 2, "legal")]


class TestPiecesOf:
    def test_gives_back_every_character_in_order(self) -> None:
        text = "see https://example.org/a?b=1. 我要去12315投诉 <b>now</b>"
        pieces = pieces_of(text, [(33, 38, "legal")])
        assert "".join(piece.text for piece in pieces) == text
        assert [piece for piece in pieces if piece.mark or piece.link] == [
            Piece("https://example.org/a?b=1", link="https://example.org/a?b=1"),
            Piece(text[33:38], mark="legal"),
        ]

    def test_takes_no_other_scheme_for_a_link(self) -> None:
        assert pieces_of("javascript:alert(1) data:text/html,x") == [
            Piece("javascript:alert(1) data:text/html,x")
        ]

    def test_survives_overlapping_marks(self) -> None:
        pieces = pieces_of("abcdef", [(0, 4, "one"), (2, 6, "two")])
        assert pieces == [Piece("abcd", mark="one"), Piece("ef")]
