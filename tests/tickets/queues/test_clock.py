from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tickets.queues.clock import BadHours, check_hours, due, parse_hours

WORKING = [["09:00", "12:00"], ["13:00", "18:00"]]


class TestCheckHours:
    @pytest.mark.parametrize(
        "hours",
        [
            {"0": WORKING, "4": WORKING},
            {"0": [["09:00", "00:00"]]},
            {"6": [["22:00", "06:00"]], "0": [["06:00", "09:00"]]},
            {str(weekday): [["00:00", "00:00"]] for weekday in range(7)},
        ],
    )
    def test_accepts_slots_that_follow_one_another(self, hours: dict[str, list[list[str]]]) -> None:
        check_hours(hours)

    @pytest.mark.parametrize(
        ("hours", "code", "weekday"),
        [
            ({}, "never_open", None),
            ({"0": []}, "never_open", None),
            ({"2": [["9 o'clock", "18:00"]]}, "no_time", 2),
            ({"2": [["", "18:00"]]}, "no_time", 2),
            ({"1": [["09:00", "13:00"], ["12:00", "18:00"]]}, "overlap", 1),
            ({"1": [["22:00", "06:00"]], "2": [["05:00", "12:00"]]}, "overlap", 1),
            ({"6": [["22:00", "06:00"]], "0": [["05:00", "12:00"]]}, "overlap", 6),
            ({"3": [["00:00", "00:00"], ["09:00", "18:00"]]}, "overlap", 3),
        ],
    )
    def test_says_what_no_clock_can_run_by(
        self, hours: dict[str, list[list[str]]], code: str, weekday: int | None
    ) -> None:
        with pytest.raises(BadHours) as refused:
            check_hours(hours)
        assert (refused.value.code, refused.value.weekday) == (code, weekday)


BERLIN = "Europe/Berlin"
NIGHTS = {str(weekday): [["22:00", "06:00"]] for weekday in range(7)}


def local(text: str, zone: str = BERLIN) -> datetime:
    """Return a moment as the clocks of ``zone`` show it, in UTC: as the service reads its own clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class TestDue:
    @pytest.mark.parametrize(
        ("start", "hours", "expected"),
        [
            ("2026-11-03T02:00", 1, "2026-11-03T03:00"),
            ("2026-11-03T05:00", 2, "2026-11-03T23:00"),
            ("2026-11-03T07:00", 1, "2026-11-03T23:00"),
            ("2026-11-03T23:00", 3, "2026-11-04T02:00"),
            # The night in which an hour is left out, and the one that has it twice.
            ("2026-03-28T22:00", 7, "2026-03-29T06:00"),
            ("2026-10-24T22:00", 9, "2026-10-25T06:00"),
        ],
    )
    def test_counts_the_night_that_began_the_day_before(self, start: str, hours: int, expected: str) -> None:
        calendar = parse_hours(BERLIN, NIGHTS, [])
        assert due(local(start), timedelta(hours=hours), calendar) == local(expected)

    def test_works_a_holidays_eve_to_its_end_and_not_its_night(self) -> None:
        calendar = parse_hours(BERLIN, NIGHTS, [date(2026, 12, 25)])
        assert due(local("2026-12-25T02:00"), timedelta(hours=4), calendar) == local("2026-12-25T06:00")
        assert due(local("2026-12-25T02:00"), timedelta(hours=5), calendar) == local("2026-12-26T23:00")

    def test_takes_nothing_from_a_slot_that_the_change_of_clocks_leaves_out(self) -> None:
        days = {str(weekday): [["02:30", "03:00"], ["09:00", "17:00"]] for weekday in range(7)}
        calendar = parse_hours(BERLIN, days, [])
        assert due(local("2026-03-29T01:00"), timedelta(minutes=30), calendar) == local("2026-03-29T09:30")

    def test_counts_hours_that_pass_whatever_zone_the_start_is_in(self) -> None:
        always = parse_hours(BERLIN, {str(weekday): [["00:00", "00:00"]] for weekday in range(7)}, [])
        noon = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo(BERLIN))
        for hours in (always, None):
            assert due(noon, timedelta(hours=24), hours) == local("2026-03-29T13:00")

    def test_knows_the_leap_day_and_that_it_may_be_a_holiday(self) -> None:
        week = {str(weekday): [["09:00", "17:00"]] for weekday in range(5)}
        monday = local("2028-02-28T16:00", "America/New_York")
        open_day = parse_hours("America/New_York", week, [])
        closed = parse_hours("America/New_York", week, [date(2028, 2, 29)])
        assert due(monday, timedelta(hours=2), open_day) == local("2028-02-29T10:00", "America/New_York")
        assert due(monday, timedelta(hours=2), closed) == local("2028-03-01T10:00", "America/New_York")
