import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback.themes.graph import tf_idf


class TestTfIdf:
    def test_weighs_as_scikit_learn_does(self):
        spoken = [["video", "stuck", "video"], [], ["卡", "video"], ["卡", "卡", "卡", "闪退"]]
        theirs = TfidfVectorizer(analyzer=lambda own: own, sublinear_tf=True).fit_transform(spoken)
        np.testing.assert_allclose(tf_idf(spoken).toarray(), theirs.toarray(), rtol=1e-6)

    def test_has_no_words_where_nobody_used_one(self):
        assert tf_idf([[], []]).shape == (2, 0)
