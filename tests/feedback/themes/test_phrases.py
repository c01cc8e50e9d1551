import pytest

from feedback.themes.phrases import stem


class TestStem:
    @pytest.mark.parametrize(
        ("one", "two"),
        [("cards", "card"), ("crashing", "crashed"), ("stopped", "stop"), ("charges", "charged")],
    )
    def test_unites_the_forms_of_a_word(self, one, two):
        assert stem(one) == stem(two)

    def test_leaves_chinese_alone(self):
        assert stem("闪退") == "闪退"
