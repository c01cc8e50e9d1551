import math

import numpy as np
import pytest

from feedback.themes.trend import (
    Weight,
    compare,
    discoveries,
    over_represented,
    pooled_spread,
    split_change,
    wilson,
)


class TestCompare:
    def test_finds_the_theme_that_tripled_among_many(self):
        generator = np.random.default_rng(2)
        past = generator.negative_binomial(20, 0.25, size=(40, 6))
        present = generator.negative_binomial(20, 0.25, size=40)
        present[3] *= 4
        found = compare(present, past)
        assert found[3].is_significant
        assert found[3].ratio > 2
        assert sum(change.is_significant for change in found) <= 3

    def test_rarely_cries_wolf_over_the_usual_ups_and_downs(self):
        generator = np.random.default_rng(7)
        false = 0
        for _ in range(50):
            level = np.exp(generator.normal(3.5, 1, size=30))
            drift = generator.gamma(8, 1 / 8, size=(30, 7))
            counts = generator.poisson(level[:, None] * drift)
            false += any(change.is_significant for change in compare(counts[:, 6], counts[:, :6]))
        assert false <= 8

    def test_does_not_take_half_a_month_for_a_quiet_one(self):
        past = np.full((1, 6), 100)
        assert compare([50], past, exposure=0.5)[0].ratio == pytest.approx(1, abs=0.02)
        assert compare([50], past)[0].ratio == pytest.approx(0.5, abs=0.02)

    def test_ignores_past_periods_without_any_coverage(self):
        changes = compare([10], np.array([[0, 10, 10]]), past_exposure=[0, 1, 1])
        assert changes[0].expected == 10

    def test_is_sure_of_nothing_without_a_past(self):
        change = compare([500], np.zeros((1, 0)))[0]
        assert math.isnan(change.ratio)
        assert not change.is_significant

    def test_follows_the_formula(self):
        change = compare([40], np.array([[20, 20]]))[0]
        by_hand = math.log(40.5 / 20.5) / math.sqrt(1 / 40.5 + 0.1 + 1 / (2 * 20.5) + 0.1 / 2)
        assert change.z == pytest.approx(by_hand)

    def test_takes_themes_that_never_were(self):
        change = compare([30, 0], np.zeros((2, 6)))
        assert change[0].is_significant
        assert change[1].ratio == 1


class TestPooledSpread:
    def test_recovers_the_spread_of_the_data(self):
        generator = np.random.default_rng(0)
        counts = generator.poisson(200 * generator.gamma(4, 1 / 4, size=(60, 6)))
        assert pooled_spread(counts.astype(float), np.ones(6)) == pytest.approx(0.25, abs=0.06)


class TestDiscoveries:
    def test_follows_benjamini_and_hochberg(self):
        assert discoveries([0.001, 0.02, 0.9, 0.03], 0.05).tolist() == [True, True, False, True]
        assert discoveries([0.04, 0.9, 0.9, 0.9], 0.05).tolist() == [False] * 4

    def test_takes_none(self):
        assert discoveries([], 0.05).tolist() == []


class TestWilson:
    def test_agrees_with_the_tables(self):
        low, high = wilson(10, 50)
        assert (low, high) == (pytest.approx(0.1124, abs=1e-3), pytest.approx(0.3304, abs=1e-3))

    def test_stays_within_0_and_1(self):
        assert wilson(0, 10)[0] == 0
        assert wilson(10, 10)[1] == 1
        assert wilson(0, 0) == (0.0, 1.0)


class TestSplitChange:
    def test_adds_up(self):
        split = split_change(Weight(1_000, 50, 0.4), Weight(1_500, 120, 0.6))
        assert split.change == pytest.approx(120 * 0.6 - 50 * 0.4)
        assert split.volume + split.share + split.severity + split.new == pytest.approx(split.change)
        assert min(split.volume, split.share, split.severity) > 0

    def test_blames_volume_alone_when_only_more_people_wrote(self):
        split = split_change(Weight(1_000, 50, 0.5), Weight(2_000, 100, 0.5))
        assert split.volume == pytest.approx(25)
        assert split.share == pytest.approx(0)
        assert split.severity == pytest.approx(0)

    def test_counts_a_theme_without_a_past_as_new(self):
        assert split_change(Weight(1_000, 0, 0.0), Weight(1_000, 10, 0.5)).new == 5

    def test_counts_a_theme_that_vanished_as_share(self):
        assert split_change(Weight(1_000, 10, 0.5), Weight(1_000, 0, 0.0)).share == -5


class TestOverRepresented:
    def test_finds_the_version_that_broke(self):
        found = over_represented({"12.1": 40, "12.0": 10}, {"12.1": 300, "12.0": 700})
        assert [excess.value for excess in found] == ["12.1"]
        assert found[0].ratio == pytest.approx(0.8 / (260 / 950), rel=0.05)

    def test_says_nothing_on_few_people_or_on_the_usual_mix(self):
        assert over_represented({"ios": 4}, {"ios": 10, "android": 1_000}) == []
        assert over_represented({"ios": 50, "android": 50}, {"ios": 500, "android": 500}) == []
