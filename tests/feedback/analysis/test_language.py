"""Languages are told apart in texts as short, mixed and decorated as people write them."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from feedback.analysis.language import UNDETERMINED, identify

WRITTEN = Path(__file__).parents[2] / "samples" / "languages.tsv"


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
            ("unique value", "en"),
            ("Token inválido", "es"),
            ("também quero", "pt"),
            ("Сторінку не знайдено", "uk"),
            ("Ungültiger Token", "de"),
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
            ("这个app好laggy啊", "zh-Hans"),
            ("bug太多了pls fix", "zh-Hans"),
            ("更新之後一直crash，請修復", "zh-Hant"),
            ("The 抖音 app does not open on my phone", "en"),
            ("TikTokのアプリが落ちる", "ja"),
            ("最悪", "ja"),
            ("WhatsApp Business не работает", "ru"),
            ("不用谢 @kim_99 #bug", "zh-Hans"),
            ("#视频打不开#", "zh-Hans"),
            ("#crash #bug the app closes itself", "en"),
            ("[微笑] nice app", "en"),
            ("bahut accha app hai", "hi"),
            ("zhe ge ruan jian hen hao yong", "zh-Hans"),
            ("no me da de eso", "es"),
            ("خیلی خوب", "fa"),
            ("بہت اچھا", "ur"),
            ("не працює", "uk"),
            ("bagus", "id"),
            ("schlecht", "de"),
            ("bueno", "es"),
            ("muito bom", "pt"),
            ("𝐆𝐫𝐞𝐚𝐭 𝐚𝐩𝐩", "en"),
        ],
    )
    def test_names_the_language(self, text, code):
        assert identify(text).code == code

    @pytest.mark.parametrize(
        "text",
        ["", "   ", "👍👍😂", "123 456", "https://example.com/abc", "\x00", "…！？", ":D", "@kim_99", "k"],
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

    def test_holds_on_short_mixed_and_decorated_texts(self):
        """The list is written by hand; a few of its texts have no one right answer."""
        right = defaultdict(list)
        with WRITTEN.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                right[row["kind"]].append(identify(row["text"]).code == row["language"])

        shares = {kind: sum(held) / len(held) for kind, held in right.items()}

        assert min(shares["short"], shares["mixed"], shares["emoji"], shares["address"]) >= 0.95
        assert shares["nothing"] == 1.0
