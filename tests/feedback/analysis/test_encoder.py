"""Vectors carry meaning across languages, scripts and spellings."""

import numpy as np
import pytest

from feedback.analysis.encoder import DIMENSIONS, encode, encode_sentences, plain


class TestEncode:
    def test_gives_unit_vectors(self):
        vectors = encode(["视频打不开", "First. Second one! 第三句。"])

        assert (vectors.shape, vectors.dtype) == ((2, DIMENSIONS), np.float32)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)

    def test_gives_zeros_for_a_text_without_words(self):
        assert not encode(["👍", ""]).any()

    def test_puts_the_same_meaning_together_across_languages(self):
        zh, en, other = encode(["我的账号被盗了", "my account was hacked", "the food was cold"])

        assert zh @ en > 0.6 > zh @ other + 0.2

    def test_reads_traditional_full_width_and_capital_letters_alike(self):
        one, two = encode_sentences(["我的帳號被盜了", "我的账号被盗了"])
        three, four = encode_sentences(["MY ＡＣＣＯＵＮＴ was hacked", "my account was hacked"])

        assert one @ two == pytest.approx(1, abs=1e-5)
        assert three @ four == pytest.approx(1, abs=1e-5)

    def test_takes_nothing(self):
        assert encode([]).shape == (0, DIMENSIONS)


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("heeelp meee", "heelp mee"),
            ("i wanna kms", "i want to kill myself"),
            ("我想紫砂", "我想自杀"),
            ("紫砂壶真好看", "紫砂壶真好看"),
            ("see https://example.com/x now", "see now"),
        ],
    )
    def test_spells_out_what_the_encoder_does_not_know(self, text, expected):
        assert plain(text) == expected
