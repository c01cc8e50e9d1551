import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback.themes.graph import build_graph, tf_idf


class TestTfIdf:
    def test_weighs_as_scikit_learn_does(self):
        spoken = [["video", "stuck", "video"], [], ["卡", "video"], ["卡", "卡", "卡", "闪退"]]
        theirs = TfidfVectorizer(analyzer=lambda own: own, sublinear_tf=True).fit_transform(spoken)
        np.testing.assert_allclose(tf_idf(spoken).toarray(), theirs.toarray(), rtol=1e-6)

    def test_has_no_words_where_nobody_used_one(self):
        assert tf_idf([[], []]).shape == (2, 0)


class TestBuildGraph:
    @staticmethod
    def joined(others: int) -> bool:
        """Tell whether two texts of a cosine of .37 are joined among so many others."""
        vectors = np.zeros((2 + others, 2 + others), np.float32)
        np.fill_diagonal(vectors, 1)
        vectors[1, :2] = 0.37, np.sqrt(1 - 0.37**2)
        languages = np.array(["en"] * len(vectors))
        return build_graph([[] for _ in vectors], vectors, languages)[0, 1] > 0

    def test_joins_what_is_farther_apart_among_few(self):
        assert self.joined(20)
        assert not self.joined(1_200)
