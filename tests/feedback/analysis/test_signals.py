"""Facts in the words: who is a minor, who asked before, who threatens to go public."""

import pytest

from feedback.analysis.signals import find_signals
from feedback.intake.folding import fold


def names(text):
    return {signal.code for signal in find_signals(text, fold(text))}


class TestFindSignals:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("minor", "我儿子今年12岁"),
            ("minor", "有人骚扰未成年人"),
            ("minor", "My 11 year old daughter saw it"),
            ("minor", "im 13 and scared"),
            ("minor", "my 12 year old spent it"),
            ("minor", "a 15yo from her class"),
            ("minor", "my son is 9"),
            ("minor", "我女儿才13岁"),
            ("minor", "刚满十三岁"),
            ("minor", "mi hija lo vio"),
            ("repeat", "This is the second time I have to contact you"),
            ("repeat", "3rd ticket about this"),
            ("repeat", "已经第五次找你们了"),
            ("repeat", "这是我第三次反馈了"),
            ("repeat", "反映过好几次还是没人处理"),
            ("repeat", "This is the third time I report this"),
            ("repeat", "I have contacted you several times"),
            ("going_public", "再不解决就找媒体曝光"),
            ("going_public", "I will take you to court"),
            ("going_public", "今天就打12315"),
            ("going_public", "315见"),
            ("going_public", "已经向工信部投诉"),
            ("going_public", "网信办那边举报了"),
            ("going_public", "不解决就曝光你们"),
            ("going_public", "我找律师了"),
            ("going_public", "等着被起诉吧"),
            ("going_public", "I filed with the BBB"),
            ("going_public", "the FTC has my complaint"),
            ("going_public", "I will go to the press"),
            ("going_public", "再不退款我就报警"),
            ("going_public", "I will call the police"),
            ("going_public", "expect a GDPR complaint"),
            ("going_public", "my lawyer will write to you"),
            ("self_harm", "不想活了"),
            ("health", "我妈确诊癌症住院了"),
            ("many_people", "我们群里几百个人都这样"),
        ],
    )
    def test_finds(self, name, text):
        assert name in names(text)

    @pytest.mark.parametrize("text", ["很好用", "The video is slow", "How do I change my name", "等了12分钟"])
    def test_finds_nothing_in_everyday_messages(self, text):
        assert names(text) == set()

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("minor", "二十五岁的人了"),
            ("minor", "我45岁"),
            ("minor", "大学生优惠怎么领"),
            ("minor", "my android is 13"),
            ("minor", "a minor bug in the menu"),
            ("repeat", "第二次来吃了，味道不错"),
            ("repeat", "the second time I watched it I cried"),
            ("going_public", "视频曝光量太低了"),
            ("going_public", "没有曝光怎么办"),
            ("going_public", "夜景长曝光教程"),
            ("going_public", "自媒体新人求关注"),
            ("going_public", "my video is not going viral"),
            ("going_public", "求你们报警"),
            ("going_public", "请帮我报警，他在门口"),
            ("going_public", "门口的报警器一直响"),
            ("going_public", "please call the police"),
            ("going_public", "can you contact the police for her"),
        ],
    )
    def test_is_not_fooled_by_the_same_word_in_another_sense(self, name, text):
        assert name not in names(text)

    def test_tells_where_it_read_it(self):
        text = "你好，這是我第三次反饋了"
        (signal,) = find_signals(text, fold(text))

        assert text[signal.start : signal.end] == signal.text == "第三次反饋"[: len(signal.text)]
