"""Languages are told apart in texts as short, mixed and decorated as people write them."""

import pytest

from feedback.analysis.language import UNDETERMINED, identify


class TestIdentify:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("视频打不开", "zh-Hans"),
            ("影片打不開，請幫幫我", "zh-Hant"),
            ("这个 app crash 了", "zh-Hans"),
            ("iPhone 15 打不开", "zh-Hans"),
            ("美の味", "zh-Hans"),
            ("動画が再生できません", "ja"),
            ("読み込みが遅い", "ja"),
            ("영상이 안 나와요", "ko"),
            ("The video does not load", "en"),
            ("good app", "en"),
            ("nice 👌👌", "en"),
            ("La aplicación no funciona", "es"),
            ("O aplicativo não abre", "pt"),
            ("Die App stürzt ständig ab", "de"),
            ("L'application ne marche plus", "fr"),
            ("L'app non si apre più", "it"),
            ("التطبيق لا يعمل", "ar"),
            ("Приложение не работает", "ru"),
            ("แอปเปิดไม่ได้", "th"),
            ("ऐप काम नहीं कर रहा है", "hi"),
            ("Aplikasi tidak bisa dibuka", "id"),
            ("Ứng dụng không mở được", "vi"),
            ("Uygulama açılmıyor", "tr"),
            ("Aplikacja się nie uruchamia", "pl"),
        ],
    )
    def test_names_the_language(self, text, code):
        assert identify(text).code == code

    @pytest.mark.parametrize(
        "text", ["", "   ", "👍👍😂", "123 456", "https://example.com/abc", "\x00", "…！？"]
    )
    def test_names_none_where_there_are_no_letters(self, text):
        assert identify(text).code == UNDETERMINED

    def test_asks_the_profile_about_what_the_text_leaves_open(self):
        assert identify("最高", profile_language="zh-Hant").code == "zh-Hant"
        assert identify("no", profile_language="es").code == "es"

    def test_believes_the_text_rather_than_the_profile(self):
        assert identify("The video does not load at all", profile_language="zh-Hans").code == "en"

    def test_is_less_sure_of_a_word_than_of_a_sentence(self):
        assert identify("ok").confidence < identify("The video does not load at all").confidence
