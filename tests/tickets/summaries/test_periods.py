from datetime import UTC, date, datetime

import pytest

from tickets.summaries.periods import Period, asked_for, days_between, month_of, week_of
from tickets.summaries.services import PAST_PERIODS

SHANGHAI = "Asia/Shanghai"


class TestMonthOf:
    def test_begins_and_ends_at_local_midnight(self):
        month = month_of(date(2026, 10, 17), SHANGHAI)
        assert month.start == datetime(2026, 9, 30, 16, tzinfo=UTC)
        assert month.end == datetime(2026, 10, 31, 16, tzinfo=UTC)

    def test_knows_the_end_of_the_year(self):
        assert month_of(date(2026, 12, 31), "UTC").end == datetime(2027, 1, 1, tzinfo=UTC)

    def test_is_an_hour_short_where_clocks_change(self):
        month = month_of(date(2026, 3, 1), "Europe/Berlin")
        assert (month.end - month.start).total_seconds() == 31 * 86_400 - 3_600


class TestAskedFor:
    def test_is_what_was_asked_for(self):
        day, last = date(2026, 11, 4), date(2026, 11, 9)
        assert asked_for("month", day, last, SHANGHAI) == month_of(day, SHANGHAI)
        assert asked_for("week", day, last, SHANGHAI) == week_of(day, SHANGHAI)
        assert asked_for("custom", day, last, SHANGHAI) == days_between(day, last, SHANGHAI)

    @pytest.mark.parametrize(
        ("first", "last"),
        [(date.min, date(1, 1, 5)), (date(9999, 12, 1), date.max), (date(2010, 1, 1), date(2026, 1, 1))],
    )
    def test_refuses_what_calendars_or_comparisons_cannot_hold(self, first, last):
        with pytest.raises(ValueError, match="are counted"):
            asked_for("custom", first, last, SHANGHAI)

    def test_can_be_compared_with_what_was_before_it(self):
        longest = asked_for("custom", date(1990, 1, 1), date(2000, 1, 7), SHANGHAI)
        assert len(longest.past(PAST_PERIODS)) == PAST_PERIODS


class TestPast:
    def test_goes_back_month_by_month_oldest_first(self):
        past = month_of(date(2026, 3, 1), SHANGHAI).past(3)
        assert [one.end for one in past[:-1]] == [one.start for one in past[1:]]
        assert past[-1] == month_of(date(2026, 2, 1), SHANGHAI)
        assert past[0] == month_of(date(2025, 12, 1), SHANGHAI)

    def test_goes_back_by_weeks_and_by_equal_lengths(self):
        week = week_of(date(2026, 11, 4), SHANGHAI)
        assert week.before() == week_of(date(2026, 10, 28), SHANGHAI)
        some = days_between(date(2026, 11, 1), date(2026, 11, 10), SHANGHAI)
        assert some.before().end == some.start
        assert some.before().end - some.before().start == some.end - some.start


class TestCovered:
    def test_says_how_much_has_passed(self):
        week = week_of(date(2026, 11, 4), "UTC")
        assert week.covered(week.start) == 0
        assert week.covered(datetime(2026, 11, 5, 12, tzinfo=UTC)) == pytest.approx(0.5)
        assert week.covered(datetime(2027, 1, 1, tzinfo=UTC)) == 1


class TestPeriod:
    def test_refuses_to_end_before_it_starts(self):
        with pytest.raises(ValueError, match="must end after"):
            days_between(date(2026, 11, 2), date(2026, 11, 1), "UTC")
        assert isinstance(days_between(date(2026, 11, 2), date(2026, 11, 2), "UTC"), Period)

    def test_is_called_by_the_days_of_its_own_place(self):
        assert month_of(date(2026, 10, 5), SHANGHAI).title == "2026-10"
        assert week_of(date(2026, 11, 18), SHANGHAI).title == "2026-11-16 – 2026-11-22"
