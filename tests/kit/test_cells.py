from __future__ import annotations

from datetime import date

import pytest

from config.kit.cells import safe_cell


class TestSafeCell:
    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1+1",
            "\r=1",
            "\nx",
            "  =HYPERLINK(1)",
            "\u00a0=1",
            "\u200b=1",
            "\ufeff=1",
            "\u3000＝1+1",
            "＝1+1",
            "＋1+1",
            "－A1",
            "＠x",
            "-",
        ],
    )
    def test_quotes_what_starts_a_formula(self, text: str) -> None:
        assert safe_cell(text) == "'" + text

    @pytest.mark.parametrize("value", ["视频卡住", "a=b", "", "1+1", "-3.5", "+7", " -12", 5, -5, 2.5, None])
    def test_leaves_the_rest(self, value: object) -> None:
        assert safe_cell(value) is value

    def test_leaves_dates(self) -> None:
        assert safe_cell(date(2026, 11, 1)) == date(2026, 11, 1)
