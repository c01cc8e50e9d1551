import numpy as np
import pytest

from feedback.themes.praise import is_bare_praise, join_praise


class TestIsBarePraise:
    @pytest.mark.parametrize(
        "text",
        [
            "love it",
            "Great app!!!",
            "I love this app so much",
            "nice",
            "Good 👍",
            "很好用",
            "不错[鲜花][鲜花]",
            "这个软件真的太棒了",
            "五星好评",
        ],
    )
    def test_knows_praise_of_nothing_in_particular(self, text):
        assert is_bare_praise(text)

    @pytest.mark.parametrize(
        "text",
        [
            "not good",
            "good videos, but they stutter",
            "love the new editor",
            "support",
            "the app",
            "不好用",
            "客服态度很好",
            "剪辑很好用",
            "软件",
            "[鲜花]",
            "👍",
            "",
            "muy buena",
            "good " * 50,
        ],
    )
    def test_leaves_what_says_more_or_nothing(self, text):
        assert not is_bare_praise(text)


class TestJoinPraise:
    def test_makes_one_theme_of_them(self):
        texts = [
            "love it",
            "love it!",
            "great app",
            "Great app!",
            "很好用",
            "真好用",
            "upload fails",
            "cannot upload",
        ]
        groups = np.array([1, 1, 2, 2, 3, 3, 0, 0])
        languages = ["en"] * 4 + ["zh-Hans"] * 2 + ["en"] * 2
        assert join_praise(groups, texts, languages).tolist() == [1, 1, 1, 1, 1, 1, 0, 0]

    def test_leaves_a_theme_that_holds_a_little_praise(self):
        texts = ["good", "good video quality", "good sound in the live", "great app", "great"]
        groups = np.array([0, 0, 0, 1, 1])
        assert join_praise(groups, texts, ["en"] * 5).tolist() == [0, 0, 0, 1, 1]

    def test_reads_only_languages_it_knows_and_messages_in_a_theme(self):
        groups = np.array([0, 0, -1, -1, 1, 1])
        texts = ["love it", "buena", "nice", "great", "good", "perfect"]
        languages = ["es", "es", "en", "en", "en", "en"]
        assert join_praise(groups, texts, languages).tolist() == groups.tolist()

    def test_takes_nothing(self):
        assert join_praise(np.zeros(0, np.int64), [], []).tolist() == []
