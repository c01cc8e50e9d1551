import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from tests.months import CRASH, REFUND, say_all, summarised
from tickets.summaries.pdf import as_pdf, rich


def summary():
    say_all(CRASH, at=datetime(2026, 10, 3, tzinfo=UTC), who="z")
    say_all([*CRASH, "crash <b>&amp; \x1b 😀 ไทย العربية"], at=datetime(2026, 11, 3, tzinfo=UTC), who="a")
    say_all(REFUND, at=datetime(2026, 11, 3, tzinfo=UTC), who="b")
    return summarised()


@pytest.mark.django_db
class TestAsPdf:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_is_a_pdf_with_its_chinese_inside(self, language):
        with translation.override(language):
            pdf = as_pdf(summary())
        assert pdf.startswith(b"%PDF-")
        assert re.search(rb"/BaseFont /\w+\+WenQuanYi", pdf)
        assert b"/FontFile2" in pdf

    def test_is_the_same_for_the_same_snapshot(self):
        made = summary()
        assert as_pdf(made) == as_pdf(made)

    def test_takes_the_first_message_ever(self):
        say_all(CRASH[:1], at=datetime(2026, 11, 3, tzinfo=UTC))
        made = summarised()
        assert as_pdf(made).startswith(b"%PDF-")


class TestRich:
    def test_puts_each_character_into_a_font_that_has_it(self):
        assert rich("ok 闪退 2") == 'ok <font name="MicroHei">闪退</font> 2'

    def test_leaves_out_what_no_font_has(self):
        assert rich("😀a") == "a"

    def test_runs_no_markup_of_a_customer(self):
        assert rich("<b>x & y") == "&lt;b&gt;x &amp; y"
