import numpy as np

from feedback.themes.identity import PRESENT, Fate, inherit


def months(*groups: tuple[int, dict[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return groups and old themes of the messages: ``(group, {old theme or PRESENT: count})``."""
    rows = [(group, old) for group, olds in groups for old, count in olds.items() for _ in range(count)]
    return np.array([group for group, _old in rows]), np.array([old for _group, old in rows])


class TestInherit:
    def test_hands_on_the_identity_of_the_majority(self):
        found = inherit(*months((0, {7: 40, PRESENT: 30}), (1, {8: 20, PRESENT: 30})))
        assert [(heir.theme, heir.fate) for heir in found.values()] == [(7, Fate.MATCHED), (8, Fate.MATCHED)]

    def test_calls_a_group_new_that_is_hardly_old(self):
        found = inherit(*months((0, {7: 50, PRESENT: 40}), (1, {7: 3, PRESENT: 40})))
        assert [(heir.theme, heir.fate) for heir in found.values()] == [(7, Fate.MATCHED), (None, Fate.NEW)]

    def test_lets_a_theme_grow_fivefold_and_stay_itself(self):
        found = inherit(*months((0, {7: 8, PRESENT: 40}), (1, {8: 192, PRESENT: 160})))
        assert [(heir.theme, heir.fate) for heir in found.values()] == [(7, Fate.MATCHED), (8, Fate.MATCHED)]

    def test_does_not_let_a_few_strays_name_what_is_new(self):
        found = inherit(
            *months((0, {7: 4, 8: 4, PRESENT: 40}), (1, {7: 96, PRESENT: 60}), (2, {8: 96, PRESENT: 60}))
        )
        assert found[0].fate is Fate.NEW

    def test_does_not_call_everything_new_when_the_month_grew(self):
        found = inherit(*months((0, {7: 10, PRESENT: 90}), (1, {8: 10, PRESENT: 90})))
        assert {heir.fate for heir in found.values()} == {Fate.MATCHED}

    def test_keeps_the_identity_with_the_larger_part_of_a_split(self):
        found = inherit(*months((0, {7: 20, PRESENT: 10}), (1, {7: 30, PRESENT: 10})))
        assert found[1].theme == 7
        assert (found[0].theme, found[0].fate, found[0].parents) == (None, Fate.SPLIT, (7,))

    def test_names_the_theme_that_merged_into_another(self):
        found = inherit(*months((0, {7: 40, 8: 30, PRESENT: 60})))
        assert (found[0].theme, found[0].fate, found[0].parents) == (7, Fate.MERGED, (8,))

    def test_takes_no_notice_of_what_is_in_no_group(self):
        assert inherit(*months((0, {7: 40, PRESENT: 30}), (-1, {9: 4}))).keys() == {0}

    def test_has_only_new_themes_in_the_first_month(self):
        found = inherit(*months((0, {PRESENT: 5}), (1, {PRESENT: 3})))
        assert [heir.fate for heir in found.values()] == [Fate.NEW, Fate.NEW]

    def test_lets_a_pinned_theme_live_on_in_a_mostly_new_group(self):
        rows = months((0, {7: 3, PRESENT: 60}), (1, {8: 60, PRESENT: 3}))
        assert inherit(*rows)[0].theme is None
        assert inherit(*rows, pinned=frozenset({7}))[0].theme == 7

    def test_takes_no_messages(self):
        assert inherit(np.zeros(0, np.int64), np.zeros(0, np.int64)) == {}
