"""Grams are the same numbers on every machine and in every process."""

import numpy as np

from feedback.analysis.features import BUCKETS, hashed, project


class TestHashed:
    def test_gives_sorted_distinct_buckets(self):
        buckets = hashed("视频 crashes crashes")

        assert list(buckets) == sorted(set(buckets.tolist()))
        assert buckets.max() < BUCKETS

    def test_does_not_depend_on_the_process(self):
        assert hashed("退款").tolist() == [6254, 10582, 11324]

    def test_tells_negation_apart(self):
        assert set(hashed("没有被盗")) != set(hashed("被盗了"))

    def test_finds_nothing_in_nothing(self):
        assert len(hashed("")) == 0


class TestProject:
    def test_is_the_product_with_the_unit_vector(self):
        weights = np.arange(BUCKETS, dtype=np.float32)[None, :]

        assert project(np.array([3, 5]), weights)[0] * np.sqrt(2) == 8

    def test_gives_zeros_for_a_text_without_grams(self):
        assert not project(hashed(""), np.ones((2, BUCKETS))).any()
