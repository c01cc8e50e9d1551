"""What makes grave words harmless is seen, and its opposite is not taken for it."""

import pytest

from feedback.analysis.calm import KINDS, find_calm
from feedback.intake.folding import fold


def kinds(text):
    return {kind for kind, found in zip(KINDS, find_calm(fold(text).text), strict=True) if found}


class TestFindCalm:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("被盗的号已经找回来了", "settled"),
            ("The charge has been refunded", "settled"),
            ("第七关的炸弹怎么拆", "fiction"),
            ("the villain kills her in chapter two", "fiction"),
            ("新闻里说有人被骗到国外", "hearsay"),
            ("I saw on the news that a bank was hacked", "hearsay"),
            ("反诈提醒救了我妈，点赞", "praise"),
            ("請問怎麼舉報詐騙", "asking"),
            ("How do I report fraud?", "asking"),
            ("笑死我了", "idiom"),
            ("my commute is killing me", "idiom"),
        ],
    )
    def test_names_the_kind(self, text, kind):
        assert kind in kinds(text)

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("到现在也没解决", "settled"),
            ("药已经准备好了", "settled"),
            ("It was not resolved", "settled"),
            ("You can close this account after tonight", "settled"),
            ("这不是开玩笑", "idiom"),
            ("He wants to kill me with a knife", "idiom"),
            ("求助，有人在门外", "asking"),
            ("不好用", "praise"),
            ("谢谢大家，等我走了以后别找我", "praise"),
            ("thank you all, I am going to jump off the roof tonight", "praise"),
        ],
    )
    def test_is_not_led_astray_by_the_opposite(self, text, kind):
        assert kind not in kinds(text)
