from __future__ import annotations

import pytest

from tickets.summaries.cards import value_name


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
