"""The texts the models are built from: well formed, distinct, and none of them held-out."""

from collections import Counter

import pytest

from feedback.analysis.sentiment import TONES
from feedback.analysis.topic import TOPICS
from feedback.analysis.training.corpus import DATA, cases, everyday, moods, rated
from feedback.analysis.urgency import CATEGORIES, NONE

_HELD_OUT = sorted((DATA / "dev").glob("*.tsv"))


class TestHeldOutTexts:
    @pytest.mark.parametrize("file", _HELD_OUT, ids=lambda file: file.stem)
    def test_are_never_learned_from(self, file):
        learned = {case.text for case in cases()} | {mood.text for mood in moods()}
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line]

        assert len(rows) >= 40
        assert not {text for row in rows for text in row[1:]} & learned


class TestCases:
    def test_have_known_categories(self):
        assert {case.category for case in cases()} == {*CATEGORIES, NONE}

    def test_are_plenty_in_both_languages(self):
        counts = Counter(
            (case.category, case.file[-6:]) for case in cases() if case.file.endswith(("_zh.tsv", "_en.tsv"))
        )

        assert len(counts) == 2 * (len(CATEGORIES) + 1)
        assert min(counts.values()) >= 100

    def test_hold_no_text_under_two_categories(self):
        by_text: dict[str, set[str]] = {}
        for case in cases():
            by_text.setdefault(case.text, set()).add(case.category)

        assert [text for text, categories in by_text.items() if len(categories) > 1] == []


class TestEveryday:
    def test_names_known_topics_and_emotions(self):
        assert {one.topic for one in everyday()} == set(TOPICS)
        assert {one.emotion for one in everyday()} == {"angry", "afraid", "sad", "content", "neutral"}


class TestMoods:
    def test_name_the_five_emotions_in_both_languages(self):
        counts = Counter((one.emotion, one.file.rpartition("_")[2]) for one in moods())

        assert {emotion for emotion, _ in counts} == set(TONES)
        assert min(counts.values()) >= 30

    def test_lie_between_discontent_and_content(self):
        assert all(-1 <= one.content <= 1 for one in rated())
        assert all(one.content > 0 for one in moods() if one.emotion == "joy")
        assert all(one.content < 0 for one in moods() if one.emotion in ("anger", "fear", "sadness"))
