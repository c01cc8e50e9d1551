import numpy as np

from feedback.themes.quotes import choose_quotes


class TestChooseQuotes:
    def test_takes_typical_ones_that_differ(self, encode):
        texts = [
            "the refund never arrived",
            "The refund never arrived!",
            "my refund has been pending for weeks",
            "lovely weather",
        ]
        chosen = choose_quotes(texts, encode(texts), count=2)
        assert 3 not in chosen
        assert len({0, 1} & set(chosen)) <= 1

    def test_takes_one_a_person(self, encode):
        texts = ["refund never arrived", "where is the refund I asked for", "still waiting for my refund"]
        chosen = choose_quotes(texts, encode(texts), people=["kim", "kim", "lin"], count=3)
        assert len(chosen) == 2
        assert 2 in chosen

    def test_takes_nothing_from_nothing(self):
        assert choose_quotes([], np.zeros((0, 512), np.float32)) == []
