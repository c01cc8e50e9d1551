from __future__ import annotations

import pytest

from tickets.summaries.shown import spread, value_name


class TestValueName:
    @pytest.mark.parametrize(
        ("dimension", "value", "called"),
        [
            ("language", "zh-Hans", "简体中文"),
            ("language", "und", "not known"),
            ("channel", "rest", "App and website"),
            ("version", "8.4.0", "8.4.0"),
            ("platform", "", "not known"),
        ],
    )
    def test_calls_codes_as_people_do(self, dimension: str, value: str, called: str) -> None:
        assert value_name(dimension, value) == called


class TestSpread:
    def test_moves_labels_apart_as_little_as_needed(self) -> None:
        assert spread([50, 52, 90], least=15) == [50, 65, 90]

    def test_moves_up_only_what_would_leave_the_picture(self) -> None:
        assert spread([8, 170, 175, 178], least=15) == [8, 150, 165, 180]

    def test_takes_nothing(self) -> None:
        assert spread([], least=15) == []
