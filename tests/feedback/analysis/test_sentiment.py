"""Meaning, letters and words together say how content a message is."""

import numpy as np

from feedback.analysis.sentiment import heed_denial


class TestHeedDenial:
    def test_halves_meaning_and_letters_where_words_know_of_a_not(self):
        said = heed_denial(np.array([-2.0, -1.0, 0.5]), "nothing to complain about")
        assert said.tolist() == [-1.0, -0.5, 0.5]

    def test_leaves_what_agrees_with_the_words(self):
        said = np.array([-2.0, 1.0, -0.5])
        assert heed_denial(said, "不好用").tolist() == [-2.0, 0.5, -0.5]

    def test_leaves_a_text_that_denies_nothing_and_words_that_say_nothing(self):
        for said, text in (([-2.0, -1.0, 0.5], "complaints all day"), ([-2.0, -1.0, 0.0], "not here")):
            assert heed_denial(np.array(said), text).tolist() == said
