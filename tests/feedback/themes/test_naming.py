import numpy as np
import pytest

from feedback.themes.labels import by_language, reader_label
from feedback.themes.naming import label_themes, text_of

CRASH_ZH = [
    "一打开就闪退",
    "更新后打开就闪退",
    "新版本一打开就闪退了",
    "手机打开就闪退，卸载重装也没用",
    "闪退",
]
CRASH_EN = [
    "app crashes on start",
    "it crashes on start",
    "crashes on start since the update",
    "crash on start again",
]
REFUND_ZH = [
    "申请退款一直没到账",
    "退款没到账",
    "退款没到账，客服不回复",
    "钱呢？退款没到账",
    "退款什么时候到",
]
REFUND_EN = [
    "my refund never arrived",
    "the refund never arrived",
    "refund never arrived, help",
    "where is my refund",
]


@pytest.fixture(scope="session")
def labels(encode):
    texts = CRASH_ZH + CRASH_EN + REFUND_ZH + REFUND_EN
    languages = ["zh-Hans"] * 5 + ["en"] * 4 + ["zh-Hans"] * 5 + ["en"] * 4
    themes = np.array([0] * 9 + [1] * 9)
    return label_themes(texts, encode(texts), themes, languages, encode=encode)


class TestLabelThemes:
    def test_names_a_mixed_theme_in_both_languages(self, labels):
        assert {label.language for label in labels[0]} == {"zh", "en"}

    def test_says_what_happens_in_the_words_of_the_people(self, labels):
        assert "闪退" in reader_label(by_language(labels[0]), "zh-hans")
        assert "crash" in reader_label(by_language(labels[0]), "en").lower()
        assert "退款" in reader_label(by_language(labels[1]), "zh-hans")
        assert "没到账" in reader_label(by_language(labels[1]), "zh-hans")
        assert "Refund never arrived" in reader_label(by_language(labels[1]), "en")

    def test_puts_both_languages_side_by_side_for_any_reader(self, labels):
        assert " / " in reader_label(by_language(labels[1]))

    def test_leaves_other_without_a_label(self, encode):
        found = label_themes(["闪退", "xx"], encode(["闪退", "xx"]), np.array([0, -1]), ["zh", "en"])
        assert set(found) == {0}

    def test_joins_no_two_phrases_that_are_about_different_things(self, encode):
        texts = ["the soup was cold", "router blinks red"] * 5 + ["great weather", "nice songs"]
        themes = np.array([0] * 10 + [1] * 2)
        found = label_themes(texts, encode(texts), themes, ["en"] * 12, encode=encode)
        assert found[0][0].phrases == ("the soup was cold",)

    def test_names_nobody_that_messages_are_addressed_to(self, encode):
        texts = ["@helpdesk parcel lost https://example.org/parcel"] * 4 + ["@helpdesk great music"] * 3
        found = label_themes(texts, encode(texts), np.array([0] * 4 + [1] * 3), ["en"] * 7, encode=encode)
        assert [found[theme][0].text for theme in (0, 1)] == ["Parcel lost", "Great music"]

    def test_reads_chinese_that_is_written_on_behind_a_link(self, encode):
        texts = ["看 https://m.example.cn/a提现失败"] * 4 + ["音乐很好听"] * 3
        found = label_themes(texts, encode(texts), np.array([0] * 4 + [1] * 3), ["zh"] * 7, encode=encode)
        assert "提现失败" in reader_label(by_language(found[0]), "zh-hans")

    def test_shows_neither_brands_nor_abuse_nor_numbers(self, encode):
        texts = ["fucking tiktok 13812345678 login fails"] * 4 + ["music is nice"] * 3
        found = label_themes(texts, encode(texts), np.array([0] * 4 + [1] * 3), ["en"] * 7, encode=encode)
        text = reader_label(by_language(found[0]), "en").lower()
        assert "login fails" in text
        assert not any(word in text for word in ("fuck", "tiktok", "138"))

    @pytest.mark.parametrize("text", ["👍", "アプリが落ちる", "??", "no", "@kim"])
    def test_leaves_no_theme_unnamed_that_has_words(self, encode, text):
        found = label_themes([text], encode([text]), np.array([0]), ["ja"])
        assert reader_label(by_language(found[0]))

    def test_drops_a_language_that_hardly_speaks(self, encode):
        texts = [f"refund number {number} late" for number in range(30)] + ["退款"]
        found = label_themes(texts, encode(texts), np.zeros(31, np.int64), ["en"] * 30 + ["zh"])
        assert [label.language for label in found[0]] == ["en"]


class TestTextOf:
    @pytest.mark.parametrize(
        ("word", "typical", "text"),
        [
            ("hoping", ["still hoping for folders", "hoping you add a bin"], "still hoping for folders"),
            ("oneplus 12", ["average. oneplus 12", "app 8.3 on oneplus 12"], "average. oneplus 12"),
            ("data", ["my data, again " * 9, "where is my data"], "where is my data"),
            ("功能", ["找不到新功能", "这个功能在哪"], "找不到新功能"),
        ],
    )
    def test_quotes_where_a_mere_word_is_all_that_is_shared(self, word, typical, text):
        assert text_of([word], typical) == text

    @pytest.mark.parametrize(
        ("word", "typical", "text"),
        [
            ("perfect", ["perfect", "Perfect!", "just perfect"], "Perfect"),
            ("crashes", ["it crashes", "crashes again"], "Crashes"),
            ("闪退", ["一打开就闪退", "又闪退了"], "闪退"),
        ],
    )
    def test_keeps_a_word_that_people_say_alone_or_that_says_what_happens(self, word, typical, text):
        assert text_of([word], typical) == text

    def test_keeps_a_word_where_no_message_is_short_enough(self):
        assert text_of(["data"], ["about my data there is much to say, and I will say all of it"]) == "Data"

    @pytest.mark.parametrize(
        ("phrase", "typical", "text"),
        [
            (
                "gps takes long to lock",
                ["GPS takes long to lock", "my GPS is slow"],
                "GPS takes long to lock",
            ),
            ("gps搜星要五分钟", ["GPS搜星要五分钟"], "GPS搜星要五分钟"),
            ("sent from china", ["is it sent from China", "Sent from China"], "Sent from China"),
            ("the worst lid ever", ["the WORST LID EVER", "THE WORST LID EVER"], "The worst lid ever"),
            ("lid broke", ["The lid broke", "Lid broke", "my LID broke"], "Lid broke"),
            ("nfc broke", ["NFC broke again"], "NFC broke"),
            ("sad lid", ["one SAD lid", *["lids"] * 30], "Sad lid"),
            ("ipad lid broke", ["my iPad lid broke", "iPad lid"], "iPad lid broke"),
            ("i'm locked out", ["I'm locked out"], "I'm locked out"),
        ],
    )
    def test_spells_words_as_most_people_do(self, phrase, typical, text):
        assert text_of([phrase], typical) == text
