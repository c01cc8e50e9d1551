import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from feedback.themes import cluster as cluster_module
from feedback.themes.centres import OTHER
from feedback.themes.cluster import cluster, largest_first, settle, smallest_theme
from feedback.themes.sampling import sample
from feedback.themes.words import clean
from tests.blobs import blobs

SAMPLE = Path(__file__).parents[2] / "samples" / "themes_zh_en.tsv"


@pytest.fixture(scope="session")
def feedback(encode):
    """224 messages on 16 subjects, half Chinese, half English: texts, vectors, subjects, languages."""
    with SAMPLE.open() as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    texts = [row["text"] for row in rows]
    return (
        texts,
        encode(texts),
        np.array([row["theme"] for row in rows]),
        np.array([row["language"] for row in rows]),
    )


class TestCluster:
    def test_finds_the_subjects_of_chinese_and_english_feedback(self, feedback):
        texts, vectors, subjects, languages = feedback
        groups = cluster(texts, vectors, languages=languages)
        assert normalized_mutual_info_score(subjects, groups) > 0.78
        assert adjusted_rand_score(subjects, groups) > 0.55

    def test_puts_the_two_languages_of_one_subject_together(self, feedback):
        texts, vectors, subjects, languages = feedback
        groups = cluster(texts, vectors, languages=languages)
        chinese = languages == "zh"
        together = groups[chinese][:, None] == groups[~chinese][None, :]
        same = subjects[chinese][:, None] == subjects[~chinese][None, :]
        assert (together & same).sum() / same.sum() > 0.6

    def test_serves_a_mixed_set_no_worse_than_its_halves(self, feedback):
        texts, vectors, subjects, languages = feedback

        def quality(rows):
            found = cluster([texts[row] for row in rows], vectors[rows], languages=languages[rows])
            return normalized_mutual_info_score(subjects[rows], found)

        halves = [quality(np.flatnonzero(languages == language)) for language in ("zh", "en")]
        assert quality(np.arange(len(texts))) >= np.mean(halves) - 0.02

    def test_gives_the_same_groups_whatever_the_order(self, feedback):
        texts, vectors, _subjects, languages = feedback
        shuffled = np.random.default_rng(3).permutation(len(texts))
        once = cluster(texts, vectors, languages=languages)
        again = cluster([texts[row] for row in shuffled], vectors[shuffled], languages=languages[shuffled])
        np.testing.assert_array_equal(once[shuffled], again)

    def test_numbers_the_groups_by_size(self, feedback):
        texts, vectors, _subjects, _languages = feedback
        groups = cluster(texts, vectors)
        sizes = np.bincount(groups[groups >= 0])
        assert (np.diff(sizes) <= 0).all()

    def test_keeps_most_messages(self, feedback):
        texts, vectors, _subjects, _languages = feedback
        assert (cluster(texts, vectors) == OTHER).mean() < 0.05

    @pytest.mark.parametrize("count", [1, 2, 3, 7])
    def test_works_from_the_first_message(self, feedback, count):
        texts, vectors, _subjects, _languages = feedback
        groups = cluster(texts[:count], vectors[:count])
        assert groups.shape == (count,)
        assert (groups >= 0).any()

    def test_takes_nothing(self):
        assert cluster([], np.zeros((0, 512), np.float32)).shape == (0,)

    def test_leaves_blank_texts_out(self, encode):
        texts = ["no sound", "  ", "the sound is gone", "🙏", "", "sound missing"]
        groups = cluster(texts, encode(texts))
        assert groups[[1, 3, 4]].tolist() == [OTHER] * 3
        assert (groups[[0, 2, 5]] >= 0).all()

    def test_gives_identical_texts_one_group(self, encode):
        texts = ["Good app", "good app ", "GOOD APP", "it crashes", "crashing again", "crash at start"] * 5
        groups = cluster(texts, encode(texts))
        assert len({groups[row] for row in range(len(texts)) if row % 6 < 3}) == 1

    def test_refuses_vectors_of_other_messages(self):
        with pytest.raises(ValueError, match="2 texts, 1 vectors"):
            cluster(["a", "b"], np.ones((1, 4), np.float32))

    def test_assigns_what_a_sample_left_out(self, monkeypatch):
        vectors, member = blobs(6, 60)
        texts = [f"text{number}" for number in range(len(vectors))]
        monkeypatch.setattr(cluster_module, "SAMPLE_ABOVE", 150)
        groups = cluster(texts, vectors)
        assert adjusted_rand_score(member, groups) > 0.8
        assert (groups == OTHER).mean() < 0.1

    def test_finds_three_subjects_without_cutting_them_up(self):
        vectors, member = blobs(3, 150)
        groups = cluster([f"t{number}" for number in range(len(vectors))], vectors)
        assert adjusted_rand_score(member, groups) > 0.9

    def test_puts_what_a_sample_left_out_where_grouping_all_puts_it(self, feedback, monkeypatch):
        texts, vectors, _subjects, languages = feedback
        whole = cluster(texts, vectors, languages=languages)
        drawn = []
        monkeypatch.setattr(cluster_module, "SAMPLE_ABOVE", 170)
        monkeypatch.setattr(
            cluster_module,
            "sample",
            lambda *args, **kwargs: drawn.append(sample(*args, **kwargs)) or drawn[0],
        )
        parted = cluster(texts, vectors, languages=languages)
        # Nodes are sorted by their text.
        spelled = [clean(text) for text in texts]
        chosen = {sorted(set(spelled))[number] for number in drawn[0]}
        was_drawn = np.array([text in chosen for text in spelled])
        same = {
            group: np.bincount(whole[was_drawn & (parted == group)] + 1).argmax() - 1
            for group in set(parted[was_drawn])
        }
        expected = whole[~was_drawn]
        assert 40 < len(expected) < 60
        found = np.array([same[group] for group in parted[~was_drawn]])
        assert (found == expected).mean() >= 0.75

    def test_keeps_what_must_be_grouped(self, monkeypatch):
        vectors, member = blobs(4, 60)
        vectors, member = vectors[: 3 * 60 + 12], member[: 3 * 60 + 12]
        texts = [f"text{number}" for number in range(len(vectors))]
        monkeypatch.setattr(cluster_module, "SAMPLE_ABOVE", 60)
        groups = cluster(texts, vectors, always=member == 3)
        # Of twelve among a hundred and ninety a sample of a third would hold four.
        assert len(set(groups[member == 3])) == 1
        assert not set(groups[member == 3]) & set(groups[member != 3])


class TestSettle:
    def test_gives_a_stray_to_the_theme_it_resembles_and_leaves_odd_ones(self):
        vectors, member = blobs(3, 20)
        community = member.copy()
        community[[0, 20]] = 3, 4  # two strays, each a community of its own
        vectors[20] = -vectors[20]  # and one that resembles nothing
        settled = settle(vectors, community, np.ones(60, np.int64))
        assert settled[0] == member[0]
        assert settled[20] == OTHER

    def test_counts_messages_not_texts(self):
        vectors, _member = blobs(2, 20)
        community = np.zeros(40, np.int64)
        community[39] = 1
        sizes = np.ones(40, np.int64)
        sizes[39] = 50
        assert settle(vectors, community, sizes)[39] == 1


class TestSmallestTheme:
    def test_grows_slowly(self):
        assert [smallest_theme(count) for count in (1, 5, 100, 1_000, 100_000)] == [1, 1, 3, 6, 18]


class TestLargestFirst:
    def test_renumbers_and_keeps_other(self):
        assert largest_first(np.array([7, 7, OTHER, 2, 9, 9, 9])).tolist() == [1, 1, OTHER, 2, 0, 0, 0]
