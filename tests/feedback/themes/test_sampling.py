import numpy as np
import pytest

from feedback.themes.centres import OTHER
from feedback.themes.sampling import assign, sample
from tests.blobs import blobs


class TestSample:
    def test_holds_what_must_be_there(self):
        always = np.arange(1_000) % 100 == 7
        rows = sample(np.zeros(1_000, int), most=50, seed=0, always=always)
        assert len(rows) == 50
        assert set(np.flatnonzero(always)) <= set(rows)

    def test_takes_everything_that_fits(self):
        assert sample(np.array(["zh"] * 5), most=5, seed=0).tolist() == [0, 1, 2, 3, 4]

    def test_thins_languages_evenly_and_keeps_small_ones_whole(self):
        strata = np.array(["zh"] * 6_000 + ["en"] * 3_000 + ["ja"] * 9)
        rows = sample(strata, most=1_000, seed=0)
        counts = dict(zip(*np.unique(strata[rows], return_counts=True), strict=True))
        assert len(rows) <= 1_000
        assert counts["ja"] == 9
        assert counts["zh"] == pytest.approx(2 * counts["en"], abs=2)


class TestAssign:
    def test_goes_with_the_nearest(self):
        vectors, member = blobs(3, 30)
        grouped = np.flatnonzero(np.arange(90) % 3 > 0)
        rest = np.setdiff1d(np.arange(90), grouped)
        found = assign(vectors.astype(np.float16), rest, vectors[grouped], member[grouped], seed=0)
        assert (found == member[rest]).mean() > 0.95

    def test_calls_what_is_near_nothing_other(self):
        vectors, member = blobs(3, 30)
        odd = -vectors[:1]
        assert assign(odd, np.array([0]), vectors, member, seed=0).tolist() == [OTHER]

    def test_follows_neighbours_that_belong_nowhere(self):
        vectors, member = blobs(3, 30)
        groups = np.where(member == 1, OTHER, member)
        found = assign(vectors, np.flatnonzero(member == 1), vectors, groups, seed=0)
        assert (found == OTHER).mean() > 0.9
