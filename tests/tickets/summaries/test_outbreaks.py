import numpy as np
import pytest

from tickets.summaries.outbreaks import outbreaks, shortest_span

HOUR = 3600.0
MONTH = 31 * 24 * HOUR
LOGIN = np.linspace(340, 346, 40) * HOUR
EVENLY = np.linspace(0, MONTH, 40)


def together(*moments, may_begin=None, end=MONTH):
    return outbreaks(moments, may_begin or [True] * len(moments), start=0.0, end=end)


class TestOutbreaks:
    def test_put_themes_of_the_same_hours_together_the_largest_first(self):
        payment = np.linspace(341, 347, 7) * HOUR
        assert together(payment, EVENLY, LOGIN) == [[2, 0]]

    def test_take_what_few_people_say_if_it_came_in_those_hours(self):
        assert together(LOGIN, np.array([342.0, 343.0, 344.0]) * HOUR, may_begin=[True, False]) == [[0, 1]]

    def test_leave_a_theme_out_that_came_at_another_hour(self):
        assert together(LOGIN, LOGIN[:9] + 30 * HOUR) == []

    def test_leave_out_what_only_partly_came_in_those_hours(self):
        half = np.sort(np.concatenate([LOGIN[:10], EVENLY[:12]]))
        assert together(LOGIN, half) == []

    def test_need_a_beginning_of_which_there_is_more_than_usual(self):
        assert together(LOGIN, LOGIN[::4], may_begin=[False, True]) == [[1, 0]]
        assert together(LOGIN, LOGIN[::4], may_begin=[False, False]) == []

    def test_keep_two_events_apart(self):
        later = LOGIN[:20] + 200 * HOUR
        assert together(LOGIN, later, LOGIN[:9], later[:9]) == [[0, 2], [1, 3]]

    @pytest.mark.parametrize("days", [1, 7])
    def test_find_none_in_what_people_said_all_through_a_short_period(self, days):
        end = days * 24 * HOUR
        assert together(np.linspace(0, end, 40), np.linspace(0, end, 9), end=end) == []

    def test_of_a_short_period_take_nothing_that_may_be_chance(self):
        day = 24 * HOUR
        night = np.linspace(2, 4, 30) * HOUR
        assert together(night, np.array([3 * HOUR]), end=day) == []

    def test_take_a_theme_of_very_many(self):
        assert together(np.linspace(340, 346, 50_000) * HOUR, np.linspace(340, 346, 40_000) * HOUR) == [
            [0, 1]
        ]

    def test_take_what_came_at_one_moment(self):
        assert together(np.full(9, 340 * HOUR), np.full(5, 340 * HOUR)) == [[0, 1]]

    @pytest.mark.parametrize("moments", [[], [np.array([5.0])]])
    def test_take_little(self, moments):
        assert together(*moments) == []


class TestShortestSpan:
    def test_holds_the_share_where_they_lie_closest(self):
        assert shortest_span(np.array([0.0, 50.0, 51.0, 52.0, 90.0]), 0.6) == (50.0, 52.0)

    def test_of_one_is_a_moment(self):
        assert shortest_span(np.array([7.0]), 0.6) == (7.0, 7.0)
