"""Words, emoji and ratings say for or against; negation, wishes and turns change what they say."""

import pytest

from feedback.analysis.opinions import said_by_words


class TestSaidByWords:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("zh", "很好用"),
            ("zh", "不难用"),
            ("zh", "没有不好"),
            ("zh", "yyds"),
            ("zh", "真香"),
            ("en", "not bad at all"),
            ("en", "can't complain"),
            ("en", "never lets me down"),
            ("pt", "adorei"),
            ("ru", "отлично"),
            ("und", "👍"),
            ("und", "⭐⭐⭐⭐⭐"),
            ("en", "9/10"),
            ("zh", "五星"),
        ],
    )
    def test_is_above_nothing_for_praise(self, language, text):
        assert said_by_words(text, language) > 0.1

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("zh", "不好用"),
            ("zh", "不是很好用"),
            ("zh", "割韭菜"),
            ("zh", "好看是好看，但是太卡了，闪退"),
            ("en", "not good"),
            ("en", "nothing but ads"),
            ("en", "thanks for nothing"),
            ("es", "no me gusta"),
            ("ja", "好きじゃない"),
            ("und", "😡"),
            ("en", "1 star"),
            ("zh", "一星都嫌多"),
            ("und", "★☆☆☆☆"),
        ],
    )
    def test_is_below_nothing_for_blame(self, language, text):
        assert said_by_words(text, language) < -0.1

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("zh", "没有想象中好用"),
            ("zh", "不如图片里好看"),
            ("zh", "以前挺好用，现在全是广告"),
            ("en", "it used to be great, now it stutters"),
        ],
    )
    def test_turns_praise_round_that_is_denied_by_a_comparison_or_past(self, language, text):
        assert said_by_words(text, language) < 0

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("zh", "挑不出什么毛病"),
            ("zh", "闪退修好了"),
            ("zh", "没再出过问题"),
            ("en", "the crashes are finally gone"),
        ],
    )
    def test_turns_blame_round_that_is_over_or_not_to_be_found(self, language, text):
        assert said_by_words(text, language) > 0

    def test_hears_how_strongly_a_denied_word_is_meant_in_a_long_sentence(self):
        long = "客服说这周会有人上门来看一下机器的情况，做工"
        assert said_by_words(f"{long}非常不精致", "zh") < said_by_words(f"{long}不精致", "zh") < 0

    def test_is_nothing_without_a_word_for_or_against(self):
        for text in ("", "怎么绑定手机", "where is the menu", "0.5", "12/100"):
            assert said_by_words(text, "en" if text.isascii() else "zh") == 0.0

    def test_is_nothing_for_courtesy_asking_and_addressing(self):
        for text in (
            "@united when is boarding",
            "i'd be grateful for a quick answer",
            "please confirm the date",
        ):
            assert said_by_words(text, "en") == 0.0
        for text in ("麻烦改一下抬头", "请再办一张副卡", "暑假几点开门", "两个套餐差多少"):
            assert said_by_words(text, "zh") == 0.0

    def test_reads_what_follows_an_address_without_a_space(self):
        for text in ("@kefu太差了", "看 https://example.org/a太差了"):
            assert said_by_words(text, "zh") < -0.1

    @pytest.mark.parametrize(
        ("language", "asking", "thanking"),
        [
            ("en", "thank you, when will it come?", "thank you, it came"),
            ("zh", "请尽快处理，谢谢", "已经好了，谢谢"),
        ],
    )
    def test_takes_thanks_for_less_where_something_is_asked(self, language, asking, thanking):
        assert 0 <= said_by_words(asking, language) < said_by_words(thanking, language) / 2

    def test_takes_what_was_expected_for_less_than_what_is(self):
        assert said_by_words("it was supposed to be great", "en") < said_by_words("it was great", "en") / 2

    def test_takes_a_wish_for_less_than_praise(self):
        assert said_by_words("希望能做得好用一点", "zh") < said_by_words("好用", "zh") / 2

    def test_is_stronger_for_stronger_words(self):
        assert said_by_words("非常好用", "zh") > said_by_words("好用", "zh") > said_by_words("有点好用", "zh")

    def test_stays_within_its_bounds_however_long_the_text(self):
        assert -1 <= said_by_words("垃圾" * 5_000, "zh") < said_by_words("差", "zh") < 0
