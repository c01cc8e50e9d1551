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
            ("repeat", "这是我第三次反馈了"),
            ("repeat", "反映过好几次还是没人处理"),
            ("repeat", "This is the third time I report this"),
            ("repeat", "I have contacted you several times"),
            ("going_public", "再不解决就找媒体曝光"),
            ("going_public", "I will take you to court"),
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

    def test_tells_where_it_read_it(self):
        text = "你好，這是我第三次反饋了"
        (signal,) = find_signals(text, fold(text))

        assert text[signal.start : signal.end] == signal.text == "第三次反饋"[: len(signal.text)]
