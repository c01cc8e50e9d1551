"""The whole assessment: what people say, how urgent it is, and why."""

import numpy as np
import pytest

from feedback.analysis.assess import Company, Context, assess, assess_many
from feedback.analysis.calm import KINDS, find_calm
from feedback.analysis.sentiment import NEUTRAL
from feedback.analysis.urgency import AMBER, CATEGORIES, RED
from feedback.intake.folding import fold

EXPLICIT = [
    ("safety", "我不想活了，药已经准备好了"),
    ("safety", "my daughter is being blackmailed by a man online"),
    ("safety", "There is a man with a knife attacking people in the live stream"),
    ("security", "我的账号被盗了，里面的钱全没了"),
    ("legal", "再不解决我就起诉你们，律师函马上寄到"),
    ("management", "My 12 year old son used my card to buy coins without permission"),
    ("tech", "全平台都登不上去了，所有人的视频都打不开"),
    ("content", "直播间正在播放血腥暴力画面，孩子都看到了"),
]
EVERYDAY = [
    "笑死我了哈哈哈哈",
    "this game is killing me, love it",
    "怎么修改昵称",
    "Great app, five stars",
    "客服很耐心，问题解决了，谢谢",
    "The video is a bit laggy on my old phone",
    "希望增加倍速播放功能",
]
GRAVE_ALL_THE_SAME = [
    "我不想活了，药已经准备好了，谢谢你们这几年的陪伴",
    "新闻里说有人在你们平台被骗了二十万",
    "听说隔壁班有人被敲诈了照片",
]
SOUNDING_GRAVE = [
    ("被盗的号已经找回来了，里面的钱也退回来了", "settled"),
    ("read somewhere that people got scammed on this app, true or not", "hearsay"),
    ("My hacked account has been restored and the stolen money was refunded", "settled"),
]


class TestUrgency:
    @pytest.mark.parametrize(("category", "text"), EXPLICIT)
    def test_is_high_for_a_crisis_told_plainly(self, category, text):
        assessed = assess(text)

        assert assessed.urgency >= AMBER
        assert category in [code for code, _ in assessed.categories[:2]]

    @pytest.mark.parametrize("text", EVERYDAY)
    def test_is_low_for_everyday_messages(self, text):
        assert assess(text).lane == "none"

    def test_is_not_drowned_by_harmless_sentences_around(self):
        text = "你们的软件我用了三年，一直很喜欢。我不想活了，药已经准备好了。祝你们工作顺利，节日快乐。"

        assessed = assess(text)

        assert assessed.lane == "red"
        (sentence,) = [reason for reason in assessed.reasons if reason["code"] == "sentence"]
        assert "药已经准备好了" in sentence["text"]

    @pytest.mark.parametrize("text", ["不想活了", "活够了。", "I want to die"])
    def test_is_red_where_a_danger_to_life_is_all_that_is_said(self, text):
        assert assess(text).lane == "red"

    @pytest.mark.parametrize("text", ["不想活了，卡得要死哈哈", "不想活动了"])
    def test_is_not_red_where_more_is_said(self, text):
        assert assess(text).lane != "red"

    def test_pages_at_amber_where_life_is_at_stake(self):
        assessed = assess("谁能去看看她，她发了自杀的念头")

        assert assessed.lane != "none"
        assert assessed.pages

    def test_grows_when_reported_again_and_by_many(self):
        text = "提现一直不到账，没有人处理"
        alone = assess(text)
        company = Company(reported_before=3, people_last_hour=40)
        again = assess(text, context=Context(is_minor=True), company=company)

        assert again.urgency >= alone.urgency
        assert {"repeat", "minor"} <= set(again.flags)

    def test_does_not_grow_out_of_nothing(self):
        context, company = Context(is_minor=True), Company(reported_before=9, people_last_hour=99)

        assert assess("Great app, five stars", context=context, company=company).lane == "none"


class TestReasons:
    def test_point_into_the_original_text(self):
        text = "你好！我的帳號\u200b被盜了，裡面的錢全沒了。这是我第三次反馈了"

        for reason in assess(text).reasons:
            if "start" in reason:
                assert text[reason["start"] : reason["end"]] == reason["text"]

    def test_name_words_known_cases_and_signals(self):
        codes = {reason["code"] for reason in assess("我女儿被人威胁要发她的照片，我要报警").reasons}

        assert {"sentence", "words", "signal", "near"} <= codes

    def test_do_not_name_negated_words(self):
        reasons = assess("没有被盗号，只是想换个密码").reasons

        assert not [reason for reason in reasons if reason["code"] == "words"]


class TestCalmReasons:
    """Told where what sounds harmless kept the lane down, and nowhere else."""

    @staticmethod
    def told(text: str) -> set[str]:
        return {reason["name"] for reason in assess(text).reasons if reason["code"] == "calm"}

    @pytest.mark.parametrize("text", GRAVE_ALL_THE_SAME)
    def test_are_not_told_beside_a_red_verdict(self, text):
        assert any(find_calm(fold(text).text))
        assert assess(text).lane == "red"
        assert not self.told(text)

    @pytest.mark.parametrize(("text", "kind"), SOUNDING_GRAVE)
    def test_are_told_with_the_sentence_where_they_lowered_the_lane(self, text, kind):
        assessed = assess(text)

        assert assessed.lane != "red"
        assert kind in self.told(text)
        assert "sentence" in {reason["code"] for reason in assessed.reasons}

    def test_are_not_told_where_nothing_was_grave(self):
        assert find_calm("great app, thank you")[KINDS.index("praise")]
        assert not self.told("great app, thank you")


class TestSentiment:
    @pytest.mark.parametrize(
        "text",
        [
            "很好用，五星好评",
            "Great app, love it",
            "Support was patient and solved it, thanks",
            "😍😍",
            "绝绝子",
            "没有不好的地方，推荐",
            "can't complain, it just works",
            "muito bom",
            "五星",
        ],
    )
    def test_is_positive(self, text):
        assert assess(text).sentiment > 0.25

    @pytest.mark.parametrize(
        "text",
        [
            "垃圾软件，浪费时间",
            "worst app ever, waste of time",
            "态度恶劣，再也不会来了",
            "😡😡",
            "不好用",
            "拉胯",
            "你们真行，升级一次崩一次",
            "thanks for nothing",
            "1 star",
            "no funciona",
        ],
    )
    def test_is_negative(self, text):
        assert assess(text).sentiment < -0.25

    @pytest.mark.parametrize("text", ["怎么修改手机号", "How do I change my phone number", "12345", "👾"])
    def test_is_near_nothing_for_what_says_nothing(self, text):
        assert abs(assess(text).sentiment) < NEUTRAL

    def test_is_less_trusted_in_other_languages(self):
        assert assess("La aplicación no funciona").sentiment_confidence == "low"
        assert assess("软件不好用").sentiment_confidence == "high"


class TestTone:
    @pytest.mark.parametrize(
        ("text", "tone"),
        [
            ("气死我了，凭什么封我号", "anger"),
            ("Are you kidding me, you charged me twice", "anger"),
            ("😡😡", "anger"),
            ("有人一直跟踪我，我好害怕", "fear"),
            ("I'm scared that someone got into my account", "fear"),
            ("孩子的视频全没了，好难过", "sadness"),
            ("I'm heartbroken, all my photos are gone", "sadness"),
            ("太好用了，谢谢你们", "joy"),
            ("Love it, best app", "joy"),
            ("怎么修改手机号", "none"),
            ("Where do I find the invoice", "none"),
            ("", "none"),
        ],
    )
    def test_names_the_emotion(self, text, tone):
        assert assess(text).tone == tone


class TestAssess:
    def test_says_nothing_about_nothing(self):
        for text in ("", "  \n", "\x00"):
            assessed = assess(text)
            assert (assessed.language, assessed.urgency, assessed.vector) == ("und", 0.0, None)
            assert (assessed.lane, assessed.categories, assessed.reasons) == ("none", (), ())

    def test_gives_a_unit_vector_and_all_seven_categories(self):
        assessed = assess("视频打不开")

        assert np.linalg.norm(assessed.vector) == pytest.approx(1, abs=1e-4)
        assert sorted(code for code, _ in assessed.categories) == sorted(CATEGORIES)
        assert sum(share for _, share in assessed.categories) == pytest.approx(1, abs=0.01)

    def test_flags_what_only_the_crisis_role_may_read(self):
        assert "sensitive" in assess("我得了抑郁症，不想活了").flags
        assert "sensitive" not in assess("视频打不开").flags

    @pytest.mark.parametrize("text", ["\ud800", "a" * 50_000, "[" * 200_000, "\u202e\u200b", "1" * 10_000])
    def test_never_raises(self, text):
        assert 0 <= assess(text).urgency <= 1

    def test_needs_no_context_of_its_own_length(self):
        with pytest.raises(ValueError, match="2 texts and 1 contexts"):
            assess_many(["a", "b"], contexts=[Context()])


class TestAssessMany:
    def test_agrees_with_one_at_a_time(self):
        texts = ["视频打不开", "", "My account was hacked", "👍"]

        together = assess_many(texts)

        assert [one.urgency for one in together] == pytest.approx(
            [assess(text).urgency for text in texts], abs=0.01
        )
        assert [one.language for one in together] == [assess(text).language for text in texts]


def test_the_thresholds_are_in_order():
    assert 0 < AMBER < RED < 1
