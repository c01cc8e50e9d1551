from dataclasses import replace

import numpy as np

from feedback.themes.grouping import Texts, group_periods, keep_apart
from feedback.themes.identity import Fate


def directions(count: int) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(count, 64))


def around(centre: np.ndarray, count: int, *, seed: int, theme: int = -2) -> Texts:
    generator = np.random.default_rng(seed)
    points = centre + 0.4 * np.linalg.norm(centre) / 8 * generator.normal(size=(count, 64))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    texts = [f"word{seed} again" if number % 2 else f"word{seed} twice{number}" for number in range(count)]
    return Texts(texts, points.astype(np.float32), ["en"] * count, np.full(count, theme))


def together(*parts: Texts) -> Texts:
    return Texts(
        [text for part in parts for text in part.texts],
        np.vstack([part.vectors for part in parts]),
        [language for part in parts for language in part.languages],
        np.concatenate([part.themes for part in parts]),
    )


NONE = Texts([], np.zeros((0, 64), np.float32), [], np.zeros(0, np.int64))


class TestGroupPeriods:
    def test_hands_identities_on_and_finds_the_new_one(self):
        a, b, c = directions(3)
        past = together(around(a, 40, seed=1, theme=7), around(b, 40, seed=2, theme=8))
        present = together(around(a, 40, seed=3), around(c, 30, seed=5))
        found = group_periods(present, past)
        assert [(one.theme, one.fate, len(one.rows)) for one in found] == [
            (7, Fate.MATCHED, 40),
            (None, Fate.NEW, 30),
        ]
        assert found[0].labels["en"]
        assert found[0].reach <= (present.vectors[found[0].rows] @ found[0].centre).max()

    def test_recognises_the_theme_of_an_earlier_run(self):
        (a,) = directions(1)
        present = around(a, 40, seed=1)
        first = group_periods(present, NONE)
        again = group_periods(Texts(present.texts, present.vectors, present.languages, np.full(40, 12)), NONE)
        assert first[0].theme is None
        assert again[0].theme == 12

    def test_merges_no_theme_that_another_group_goes_on_with(self):
        a, b = directions(2)
        past = together(around(a, 40, seed=1, theme=7), around(a, 20, seed=1, theme=8))
        present = together(around(a, 40, seed=1), around(b, 30, seed=5, theme=8))
        first, second = group_periods(present, past)
        assert (first.theme, first.fate, first.parents) == (7, Fate.MATCHED, ())
        assert second.theme == 8

    def test_keeps_a_theme_whole_that_people_put_together(self):
        a, b = directions(2)
        past = together(around(a, 40, seed=1, theme=7), around(b, 40, seed=2, theme=7))
        present = together(around(a, 40, seed=3), around(b, 30, seed=5))
        apart = group_periods(present, past)
        whole = group_periods(present, past, undivided=frozenset({7}))
        assert [one.fate for one in apart] == [Fate.MATCHED, Fate.SPLIT]
        assert [(one.theme, len(one.rows)) for one in whole] == [(7, 70)]

    def test_names_no_theme_after_what_is_only_said_in_threads(self):
        pain, answers = directions(2)
        opened, answered = around(pain, 30, seed=1), around(answers, 30, seed=2)
        threads = np.arange(30)
        present = replace(together(opened, answered), threads=np.concatenate([threads, threads]))
        (found,) = group_periods(present, replace(NONE, threads=threads[:0]))
        assert found.rows.tolist() == [*range(60)]
        assert "word1" in found.labels["en"].lower()
        assert found.centre @ opened.vectors.mean(axis=0) > 0.9 > found.centre @ answered.vectors.mean(axis=0)

    def test_sets_small_talk_aside_where_there_are_no_threads(self):
        (a,) = directions(1)
        pain = around(a, 20, seed=1)
        thanks = replace(around(a, 20, seed=2), texts=["thank you", "thanks a lot"] * 10)
        (found,) = group_periods(together(pain, thanks), NONE)
        assert found.rows.tolist() == [*range(20)]

    def test_keeps_a_pinned_theme_of_small_talk(self):
        (a,) = directions(1)
        past = replace(around(a, 20, seed=1, theme=7), texts=["any news?", "any update?"] * 10)
        present = replace(around(a, 20, seed=2), texts=["any update?", "any news?"] * 10)
        assert group_periods(present, past) == []
        assert [one.theme for one in group_periods(present, past, pinned=frozenset({7}))] == [7]

    def test_names_a_theme_that_hardly_anybody_raises_by_its_past_as_well(self):
        a, b = directions(2)
        past = around(a, 40, seed=1, theme=7)
        present = together(around(a, 4, seed=3), around(b, 40, seed=5))
        small = group_periods(present, past)[1]
        assert (small.theme, len(small.rows)) == (7, 4)
        assert "word1" in small.labels["en"].lower()

    def test_takes_no_past_and_no_messages(self):
        assert group_periods(NONE, NONE) == []


class TestKeepApart:
    def test_divides_a_group_between_pinned_themes(self):
        a, _b = directions(2)
        b = a + 0.3 * _b
        past = together(around(a, 30, seed=1, theme=7), around(b, 30, seed=2, theme=8))
        present = together(around(a, 20, seed=3), around(b, 20, seed=5))
        vectors = np.vstack([present.vectors, past.vectors])
        one_group = np.zeros(100, np.int64)
        themes = np.concatenate([present.themes, past.themes])
        divided = keep_apart(one_group, vectors, themes, frozenset({8}))
        assert len(set(divided[:20])) == 1
        assert (divided[:20] != divided[20:40]).mean() > 0.9
        assert (keep_apart(one_group, vectors, themes, frozenset()) == 0).all()
