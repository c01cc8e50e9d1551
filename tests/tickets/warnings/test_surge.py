from __future__ import annotations

import numpy as np
import pytest

from tickets.warnings.surge import (
    DAY,
    DAYS_LEARNED,
    HOUR,
    LEAST_PEOPLE,
    WINDOWS,
    Usual,
    bar,
    rhythm_of,
    spread_of,
    surge_of,
    usual_of,
)

NO_TIME = 20_000 * DAY
EVEN = [window / DAY for window in WINDOWS]
ORDINARY = np.ones(DAYS_LEARNED)


def usual(a_day: float, *, known_from: float = 1_000, spread: float = 0.05) -> Usual:
    return Usual(a_day, known_from, spread)


class TestRhythm:
    def test_says_that_an_average_day_is_one_day(self) -> None:
        rhythm = rhythm_of(NO_TIME + HOUR * np.arange(24 * 28))
        assert rhythm.days_in(NO_TIME, NO_TIME + 7 * DAY) == pytest.approx(7, rel=0.01)

    def test_expects_more_in_the_hours_in_which_people_write(self) -> None:
        noons = NO_TIME + 12 * HOUR + np.repeat(DAY * np.arange(28), 50)
        rhythm = rhythm_of(noons)
        noon = rhythm.days_in(NO_TIME + 12 * HOUR, NO_TIME + 13 * HOUR)
        assert noon > 50 * rhythm.days_in(NO_TIME + 3 * HOUR, NO_TIME + 4 * HOUR)

    def test_reads_the_clock_of_the_installation(self) -> None:
        noons = NO_TIME + 12 * HOUR + np.repeat(DAY * np.arange(28), 50)
        assert rhythm_of(noons, offset=8 * HOUR).by_hour.argmax() == 20

    def test_expects_more_on_the_days_on_which_people_write(self) -> None:
        """1970-01-04 was a Sunday."""
        sundays = 3 * DAY + np.repeat(7 * DAY * np.arange(200), 20)
        assert rhythm_of(sundays).by_weekday.argmax() == 6

    def test_counts_parts_of_hours(self) -> None:
        rhythm = rhythm_of(NO_TIME + HOUR * np.arange(24 * 28))
        half = rhythm.days_in(NO_TIME + 0.25 * HOUR, NO_TIME + 0.75 * HOUR)
        assert half == pytest.approx(rhythm.days_in(NO_TIME, NO_TIME + HOUR) / 2)


class TestUsual:
    def test_is_what_the_days_before_say(self) -> None:
        found = usual_of(np.full(DAYS_LEARNED, 10), ORDINARY, spread=0.05)
        assert found.a_day == pytest.approx(10, rel=0.1)

    def test_is_not_moved_far_by_one_mad_day(self) -> None:
        mad = np.full(DAYS_LEARNED, 10)
        mad[-2] = 2_000
        assert usual_of(mad, ORDINARY, spread=0.05).a_day < 15

    def test_follows_what_changed_weeks_ago(self) -> None:
        rising = np.array([10] * 14 + [30] * 14)
        assert usual_of(rising, ORDINARY, spread=0.05).a_day > 21

    def test_of_a_sample_speaks_of_all(self) -> None:
        found = usual_of(np.full(DAYS_LEARNED, 10), ORDINARY, sampled=0.1, spread=0.05)
        assert found.a_day == pytest.approx(100, rel=0.1)

    def test_leaves_out_days_that_nobody_listened_to(self) -> None:
        counts, known = np.zeros(DAYS_LEARNED, np.int64), ORDINARY.copy()
        counts[-7:], known[:-7] = 10, 0
        assert usual_of(counts, known, spread=0.05).a_day == pytest.approx(10, rel=0.15)

    def test_of_what_was_never_heard_is_little_and_not_nothing(self) -> None:
        found = usual_of(np.zeros(DAYS_LEARNED, np.int64), ORDINARY, spread=0.05)
        assert 0 < found.a_day < 0.1


class TestSurprise:
    def test_is_none_where_no_more_speak_than_usual(self) -> None:
        assert usual(24).surprise(24, 1.0) == 0

    def test_grows_with_the_people(self) -> None:
        assert 0 < usual(24).surprise(40, 1.0) < usual(24).surprise(80, 1.0)

    def test_is_smaller_where_little_is_known(self) -> None:
        assert usual(1, known_from=1).surprise(12, 1.0) < usual(1, known_from=100).surprise(12, 1.0)

    def test_is_smaller_where_days_vary_much(self) -> None:
        assert usual(24, spread=1.0).surprise(80, 1.0) < usual(24, spread=0.05).surprise(80, 1.0)

    def test_stays_a_number_for_the_impossible(self) -> None:
        assert usual(0.001).surprise(100_000, 0.01) == pytest.approx(300)


class TestSpread:
    def test_of_steady_days_is_small(self) -> None:
        assert spread_of([np.full(DAYS_LEARNED, 50)], ORDINARY) == pytest.approx(0.05)

    def test_of_restless_days_is_large(self) -> None:
        restless = np.tile([5, 60, 10, 90], 7)
        assert spread_of([restless], ORDINARY) > 0.2

    def test_is_known_without_any_frequent_cause(self) -> None:
        assert spread_of([np.zeros(DAYS_LEARNED, np.int64)], ORDINARY) == pytest.approx(0.1)


class TestSurge:
    def test_is_found_where_many_more_speak_than_usual(self) -> None:
        surge = surge_of([20, 30, 40, 60], usual(24), EVEN, causes=50)
        assert surge is not None
        assert (surge.window, surge.people, surge.expected) == (0.5 * HOUR, 20, pytest.approx(0.5))

    def test_is_not_found_in_an_ordinary_day(self) -> None:
        assert surge_of([1, 3, 9, 26], usual(24), EVEN, causes=50) is None

    def test_of_a_few_people_is_none_however_rare(self) -> None:
        few = LEAST_PEOPLE[0] - 1
        assert surge_of([few] * 4, usual(0.001), EVEN, causes=1) is None

    def test_of_less_than_twice_the_usual_is_none_however_sure(self) -> None:
        assert surge_of([0, 0, 0, 1_900], usual(1_000, known_from=1e6, spread=0.0001), EVEN, causes=1) is None

    def test_that_rises_with_everything_is_no_finding_of_its_own(self) -> None:
        rising = {"people": [20, 30, 40, 60], "usual": usual(24), "days": EVEN, "causes": 50}
        assert surge_of(**rising, of_all=[40.0, 20.0, 10.0, 5.0]) is None  # type: ignore[arg-type]
        assert surge_of(**rising, of_all=[1.0, 1.0, 1.0, 1.0]) is not None  # type: ignore[arg-type]

    def test_needs_more_the_more_causes_are_looked_at(self) -> None:
        assert bar(DAY, 1_000) == pytest.approx(bar(DAY, 10) + 2)

    def test_needs_twice_the_people_after_it_was_dismissed(self) -> None:
        unheard = usual(0.001)
        assert surge_of([9] * 4, unheard, EVEN, causes=10) is not None
        assert surge_of([9] * 4, unheard, EVEN, causes=10, dismissed=1) is None
        assert surge_of([10] * 4, unheard, EVEN, causes=10, dismissed=1) is not None

    def test_needs_to_be_more_surprising_after_it_was_dismissed(self) -> None:
        people = [0, 0, 0, 60]
        assert surge_of(people, usual(24), EVEN, causes=10) is not None
        assert surge_of(people, usual(24), EVEN, causes=10, dismissed=1) is None


class TestChance:
    def test_raises_hardly_any_warning_in_a_quiet_year(self) -> None:
        """A cause of one person an hour for 365 days, looked at every hour: one a month is the most that is meant."""
        random = np.random.default_rng(3)
        said = np.sort(NO_TIME + random.uniform(0, 393 * DAY, 393 * 24))
        days = np.histogram(said, NO_TIME + DAY * np.arange(394))[0]
        found = 0
        for hour in range(29 * 24, 393 * 24):
            now, today = NO_TIME + hour * HOUR, hour // 24
            known = usual_of(days[today - 29 : today - 1], ORDINARY, spread=0.05)
            people = [
                int(np.searchsorted(said, now) - np.searchsorted(said, now - window)) for window in WINDOWS
            ]
            found += surge_of(people, known, EVEN, causes=1) is not None
        assert found <= 12
