import pytest

from feedback.themes.scrub import scrub


class TestScrub:
    def test_reads_a_line_of_dots_in_one_go(self):
        assert scrub("." * 300_000) == "." * 300_000

    @pytest.mark.parametrize(
        ("text", "secret"),
        [
            ("call me at +86 138 1234 5678 now", "138"),
            ("我的手机号13812345678，快联系我", "13812345678"),
            ("(555) 123-4567 is my number", "123-4567"),
            ("write to kim.lee+app@example.co.uk please", "kim"),
            ("mail kim at example dot com", "kim"),
            ("follow @kim_lee99 there", "kim_lee99"),
            ("微信号：kim_1990 加我", "kim_1990"),
            ("加我微信kimlee1990", "kimlee1990"),
            ("QQ 123456789", "123456789"),
            ("my user id is 88231", "88231"),
            ("身份证11010519900307721X", "110105"),
            ("order 2024110512345678 is lost", "20241105"),
            ("订单号DD20241105A771", "DD20241105A771"),
            ("card 4111 1111 1111 1111 was charged", "1111"),
            ("card ending in 4242", "4242"),
            ("尾号8821的卡", "8821"),
            ("my name is Ana Ruiz and", "Ana"),
            ("我叫张伟，请退款", "张伟"),
            ("see https://example.com/u/kim?x=1", "kim"),
            ("ticket #48213", "48213"),
            ("用户名: lin.2000", "lin.2000"),
        ],
    )
    def test_hides(self, text, secret):
        assert secret not in scrub(text)

    @pytest.mark.parametrize(
        "text",
        [
            "crashes since version 12.3.1 on iOS 17",
            "charged $1,299.00 twice",
            "扣了我1280元",
            "since 2024-11-05 nothing works",
            "11月5日之后就不行了",
            "I have 10000 followers",
            "100% broken",
            "更新到30.2.0以后闪退",
            "the code 404 error",
            "I was at home and then it crashed",
        ],
    )
    def test_leaves_what_names_nobody(self, text):
        assert scrub(text) == text
