import csv
import io
import json
from datetime import UTC, datetime

import pytest

from feedback.intake.models import Message
from feedback.themes.services import rename
from tests.months import CRASH, PRAISE, say_all, summarised
from tests.people import lead
from tickets.desk.models import Ticket
from tickets.routing.services import admit
from tickets.summaries.exports import (
    as_csv,
    as_json,
    own_language_first,
    remarks_of,
)
from tickets.summaries.models import PainPoint, Quote

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
AT = datetime(2026, 12, 1, tzinfo=UTC)


def counted(count=10, **figures):
    return PainPoint(message_count=count, figures=figures)


class TestRemarksOf:
    def test_tells_of_copies_of_one_text(self):
        assert remarks_of(counted(repeated=5)) == ["5 of 10 messages are nearly the same text"]

    def test_tells_when_opinion_is_divided(self):
        assert remarks_of(counted(moods={"good": 4, "bad": 3})) == ["40% praise it, 30% complain"]

    @pytest.mark.parametrize(
        ("count", "figures"),
        [
            (10, {}),
            (4, {"repeated": 4, "moods": {"good": 2, "bad": 2}}),
            (100, {"repeated": 29, "moods": {"good": 24, "bad": 76}}),
        ],
    )
    def test_says_nothing_of_few_or_of_what_was_not_counted(self, count, figures):
        assert remarks_of(counted(count, **figures)) == []


@pytest.fixture
def summary():
    say_all(CRASH, at=NOVEMBER, who="a")
    say_all(PRAISE, at=NOVEMBER, who="b")
    return summarised()


def rows_of(summary):
    return list(csv.DictReader(io.StringIO("".join(as_csv(summary)).lstrip("\ufeff"))))


class TestOwnLanguageFirst:
    def test_puts_what_the_reader_understands_in_front(self):
        quotes = [
            Quote(language=language, place=place) for place, language in enumerate(["zh", "en", "ja", "en"])
        ]
        assert [quote.place for quote in own_language_first(quotes, "en")] == [1, 3, 0, 2]
        assert own_language_first(quotes, "zh-hans")[0].place == 0


class TestAsCsv:
    def test_has_a_row_for_each_pain_point(self, summary):
        rows = rows_of(summary)
        assert [row["rank"] for row in rows] == [str(number + 1) for number in range(len(rows))]
        assert rows[0]["people"] == "8"

    def test_lets_no_spreadsheet_run_a_name(self, summary):
        theme = summary.pain_points.order_by("rank").first().theme
        rename(theme, actor=lead(), at=AT, name_en='=HYPERLINK("http://evil.example")')
        assert rows_of(summarised())[0]["name"].startswith("'=")


class TestAsJson:
    def test_can_be_written_and_read_with_numbers_and_codes(self, summary):
        read = json.loads(json.dumps(as_json(summary), ensure_ascii=False))
        assert (read["messages"], read["state"], read["kind"]) == (14, "draft", "month")
        point = read["pain_points"][0]
        assert set(point["names"]) == {"en", "zh-hans"}
        assert point["share_low"] < point["share"] < point["share_high"]
        assert point["quotes"]

    def test_quotes_nobody_whose_ticket_only_the_crisis_team_may_read(self, summary):
        for message in Message.objects.select_related("assessment"):
            admit(message, message.assessment, at=AT)
        pain = [point["quotes"] for point in as_json(summary)["pain_points"] if not point["is_praise"]]
        assert all(pain)
        Ticket.objects.update(is_sensitive=True)
        pain = [point["quotes"] for point in as_json(summary)["pain_points"] if not point["is_praise"]]
        assert not any(pain)

    def test_costs_the_same_queries_for_any_number_of_themes(self, summary, django_assert_num_queries):
        with django_assert_num_queries(2):
            as_json(summary)
