import numpy as np
import pytest

from feedback.themes import neighbours
from feedback.themes.neighbours import Index, closest, nearest


@pytest.fixture
def vectors():
    generator = np.random.default_rng(5)
    points = generator.normal(size=(40, 16))[generator.integers(0, 40, 5_000)] + 0.6 * generator.normal(
        size=(5_000, 16)
    )
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def by_hand(vectors: np.ndarray, count: int) -> np.ndarray:
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -1)
    return np.sort(similarity, axis=1)[:, ::-1][:, :count]


class TestNearest:
    def test_finds_exactly_the_best_up_to_the_limit(self, vectors):
        indices, cosines = nearest(vectors, count=10)
        np.testing.assert_allclose(cosines, by_hand(vectors, 10), atol=1e-5)
        np.testing.assert_allclose(np.einsum("nd,nkd->nk", vectors, vectors[indices]), cosines, atol=1e-5)

    def test_never_names_a_row_as_its_own_neighbour(self, vectors):
        indices, _cosines = nearest(vectors, count=5)
        assert not (indices == np.arange(len(vectors))[:, None]).any()

    def test_finds_nearly_all_of_them_cell_by_cell(self, vectors, monkeypatch):
        exact, _cosines = nearest(vectors, count=10)
        monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1_000)
        found, cosines = nearest(vectors, count=10)
        shared = np.mean([len(set(one) & set(two)) / 10 for one, two in zip(exact, found, strict=True)])
        assert shared > 0.9
        assert (cosines > -1).all()

    @pytest.mark.parametrize("limit", [1_000, 20_000])
    def test_finds_the_same_on_one_core_and_on_many(self, vectors, monkeypatch, limit):
        monkeypatch.setattr(neighbours, "EXACT_UP_TO", limit)
        monkeypatch.setattr(neighbours.os, "cpu_count", lambda: 1)
        alone = nearest(vectors, count=10)
        monkeypatch.setattr(neighbours.os, "cpu_count", lambda: 4)
        for one, many in zip(alone, nearest(vectors, count=10), strict=True):
            np.testing.assert_array_equal(one, many)

    @pytest.mark.parametrize("rows", [0, 1])
    def test_has_no_neighbours_for_less_than_two_rows(self, rows):
        indices, cosines = nearest(np.ones((rows, 3), np.float32), count=5)
        assert indices.shape == cosines.shape == (rows, 0)

    def test_gives_as_many_as_there_are(self):
        indices, _cosines = nearest(np.eye(3, dtype=np.float32), count=30)
        assert indices.shape == (3, 2)


class TestIndex:
    def test_finds_most_of_the_nearest_of_other_vectors(self, vectors):
        index = Index(vectors[:4_000], seed=0)
        found, cosines = index.nearest(vectors[4_000:], count=5)
        exact = np.argsort(-(vectors[4_000:] @ vectors[:4_000].T), axis=1)[:, :5]
        shared = np.mean([len(set(one) & set(two)) / 5 for one, two in zip(exact, found, strict=True)])
        assert shared > 0.7
        assert (np.diff(cosines, axis=1) <= 0).all()

    @pytest.mark.parametrize("rows", [1, 3, 12])
    def test_gives_as_many_as_there_are(self, vectors, rows):
        found, cosines = Index(vectors[:rows], seed=0).nearest(vectors[20:22], count=5)
        assert found.shape == cosines.shape == (2, min(rows, 5))
        assert (found < rows).all()


class TestClosest:
    def test_takes_the_centre_with_the_largest_cosine(self):
        vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32)
        assert closest(vectors, np.eye(2, dtype=np.float32)).tolist() == [0, 1, 1]
