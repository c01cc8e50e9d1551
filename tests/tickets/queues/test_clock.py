from __future__ import annotations

import pytest

from tickets.queues.clock import BadHours, check_hours

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
