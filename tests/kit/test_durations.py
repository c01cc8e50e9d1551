from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from config.kit.durations import heard, spoken


class TestSpoken:
    @pytest.mark.parametrize(
        ("length", "words"),
        [
            (timedelta(minutes=15), "15 min"),
            (timedelta(days=1, hours=12), "1 d 12 h"),
            (timedelta(seconds=90), "1 min 30 s"),
            (timedelta(), "0 min"),
        ],
    )
    def test_says_each_unit_once(self, length, words) -> None:
        assert spoken(length) == words
        assert heard(words) == length

    def test_is_read_back_in_chinese(self) -> None:
        with translation.override("zh-hans"):
            assert heard(spoken(timedelta(days=2, hours=3, minutes=4))) == timedelta(
                days=2, hours=3, minutes=4
            )


class TestHeard:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("90 minutes", timedelta(minutes=90)),
            ("1.5h", timedelta(minutes=90)),
            ("4 小时 30 分钟", timedelta(hours=4, minutes=30)),
            ("2D", timedelta(days=2)),
        ],
    )
    def test_takes_what_people_write(self, text, length) -> None:
        assert heard(text) == length

    @pytest.mark.parametrize("text", ["", "15", "soon", "15 min or so", "-1 h"])
    def test_names_nothing_without_a_number_and_a_unit(self, text) -> None:
        assert heard(text) is None
