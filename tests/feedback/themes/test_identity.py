import numpy as np

from feedback.themes.identity import Fate, inherit


def months(*groups: tuple[int, dict[int | None, int]]) -> tuple[np.ndarray, list[int | None]]:
    """Return groups and old themes of the messages: ``(group, {old theme or None: count})``."""
    rows = [(group, old) for group, olds in groups for old, count in olds.items() for _ in range(count)]
    return np.array([group for group, _old in rows]), [old for _group, old in rows]


class TestInherit:
    def test_hands_on_the_identity_of_the_majority(self):
        found = inherit(*months((0, {7: 40, None: 30}), (1, {8: 20, None: 30})))
        assert [(heir.theme, heir.fate) for heir in found.heirs] == [(7, Fate.MATCHED), (8, Fate.MATCHED)]
        assert found.gone == ()

    def test_calls_a_group_new_that_is_hardly_old(self):
        found = inherit(*months((0, {7: 50, None: 40}), (1, {7: 3, None: 40})))
        assert [(heir.theme, heir.fate) for heir in found.heirs] == [(7, Fate.MATCHED), (None, Fate.NEW)]

    def test_lets_a_theme_grow_fivefold_and_stay_itself(self):
        found = inherit(*months((0, {7: 8, None: 40}), (1, {8: 192, None: 160})))
        assert [(heir.theme, heir.fate) for heir in found.heirs] == [(7, Fate.MATCHED), (8, Fate.MATCHED)]

    def test_does_not_let_a_few_strays_name_what_is_new(self):
        found = inherit(*months((0, {7: 4, 8: 4, None: 40}), (1, {7: 96, None: 60}), (2, {8: 96, None: 60})))
        assert found.by_group[0].fate is Fate.NEW

    def test_does_not_call_everything_new_when_the_month_grew(self):
        found = inherit(*months((0, {7: 10, None: 90}), (1, {8: 10, None: 90})))
        assert {heir.fate for heir in found.heirs} == {Fate.MATCHED}

    def test_keeps_the_identity_with_the_larger_part_of_a_split(self):
        found = inherit(*months((0, {7: 20, None: 10}), (1, {7: 30, None: 10})))
        by_group = found.by_group
        assert by_group[1].theme == 7
        assert (by_group[0].theme, by_group[0].fate, by_group[0].parents) == (None, Fate.SPLIT, (7,))
        assert by_group[0].overlap == 0.4

    def test_names_the_theme_that_merged_into_another(self):
        found = inherit(*months((0, {7: 40, 8: 30, None: 60})))
        assert (found.heirs[0].theme, found.heirs[0].fate, found.heirs[0].parents) == (7, Fate.MERGED, (8,))
        assert found.gone == ()

    def test_names_what_is_gone(self):
        found = inherit(*months((0, {7: 40, None: 30}), (-1, {9: 4})))
        assert found.gone == (9,)

    def test_has_only_new_themes_in_the_first_month(self):
        found = inherit(*months((0, {None: 5}), (1, {None: 3})))
        assert [heir.fate for heir in found.heirs] == [Fate.NEW, Fate.NEW]

    def test_lets_a_pinned_theme_live_on_in_a_mostly_new_group(self):
        rows = months((0, {7: 3, None: 60}), (1, {8: 60, None: 3}))
        assert inherit(*rows).by_group[0].theme is None
        assert inherit(*rows, pinned=frozenset({7})).by_group[0].theme == 7

    def test_takes_no_messages(self):
        assert inherit(np.zeros(0, np.int64), []).heirs == ()
