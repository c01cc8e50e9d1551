from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedback.analysis.topic import TOPICS
from feedback.channels.table.mapping import (
    BadMapping,
    Entry,
    Understanding,
    guess_mapping,
    parse_mapping,
    parse_time,
)
from feedback.channels.table.reading import Flaw, Line
from feedback.intake.models import Topic

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(line: dict[str, str], columns: dict[str, str] | None = None, **options) -> Entry | Flaw:
    columns = columns or {name: name for name in line}
    return Understanding(columns, zone=SHANGHAI, now=NOW, **options).read(Line(7, line))


class TestParseMapping:
    def test_reads_pairs(self) -> None:
        found = parse_mapping("text = review, rating=stars", ("review", "stars", "x"))
        assert found == {"text": "review", "rating": "stars"}

    @pytest.mark.parametrize(
        ("words", "says"),
        [("txt=a", "no field"), ("text=b", "no column"), ("subject=a", "--map text"), ("", "--map text")],
    )
    def test_says_what_there_is(self, words: str, says: str) -> None:
        with pytest.raises(BadMapping, match=says):
            parse_mapping(words, ("a",))


class TestGuessMapping:
    def test_takes_columns_named_like_fields(self) -> None:
        assert guess_mapping(("Text", "RATING", "other")) == {"text": "Text", "rating": "RATING"}


class TestUnderstanding:
    @pytest.mark.parametrize(
        ("cell", "rating"),
        [
            ("5", 5),
            ("4.0", 4),
            ("3/5", 3),
            ("★★★☆☆", 3),
            ("⭐⭐", 2),
            ("五星", 5),
            ("4星", 4),
            ("1 star", 1),
            ("", None),
        ],
    )
    def test_reads_ratings(self, cell: str, rating: int | None) -> None:
        entry = read({"text": "x", "rating": cell})
        assert isinstance(entry, Entry)
        assert entry.rating == rating

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ({"text": "", "rating": ""}, "empty"),
            ({"text": "x", "rating": "6"}, "invalid_rating"),
            ({"text": "x", "rating": "3.5"}, "invalid_rating"),
            ({"text": "x", "rating": "good"}, "invalid_rating"),
            ({"text": "x", "sent_at": "yesterday"}, "invalid_time"),
            ({"text": "x", "sent_at": "2024-02-30"}, "invalid_time"),
            ({"text": "x", "sent_at": "2031-01-01"}, "time_out_of_range"),
            ({"text": "x", "sent_at": "1970-01-01"}, "time_out_of_range"),
            ({"text": "x", "email": "nobody"}, "invalid_email"),
            ({"text": "x", "topic": "weather"}, "unknown_topic"),
            ({"text": "x" * 20_001}, "too_long"),
        ],
    )
    def test_says_what_is_wrong_with_a_row(self, line: dict[str, str], code: str) -> None:
        flaw = read(line)
        assert isinstance(flaw, Flaw)
        assert (flaw.number, flaw.code) == (7, code)

    def test_takes_a_rating_without_words(self) -> None:
        assert isinstance(read({"text": "", "rating": "5"}), Entry)

    def test_gives_rows_without_a_time_the_one_of_the_table(self) -> None:
        entry = read({"text": "x", "sent_at": ""}, sent_at=NOW)
        assert isinstance(entry, Entry)
        assert entry.sent_at == NOW

    def test_names_equal_rows_apart_and_the_same_table_the_same(self) -> None:
        rows = [Line(2, {"text": "ok"}), Line(3, {"text": "no"}), Line(4, {"text": "ok"})]

        def keys() -> list[str]:
            understanding = Understanding({"text": "text"}, zone=UTC, now=NOW)
            return [understanding.read(row).key for row in rows]  # type: ignore[union-attr]

        assert len(set(keys())) == 3
        assert keys() == keys()

    def test_prefers_the_rows_own_name(self) -> None:
        entry = read({"text": "x", "id": "r-9"}, {"text": "text", "key": "id"})
        assert isinstance(entry, Entry)
        assert entry.key == "key:r-9"

    def test_agrees_with_intake_about_topics(self) -> None:
        assert set(Topic.values) == set(TOPICS)


class TestParseTime:
    @pytest.mark.parametrize(
        "cell",
        [
            "2024-11-15 13:09:37",
            "2024-11-15T13:09:37",
            "2024/11/15 13:09:37",
            "2024年11月15日 13:09:37",
            "2024-11-15 13:09:37.123",
            "2024-11-15T05:09:37Z",
            "2024-11-15T05:09:37+00:00",
            "2024-11-15T06:09:37+0100",
            "1731647377",
            "1731647377000",
        ],
    )
    def test_understands_what_tables_hold(self, cell: str) -> None:
        assert parse_time(cell, SHANGHAI) == datetime(2024, 11, 15, 5, 9, 37, tzinfo=UTC)

    def test_takes_a_date_as_its_first_moment(self) -> None:
        assert parse_time("2024/1/5", SHANGHAI) == datetime(2024, 1, 4, 16, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        "cell", ["", "soon", "15.11.2024", "2024-13-01", "0000-01-01", "9999-12-31 23:59:59-14:00"]
    )
    def test_takes_nothing_else(self, cell: str) -> None:
        assert parse_time(cell, SHANGHAI) is None
