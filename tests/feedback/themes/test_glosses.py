import numpy as np
import pytest

from feedback.analysis.encoder import encode_gist, encode_sentences
from feedback.themes.centres import theme_centres
from feedback.themes.glosses import LANGUAGES, gloss, phrases
from feedback.themes.naming import label_themes

CHINESE = {
    "Account banned without reason": [
        "账号无缘无故被封了",
        "我的账号被无故封禁",
        "号莫名其妙被封，没有任何理由",
    ],
    "Phone gets hot": ["手机发烫太厉害", "看一会儿手机就发烫", "用十分钟手机烫手"],
    "Refund did not arrive": ["退款一直没到账", "退款没到账", "说好的退款还没有到账"],
}
ENGLISH = {
    "没有声音": ["no sound at all", "there is no sound", "no sound since yesterday"],
    "收不到验证码": [
        "verification code never arrives",
        "the verification code does not arrive",
        "never got the verification code",
    ],
    "耗电太快": ["battery drains so fast", "drains the battery fast", "the battery drains too fast"],
}
FAR = ["the tide tables of the northern harbour", "tide tables of the old harbour", "harbour tide tables"]


def glossed(texts: list[str], language: str) -> dict[str, str]:
    vectors, themes = encode_gist(texts), np.zeros(len(texts), np.int64)
    labels = label_themes(texts, vectors, themes, [language] * len(texts), encode=encode_sentences)
    own = {label.language: label.text for label in labels[0]}
    return gloss([(own, theme_centres(vectors, themes)[0])])[0]


class TestGloss:
    @pytest.mark.parametrize("meaning", CHINESE)
    def test_says_in_english_what_a_chinese_theme_is_about(self, meaning):
        assert glossed(CHINESE[meaning], "zh-Hans") == {"en": meaning}

    @pytest.mark.parametrize("meaning", ENGLISH)
    def test_says_in_chinese_what_an_english_theme_is_about(self, meaning):
        assert glossed(ENGLISH[meaning], "en") == {"zh": meaning}

    def test_glosses_a_theme_of_another_language_for_both(self):
        texts = ["demasiados anuncios", "demasiados anuncios en los videos", "demasiados anuncios"]
        assert glossed(texts, "es") == {"en": "Too many ads", "zh": "广告太多"}

    def test_says_nothing_rather_than_something_wrong(self):
        assert glossed(FAR, "en") == {}

    def test_does_not_say_the_opposite(self):
        centre = encode_gist(["收到了验证码"])[0]
        assert gloss([({"zh": "收到了验证码"}, centre)]) == [{}]
        (large,) = gloss([({"zh": "房间很大"}, encode_gist(["房间很大"])[0])])
        assert "small" not in large.get("en", "")

    def test_takes_what_lies_near_the_centre_though_less_near_the_label(self):
        texts = ["it sometimes doesn't open", "the app does not open", "it won't open any more"] * 3
        centre = theme_centres(encode_gist(texts), np.zeros(9, np.int64))[0]
        (near,) = gloss([({"en": "sometimes doesn't open"}, centre)])
        (far,) = gloss([({"en": "sometimes doesn't open"}, -centre)])
        assert "打不开" in near["zh"]
        assert far.get("zh") != near["zh"]

    def test_says_no_more_than_a_label_that_only_names_a_thing(self):
        assert gloss([({"en": "Battery life"}, encode_gist(["battery life"])[0])]) == [{}]

    def test_reads_the_name_of_a_product_as_the_app(self):
        (found,) = gloss([({"en": "I love TikTok"}, encode_gist(["I love this app"])[0])])
        assert "喜欢" in found["zh"]

    def test_does_not_complain_where_people_praise(self):
        text = "服务员的态度不错"
        assert gloss([({"zh": text}, encode_gist([text])[0])])[0].get("en") != "Waiters are rude"

    def test_replaces_a_label_that_says_it_much_worse(self):
        centre = encode_gist(["收不到验证码", "verification code does not arrive"]).mean(axis=0)
        centre /= np.linalg.norm(centre)
        labels = {"zh": "收不到验证码", "en": "Without code"}
        assert gloss([(labels, centre)]) == [{"en": "Verification code does not arrive"}]

    def test_replaces_for_everybody_what_says_it_badly_in_every_language(self):
        centre = encode_gist(["收不到验证码", "verification code does not arrive"]).mean(axis=0)
        centre /= np.linalg.norm(centre)
        (found,) = gloss([({"en": "Without code"}, centre)])
        assert found == {"en": "Verification code does not arrive", "zh": "收不到验证码"}

    def test_replaces_nothing_by_what_the_other_label_denies(self):
        centre = encode_gist(["收到了验证码", "the verification code does arrive"]).mean(axis=0)
        centre /= np.linalg.norm(centre)
        labels = {"zh": "收到了验证码", "en": "Tuesday"}
        assert "en" not in gloss([(labels, centre)])[0]

    def test_leaves_alone_what_both_languages_name_or_nobody(self):
        centre = encode_gist(["闪退"])[0]
        assert gloss([({"zh": "闪退", "en": "Crashes"}, centre), ({}, centre)]) == [{}, {}]

    def test_says_the_same_twice_and_in_any_company(self):
        labels = [{"zh": "手机发烫"}, {"en": "No sound"}, {"zh": "退款没到账"}]
        themes = [(own, encode_gist([*own.values()])[0]) for own in labels]
        together = gloss(themes)
        assert together == gloss(themes) == [gloss([theme])[0] for theme in themes]
        assert all(together)


class TestPhrases:
    def test_are_short_and_each_said_once(self):
        for language in LANGUAGES:
            texts = [pair[language] for pair in phrases()]
            assert len(texts) == len(set(texts)) > 300
            assert all(text == text.strip() and 2 <= len(text) <= 40 for text in texts)
