import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from tests.months import CRASH, say_all
from tickets.management.commands.summarise import asked_period
from tickets.summaries.models import Summary
from tickets.summaries.periods import days_between, month_of, week_of

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
NOTHING = {"month": None, "week": None, "first": None, "last": None}
ZONE = "Asia/Shanghai"


class TestAskedPeriod:
    @pytest.mark.parametrize(
        ("asked", "period"),
        [
            ({"month": "2026-02"}, month_of(date(2026, 2, 1), ZONE)),
            ({"week": "2026-11-04"}, week_of(date(2026, 11, 4), ZONE)),
            (
                {"first": "2026-11-01", "last": "2026-11-05"},
                days_between(date(2026, 11, 1), date(2026, 11, 5), ZONE),
            ),
            ({}, month_of(date(2026, 10, 1), ZONE)),
        ],
    )
    def test_understands(self, asked, period):
        assert asked_period(NOTHING | asked, today=date(2026, 11, 24)) == period

    @pytest.mark.parametrize(
        "asked",
        [
            {"month": "2026-13"},
            {"week": "soon"},
            {"first": "2026-11-01"},
            {"first": "2026-11-05", "last": "2026-11-01"},
        ],
    )
    def test_refuses_what_is_no_period(self, asked):
        with pytest.raises(CommandError):
            asked_period(NOTHING | asked, today=date(2026, 11, 24))


@pytest.mark.django_db
class TestCommand:
    def test_prints_what_hurts_and_stores_a_draft(self):
        say_all(CRASH, at=NOVEMBER)
        out, bar = io.StringIO(), io.StringIO()
        call_command("summarise", "--month", "2026-11", stdout=out, stderr=bar)
        assert "8 messages of 8 people" in out.getvalue()
        assert "100 %" in bar.getvalue()
        assert Summary.objects.get().state == "draft"

    def test_prints_markdown_in_chinese_and_publishes(self):
        say_all(CRASH, at=NOVEMBER)
        out = io.StringIO()
        asked = ["--month", "2026-11", "--format", "markdown", "--language", "zh-hans", "--publish"]
        call_command("summarise", *asked, stdout=out, stderr=io.StringIO())
        assert "闪退" in out.getvalue()
        assert Summary.objects.get().state == "published"

    def test_says_that_nothing_was_said(self):
        with pytest.raises(CommandError, match="Nothing was said"):
            call_command("summarise", "--month", "2020-01", stdout=io.StringIO(), stderr=io.StringIO())

    @pytest.mark.parametrize(
        "asked", [["--month", "0001-01"], ["--month", "9999-12"], ["--week", "0001-01-01"]]
    )
    def test_refuses_the_ends_of_the_calendar(self, asked):
        with pytest.raises(CommandError, match="1990"):
            call_command("summarise", *asked, stdout=io.StringIO(), stderr=io.StringIO())
