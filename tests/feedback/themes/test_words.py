import pytest

from feedback.themes.words import clauses, clean, script_language, words


class TestClauses:
    def test_cuts_english_at_punctuation_and_keeps_contractions(self):
        assert clauses("I can't log in! It won't top-up, help.") == [
            ["i", "can't", "log", "in"],
            ["it", "won't", "top-up"],
            ["help"],
        ]

    def test_segments_chinese(self):
        assert clauses("收不到验证码，登录不了") == [["收不到", "验证码"], ["登录", "不了"]]

    def test_takes_a_mixture(self):
        assert words("更新iOS 17.2后闪退") == ["更新", "ios", "17.2", "后", "闪退"]

    @pytest.mark.parametrize("text", ["", "  ", "😭😭", "!!!"])
    def test_finds_nothing_where_there_is_nothing(self, text):
        assert clauses(text) == []

    def test_ends_a_clause_at_a_line_break_that_was_written_out(self):
        assert clauses("lid broke\\nno whistle") == [["lid", "broke"], ["no", "whistle"]]

    def test_keeps_the_sign_that_makes_a_number_a_share(self):
        assert clauses("My upload gets to 99% and stops") == [
            ["my", "upload", "gets", "to", "99%", "and", "stops"]
        ]


class TestClean:
    def test_gives_one_spelling(self):
        assert clean(" ＡＰＰ  doesn’t\twork ") == "app doesn't work"


class TestScriptLanguage:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("闪退", "zh"),
            ("アプリが落ちる", "ja"),
            ("앱이 꺼져요", "ko"),
            ("التطبيق", "ar"),
            ("crash", "en"),
            ("123 😭", ""),
        ],
    )
    def test_goes_by_the_script(self, text, language):
        assert script_language(text) == language
