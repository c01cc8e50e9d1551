from __future__ import annotations

from itertools import permutations

import pytest

from config.kit.languages import is_foreign, nearest_language


class TestNearestLanguage:
    @pytest.mark.parametrize(
        ("wanted", "available", "nearest"),
        [
            ("zh-hans", ["en", "zh-Hans", "zh-Hant"], "zh-Hans"),
            ("zh", ["en", "zh-hans"], "zh-hans"),
            ("zh-TW", ["en", "ja", "zh-Hans"], "zh-Hans"),
            ("en-GB", ["en", "ja"], "en"),
            ("de", ["zh-hans", "en"], "en"),
            ("de", ["zh-hans", "ja"], "ja"),
            ("", ["zh-hans", "en"], "en"),
            ("en", [], None),
        ],
    )
    def test_is_the_same_tag_then_the_same_language_then_english(self, wanted, available, nearest) -> None:
        assert {nearest_language(wanted, order) for order in permutations(available)} == {nearest}


class TestIsForeign:
    @pytest.mark.parametrize(
        ("language", "wanted", "foreign"),
        [("zh-Hans", "zh-hant", False), ("en", "en-GB", False), ("ja", "en", True)],
    )
    def test_passes_over_scripts_and_regions(self, language, wanted, foreign) -> None:
        assert is_foreign(language, wanted) is foreign
