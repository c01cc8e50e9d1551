from datetime import UTC, datetime, time

import pytest

from users.profiles.quiet import quiet_until


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 12, hour, minute, tzinfo=UTC)


class TestQuietUntil:
    @pytest.mark.parametrize(
        ("at", "begins", "ends", "expected"),
        [
            (moment(23), time(22), time(8), datetime(2026, 11, 13, 8, tzinfo=UTC)),
            (moment(3), time(22), time(8), moment(8)),
            (moment(8), time(22), time(8), None),
            (moment(12), time(22), time(8), None),
            (moment(13, 30), time(13), time(14), moment(14)),
            (moment(13), time(13), time(13), None),
            (moment(13), None, None, None),
        ],
    )
    def test_is_the_end_of_the_hours_around_a_moment(self, at, begins, ends, expected):
        assert quiet_until(at, begins=begins, ends=ends, time_zone="UTC") == expected

    def test_counts_in_the_persons_time_zone(self):
        end = quiet_until(moment(16), begins=time(22), ends=time(8), time_zone="Asia/Shanghai")
        assert end == datetime(2026, 11, 13, 0, tzinfo=UTC)
