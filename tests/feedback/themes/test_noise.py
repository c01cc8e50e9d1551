import numpy as np

from feedback.themes.noise import unreadable
from tests.blobs import blobs


class TestUnreadable:
    def test_marks_a_group_with_neither_words_nor_meaning_in_common(self):
        generator = np.random.default_rng(0)
        noise = generator.normal(size=(30, 64))
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        sense, _member = blobs(1, 200)
        spoken = [[f"xq{number}"] for number in range(30)] + [["the", "app", "crashes"]] * 200
        community = np.array([0] * 30 + [1] * 200)
        marked = unreadable(
            spoken,
            np.vstack([noise, sense]).astype(np.float32),
            np.array(["en"] * 230),
            community,
            np.ones(230, np.int64),
        )
        assert marked[:30].all()
        assert not marked[30:].any()

    def test_marks_nothing_when_it_would_be_half_of_everything(self):
        generator = np.random.default_rng(0)
        noise = generator.normal(size=(40, 64)).astype(np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        spoken = [[f"xq{number}"] for number in range(40)]
        assert not unreadable(
            spoken, noise, np.array(["en"] * 40), np.zeros(40, np.int64), np.ones(40, np.int64)
        ).any()

    def test_marks_a_group_of_names_among_many_who_speak_plainly(self):
        vectors, member = blobs(2, 600, spread=0.1)
        names = [[f"ali{number}", f"khan{number}"] for number in range(600)]
        spoken = [*names, *[["the", "app", "crashes"]] * 600]
        ones = np.ones(1_200, np.int64)
        marked = unreadable(spoken, vectors, np.array(["en"] * 1_200), np.where(member, 1, 0), ones)
        assert not marked.any()  # half of everything
        few = np.r_[0:300, 600:1_200, 600:1_200]
        marked = unreadable(
            [spoken[row] for row in few],
            vectors[few],
            np.array(["en"] * len(few)),
            member[few],
            np.ones(len(few)),
        )
        assert marked[:300].all()
        assert not marked[300:].any()
