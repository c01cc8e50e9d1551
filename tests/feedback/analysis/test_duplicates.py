"""Messages are alike by meaning, unless a number or a "not" tells them apart."""

import pytest

from feedback.analysis.duplicates import SUGGESTED_FROM, contradicts, numbers, similarities, similarity
from feedback.analysis.encoder import encode


def alike(one, other):
    first, second = encode([one, other])
    return similarity(one, other, first, second)


class TestSimilarity:
    def test_suggests_the_same_problem_in_other_words(self):
        assert alike("视频一直打不开", "视频老是打不开") >= SUGGESTED_FROM

    def test_reaches_across_languages(self):
        assert alike("我的账号被盗了", "my account was hacked") > alike("我的账号被盗了", "画质不清楚") + 0.2

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("订单 20261101 没有到账", "订单 20261102 没有到账"),
            ("crashes since version 8.2.1", "crashes since version 8.3.0"),
            ("我的账号被盗了", "我的账号没有被盗"),
        ],
    )
    def test_does_not_suggest_another_number_or_the_opposite(self, one, other):
        assert alike(one, other) < SUGGESTED_FROM

    def test_suggests_the_very_same_text(self):
        assert alike("订单 20261101 没有到账", "订单 20261101 没有到账") == pytest.approx(1, abs=1e-5)

    def test_shows_another_order_with_the_same_trouble_and_not_its_opposite(self):
        assert alike("订单 20261101 没有到账", "订单 20261102 没有到账") >= 0.55
        assert alike("怎么绑定手机号", "怎么解绑手机号") < 0.55


class TestContradicts:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("充值30元没到账", "充值3000元没到账"),
            ("paid $5 and got nothing", "paid $9 and got nothing"),
            ("支持退货", "不支持退货"),
            ("it crashes", "it doesnt crash"),
            ("怎么绑定邮箱", "怎么解绑邮箱"),
            ("how do I block someone", "how do I unblock someone"),
            ("安卓手机装不上", "苹果手机装不上"),
            ("paid with paypal, nothing came", "paid with visa, nothing came"),
            ("从广州到深圳的车票", "从深圳到广州的车票"),
            ("I gave it to him, he is glad", "he gave it to him, I is glad"),
            ("the seller insulted me", "I insulted the seller"),
            ("the film plays without sound", "the sound plays without film"),
            ("my train to Bern was late", "my train from Bern was late"),
            ("how do I pin a note", "how do I unpin a note"),
            ("it crashes in Chrome", "it crashes in Firefox"),
            ("周一下单没发货", "周五下单没发货"),
        ],
    )
    def test_sees_what_tells_two_matters_apart(self, one, other):
        assert contradicts(one, other)
        assert contradicts(other, one)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("能不能退款", "能退款吗"),
            ("视频打不开", "视频无法打开"),
            ("退款到了没有？", "退款到了吗？"),
            ("怎么修改密码", "密码怎么修改"),
            ("won't load", "wont load"),
            ("android 14 crashes", "it crashes on my android 14 phone"),
            ("无缘无故封我的账号", "封我的账号"),
            ("无故扣了我的钱", "扣了我的钱"),
            ("when I search nothing comes up", "nothing comes up when I search"),
            ("I was charged twice", "you charged me twice"),
            ("unless it rains I ride", "it rains less, I ride"),
            ("", "视频打不开"),
        ],
    )
    def test_lets_the_same_said_otherwise_pass(self, one, other):
        assert not contradicts(one, other)


class TestSimilarities:
    def test_agrees_with_the_pairs(self):
        texts = ["订单 20261101 没有到账", "订单 20261102 没有到账", "画质不清楚"]
        vectors = encode(texts)

        found = similarities(texts[0], vectors[0], texts, vectors)

        pairs = [
            similarity(texts[0], text, vectors[0], vector)
            for text, vector in zip(texts, vectors, strict=True)
        ]
        assert found == pytest.approx(pairs, abs=1e-5)


class TestNumbers:
    def test_takes_what_names_a_case_and_not_small_counts(self):
        assert numbers("order 4711-22, v2.3.1, 3 times, ２０２６") == {"4711-22", "2.3.1", "2026"}
