import numpy as np
import pytest

from feedback.themes.talk import is_small_talk, openers, set_aside


class TestIsSmallTalk:
    @pytest.mark.parametrize(
        "text",
        [
            "thanks a lot!",
            "Good morning, dear team",
            "wish you luck 🙏",
            "ok thank you, bye",
            "hello, anybody there?",
            "any news?",
            "resolved now, cheers",
            "please reply asap",
            "test",
            "谢谢您，辛苦了",
            "你好，在吗？",
            "晚安",
            "麻烦尽快处理，谢谢",
            "收到，好的",
            "有进展吗",
            "Anyone reading this?",
            "hello? it's been 7 days",
            "有人吗？都10天了",
            "1042???",
            "average",
            "It's an average app",
            "还行",
            "中规中矩吧",
        ],
    )
    def test_knows_what_is_about_nothing(self, text):
        assert is_small_talk(text)

    @pytest.mark.parametrize(
        "text",
        [
            "thanks, but the parcel never came",
            "nobody replied",
            "no luck",
            "is it down",
            "where do I top up?",
            "what time is it now",
            "hello 1042",
            "ok but it crashes",
            "not acceptable",
            "不可以",
            "画质一般",
            "还可以，就是广告多",
            "可以退款吗",
            "great, thank you",
            "nice",
            "谢谢，但是快递没到",
            "客服一直不回复",
            "你好，登录不了",
            "很好",
            "提现的进展",
            "obrigado pela ajuda",
            "👍",
            "",
            "thanks " * 20,
            "谢谢" * 20,
        ],
    )
    def test_leaves_what_says_something(self, text):
        assert not is_small_talk(text)


class TestOpeners:
    def test_finds_the_first_of_a_thread_that_says_something(self):
        threads = np.array([7, 7, 7, 4, 4])
        talk = np.array([True, False, False, True, True])
        assert openers(talk, threads, np.arange(5)).tolist() == [1, 1, 1, 3, 3]

    def test_goes_by_the_age_of_the_messages(self):
        assert openers(np.zeros(2, bool), np.array([7, 7]), np.array([1, 0])).tolist() == [1, 1]

    def test_takes_nothing(self):
        nothing = np.zeros(0, np.int64)
        assert openers(np.zeros(0, bool), nothing, nothing).tolist() == []


class TestSetAside:
    def test_takes_out_small_talk_and_what_only_answers(self):
        groups = np.array([0, 0, 0, 1, 1, 1, 1])
        talk = np.array([False, True, False, False, False, False, False])
        opener = np.array([0, 1, 2, 0, 0, 2, 2])
        assert set_aside(groups, talk, opener).tolist() == [0, -1, 0, -1, -1, -1, -1]

    def test_leaves_what_some_open_a_thread_with(self):
        groups = np.array([0, 1, 1, 1, -1])
        opener = np.array([0, 1, 0, 0, 4])
        assert set_aside(groups, np.zeros(5, bool), opener).tolist() == groups.tolist()

    def test_takes_nothing(self):
        nothing = np.zeros(0, np.int64)
        assert set_aside(nothing, np.zeros(0, bool), nothing).tolist() == []
