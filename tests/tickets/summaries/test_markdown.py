from datetime import UTC, datetime

import pytest
from django.utils import translation

from tests.months import CRASH, PRAISE, say_all, summarised
from tickets.summaries.markdown import as_markdown, change_text
from tickets.summaries.models import PainPoint

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture
def summary():
    say_all(CRASH, at=NOVEMBER, who="a")
    say_all(PRAISE, at=NOVEMBER, who="b")
    return summarised()


class TestChangeText:
    @pytest.mark.parametrize(
        ("verdict", "ratio", "told"),
        [
            ("worse", 2.14, "Worse ×2.1"),
            ("new", 181.0, "New"),
            ("same", 1.02, "As before"),
            ("first", None, ""),
        ],
    )
    def test_gives_a_number_only_to_what_changed(self, verdict, ratio, told):
        assert change_text(PainPoint(verdict=verdict, ratio=ratio)) == told


class TestAsMarkdown:
    def test_is_written_in_the_readers_language(self, summary):
        with translation.override("zh-hans"):
            assert "闪退" in as_markdown(summary)
        with translation.override("en"):
            text = as_markdown(summary)
        assert text.startswith("# Pain points 2026-11")
        assert "What people like" in text

    def test_shows_markup_in_a_quote_as_it_stands(self, summary):
        summary.pain_points.order_by("rank").first().quotes.update(text="**bold** [x](javascript:1) <b>")
        text = as_markdown(summary)
        assert r"\*\*bold\*\* \[x\]" in text
        assert r"\<b\>" in text
