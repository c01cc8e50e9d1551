"""The quick screen hears explicit danger and leaves idioms, fiction and settled matters alone."""

import pytest

from feedback.intake.screen import screen

HEARD = [
    ("safety", "我不想活了"),
    ("safety", "我 不 想 活 了"),
    ("safety", "我要自殺"),
    ("safety", "想自\u200b杀"),
    ("safety", "有个主播在直播割腕，快救人"),
    ("safety", "他说要杀了我全家"),
    ("safety", "my daughter is being blackmailed"),
    ("safety", "I want to k1ll myself"),
    ("safety", "I don’t want to live anymore"),
    ("safety", "he threatened to leak my photos"),
    ("security", "我的账号被盗了"),
    ("security", "My account was hacked"),
    ("security", "your database was leaked"),
    ("legal", "再不解决我就打12315"),
    ("legal", "My lawyer will contact you"),
    ("content", "直播间涉黄"),
    ("management", "孩子偷偷用我手机给主播打赏了三万块"),
    ("tech", "全平台都登不上去，服务器崩了"),
    ("tech", "everyone in the office can't log in"),
    ("tech", "nobody can pay since noon"),
    ("safety", "my husband says he is going to kill me"),
    ("safety", "救救孩子，她爸在打她"),
    ("management", "he spent my savings without my permission"),
]

LEFT_ALONE = [
    "笑死我了哈哈哈哈",
    "this game is killing me",
    "我想死你了",
    "今天累死了",
    "没有被盗号，只是想换个密码",
    "My account was not hacked, I just want to change my password",
    "这部电影里主角最后自杀了，看哭了",
    "the boss in this level wants to kill me lol",
    "防自杀热线的公益视频做得很好",
    "How do I enable two factor authentication so nobody has my address",
    "账号被盗的问题已经解决了，谢谢",
    "my account was hacked last year but I got it back, thank you",
    "I would kill for a dark mode",
    "救命这也太好吃了吧",
    "救救孩子，标签想不出来了",
    "再这样我妈真要打死我了",
    "周末太累，不想活动了",
    "晚上不想活动，怎么关掉运动提醒",
    "my boss is going to kill me if the render isn't done",
    "shoot me a dm if you need testers",
    "everyone is so kind in the comments",
    "everyone can post what they like here",
    "",
    "👍👍",
]


class TestScreen:
    @pytest.mark.parametrize(("category", "text"), HEARD)
    def test_hears(self, category, text):
        assert category in {hit.category for hit in screen(text)}

    @pytest.mark.parametrize("text", LEFT_ALONE)
    def test_leaves_alone(self, text):
        assert screen(text) == ()

    def test_gives_the_words_as_they_stand_in_the_original(self):
        text = "你好！我真的不\u200b想活了。"

        (hit,) = screen(text)

        assert (hit.category, hit.text) == ("safety", "不\u200b想活了")
        assert text[hit.start : hit.end] == hit.text

    def test_hears_self_harm_told_in_the_first_person_even_beside_laughter(self):
        assert screen("哈哈我真的不想活了")

    def test_hears_a_flood_of_one_phrase_often_enough(self):
        assert len(screen("我不想活了。" * 3_000)) == 200

    def test_knows_the_sentence_around_a_phrase_within_a_long_text(self):
        assert screen("一" * 5_000 + "。我不想活了。" + "一" * 5_000)
        assert not screen("一" * 5_000 + "。他不会自杀的。" + "一" * 5_000)

    @pytest.mark.parametrize("text", ["\ud800自杀了", "\x00", "我" * 100_000, "a1" * 50_000, "[" * 200_000])
    def test_never_raises(self, text):
        screen(text)
