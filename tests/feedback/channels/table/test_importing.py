from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from feedback.channels.table.importing import BATCH, Bookmark, check_rows, import_rows
from feedback.channels.table.kind import TABLE, Source
from feedback.channels.table.reading import Flaw, Line
from feedback.intake.models import Channel, Feedback, Message, RawMessage
from feedback.intake.services import default_channel
from tests.people import NOON
from users.profiles.models import Address, Customer

pytestmark = pytest.mark.django_db

THEN = datetime(2024, 11, 15, tzinfo=UTC)
SOURCE = Source({"text": "text", "rating": "stars", "email": "from"}, "Asia/Shanghai", THEN)


@pytest.fixture
def channel() -> Channel:
    return default_channel("table")


def lines(*texts: str, stars: str = "1", sender: str = "") -> list[Line | Flaw]:
    return [
        Line(number, {"text": text, "stars": stars, "from": sender})
        for number, text in enumerate(texts, start=2)
    ]


def bring(
    rows: list[Line | Flaw], channel: Channel, *, source: Source = SOURCE, **options
) -> tuple[int, int, int]:
    options = {"origin": Origin.IMPORT, "at": NOON} | options
    batches = list(import_rows(rows, source, channel=channel, **options))
    return (
        sum(batch.new for batch in batches),
        sum(batch.known for batch in batches),
        sum(len(batch.flaws) for batch in batches),
    )


class TestImportRows:
    def test_stores_each_row_with_when_it_was_sent_and_its_raw_cells(self, channel: Channel) -> None:
        assert bring(lines("字幕慢半拍"), channel) == (1, 0, 0)
        message = Message.objects.select_related("feedback", "raw").get()
        assert (message.text, message.origin, message.sent_at) == ("字幕慢半拍", Origin.IMPORT, THEN)
        assert (message.received_at, message.feedback.rating) == (NOON, 1)
        assert "字幕慢半拍" in bytes(message.raw.content).decode()

    def test_owes_its_work_on_the_bulk_lane_without_a_bell(
        self, channel: Channel, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks() as bells:
            bring(lines("a", "b"), channel)
        assert not bells
        assert [row.lane for row in OutboxRow.objects.all()] == [Lane.BULK, Lane.BULK]

    def test_rings_for_what_is_live(self, channel: Channel, django_capture_on_commit_callbacks) -> None:
        with django_capture_on_commit_callbacks() as bells:
            bring(lines("a"), channel, origin=Origin.LIVE)
        assert len(bells) == 1
        assert OutboxRow.objects.get().lane == Lane.CRISIS

    def test_doubles_nothing_the_second_time(self, channel: Channel) -> None:
        rows = lines("again", "again", "once")
        assert bring(rows, channel) == (3, 0, 0)
        assert bring(rows, channel) == (0, 3, 0)
        assert Feedback.objects.count() == Customer.objects.count() == 3

    def test_takes_up_where_it_was_killed(self, channel: Channel) -> None:
        rows = lines(*(f"row {number}" for number in range(BATCH + 50)))
        import_of_all = import_rows(rows, SOURCE, channel=channel, origin=Origin.IMPORT, at=NOON)
        first = next(import_of_all)
        del import_of_all
        assert (first.rows, first.new) == (BATCH, BATCH)
        assert bring(rows, channel, after=first.rows) == (50, 0, 0)
        assert Message.objects.count() == BATCH + 50

    def test_names_equal_rows_the_same_when_some_are_passed_over(self, channel: Channel) -> None:
        rows = lines("same", "same", "same")
        bring(rows[:2], channel)
        assert bring(rows, channel, after=2) == (1, 0, 0)

    def test_passes_over_bad_rows_and_says_which(self, channel: Channel) -> None:
        rows = [*lines("good"), Line(3, {"text": "", "stars": "", "from": ""}), Flaw(4, "not_csv", "quote")]
        rows += [Line(5, {"text": "\x00\x01", "stars": "", "from": ""}), *lines("good too")]
        batch = next(import_rows(rows, SOURCE, channel=channel, origin=Origin.IMPORT, at=NOON))
        assert batch.new == 2
        assert [(flaw.number, flaw.code) for flaw in batch.flaws] == [
            (3, "empty"),
            (4, "not_csv"),
            (5, "empty"),
        ]

    def test_knows_people_by_their_address(self, channel: Channel) -> None:
        bring(lines("one", "two", sender="kim@example.org"), channel)
        assert Customer.objects.count() == 1
        assert not Address.objects.get().is_proven
        trusted = Source(SOURCE.mapping, SOURCE.zone, THEN, is_trusted=True)
        bring(lines("three", sender="lin@example.org"), channel, source=trusted)
        assert Address.objects.get(value="lin@example.org").is_proven

    def test_asks_little_of_the_database(self, channel: Channel, django_assert_max_num_queries) -> None:
        rows = lines(*(f"row {number}" for number in range(20)))
        # Per row: a savepoint, its release, the one statement of intake.
        with django_assert_max_num_queries(20 * 3 + 5):
            bring(rows, channel)


class TestCheckRows:
    def test_counts_and_writes_nothing(self) -> None:
        rows = [*lines("a"), Flaw(3, "not_csv", ""), Line(4, {"text": "x", "stars": "9", "from": ""})]
        batch = next(check_rows(rows, SOURCE, at=NOON))
        assert (batch.rows, batch.new, [flaw.code for flaw in batch.flaws]) == (
            3,
            1,
            ["not_csv", "invalid_rating"],
        )
        assert not Message.objects.exists()


class TestTableKind:
    def test_understands_a_stored_row_again(self, channel: Channel) -> None:
        bring(lines("上传卡住", stars="★★", sender="kim@example.org"), channel)
        raw = RawMessage.objects.select_related("channel").get()
        incoming = TABLE.parse(raw)
        message = Message.objects.get()
        assert (incoming.text, incoming.external_id) == (message.text, message.external_id)
        assert (incoming.rating, incoming.sent_at, incoming.origin) == (2, THEN, Origin.IMPORT)

    def test_names_settings_that_make_no_sense(self) -> None:
        assert TABLE.check_config({"map": {"text": "review"}}) == []
        assert TABLE.check_config({"map": {"txt": "review"}}) == ["map: there is no field 'txt'"]


class TestBookmark:
    @pytest.fixture
    def table(self, tmp_path: Path) -> Iterator[Path]:
        path = tmp_path / "a.csv"
        path.write_text("text\nx\n")
        return path

    def test_keeps_count_for_one_content_and_mapping(
        self, table: Path, channel: Channel, tmp_path: Path
    ) -> None:
        bookmark = Bookmark.of(table, SOURCE, channel, home=tmp_path)
        assert bookmark.rows() == 0
        bookmark.move(200)
        assert Bookmark.of(table, SOURCE, channel, home=tmp_path).rows() == 200
        table.write_text("text\ny\n")
        assert Bookmark.of(table, SOURCE, channel, home=tmp_path).rows() == 0
        bookmark.remove()
        assert bookmark.rows() == 0
