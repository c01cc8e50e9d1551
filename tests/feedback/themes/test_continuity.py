import numpy as np
import pytest

from feedback.themes.continuity import deal, score_continuity


def subjects(count: int, each: int) -> tuple[list[str], list[str], np.ndarray]:
    """Return texts, subjects and unit vectors, those of one subject close together."""
    generator = np.random.default_rng(3)
    member = np.repeat(np.arange(count), each)
    points = generator.normal(size=(count, 64))[member] + 0.3 * generator.normal(size=(count * each, 64))
    texts = [f"subject{number} again {place}" for place, number in enumerate(member)]
    vectors = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    return texts, [str(number) for number in member], vectors


class TestDeal:
    def test_keeps_new_subjects_out_of_the_first_month(self):
        subject = np.repeat(np.arange(10), 30)
        first, second, new = deal(subject, seed=0)
        assert len(new) == 2
        assert not np.isin(subject[first], new).any()
        assert sorted([*first, *second]) == list(range(300))


class TestScoreContinuity:
    def test_gives_full_marks_where_subjects_are_plain(self):
        texts, labels, vectors = subjects(10, 40)
        found = score_continuity(texts, labels, vectors, ["en"] * len(texts))
        assert found.kept == pytest.approx(1, abs=0.2)
        assert found.new_recall == 1
        assert found.wrongly_new < 0.2

    def test_gives_none_where_labels_mean_nothing(self):
        texts, labels, vectors = subjects(10, 40)
        shuffled = np.random.default_rng(0).permutation(labels).tolist()
        found = score_continuity(texts, shuffled, vectors, ["en"] * len(texts))
        assert not found.new_recall > 0.5
