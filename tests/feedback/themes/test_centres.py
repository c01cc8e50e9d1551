import numpy as np

from feedback.themes.centres import nearest_theme, theme_centres


class TestThemeCentres:
    def test_are_unit_means_without_the_rows_of_no_theme(self):
        vectors = np.array([[1, 0], [0, 1], [0, 1], [-1, 0]], np.float32)
        centres = theme_centres(vectors, np.array([0, 0, 1, -1]))
        np.testing.assert_allclose(centres, [[0.7071, 0.7071], [0, 1]], atol=1e-4)


class TestNearestTheme:
    def test_gives_the_nearest_within_reach(self):
        centres = np.eye(3, dtype=np.float32)
        vectors = np.array([[1, 0, 0], [0.6, 0.8, 0], [0.58, 0.58, 0.58]], np.float32)
        assert nearest_theme(vectors, centres, np.array([0.7, 0.7, 0.7])).tolist() == [0, 1, -1]

    def test_has_nowhere_to_put_anything_without_themes(self):
        assert nearest_theme(
            np.ones((2, 3), np.float32), np.zeros((0, 3), np.float32), np.zeros(0)
        ).tolist() == [-1, -1]
