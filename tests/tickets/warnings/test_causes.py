from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tickets.warnings.causes import (
    ALL,
    CROWD,
    THEME,
    TOPIC,
    Cause,
    Heard,
    Past,
    Reading,
    Themes,
    Watch,
    past_of,
)
from tickets.warnings.surge import DAY, DAYS_LEARNED, HOUR

NOW = 20_000 * DAY
UNTIL = NOW - DAY
RANDOM = np.random.default_rng(1)


def matter(number: int) -> NDArray[np.float32]:
    """Return what is said about matter ``number``: at right angles to every other."""
    vector = np.zeros(512, np.float32)
    vector[number] = 1
    return vector


def heard(*said: tuple[int, float, int, str]) -> Heard:
    """Return messages (matter, seconds, person, topic) in order of time."""
    said = tuple(sorted(said, key=lambda one: one[1]))
    return Heard(
        np.arange(len(said)),
        np.array([matter(one[0]) for one in said], np.float32).reshape(-1, 512),
        np.array([one[1] for one in said], np.float64),
        np.array([one[2] for one in said], np.int64),
        np.array([one[3] for one in said], str),
    )


def weeks(a_day: int = 10, *, days: int = DAYS_LEARNED) -> Past:
    """Return weeks in which so many people a day spoke of matter 0 and as many of matter 1, evenly."""
    said = [
        (number % 2, UNTIL - DAY * (day + (number + 0.5) / (2 * a_day)), 10_000 + day * 100 + number, "bug")
        for day in range(days)
        for number in range(2 * a_day)
    ]
    return past_of(heard(*said), until=UNTIL, since=UNTIL - days * DAY - 1)


def burst(
    about: int, people: int, *, topic: str = "bug", hours: float = 1.0
) -> list[tuple[int, float, int, str]]:
    return [(about, NOW - HOUR * hours * (number + 0.5) / people, number, topic) for number in range(people)]


def ordinary() -> list[tuple[int, float, int, str]]:
    return [(number % 2, NOW - DAY * (number + 0.5) / 20, 5_000 + number, "bug") for number in range(20)]


THEMES = Themes(np.array([7, 8]), np.array([matter(0), matter(1)]), np.array([0.7, 0.7]))
NONE_KNOWN = Themes(np.zeros(0, np.int64), np.zeros((0, 512), np.float32), np.zeros(0))


def read(
    *said: tuple[int, float, int, str],
    past: Past | None = None,
    themes: Themes = THEMES,
    tracked: tuple[Cause, ...] = (),
    dismissed: int = 0,
) -> list[Reading]:
    watch = Watch(heard(*ordinary(), *said), past or weeks(), themes, now=NOW)
    return watch.readings(tracked, dismissed=lambda cause: dismissed)


def causes(readings: list[Reading]) -> list[tuple[str, str]]:
    return [(one.cause.kind, one.cause.key) for one in readings]


class TestReadings:
    def test_find_nothing_in_an_ordinary_day(self) -> None:
        assert read() == []

    def test_find_the_theme_that_many_speak_of(self) -> None:
        assert causes(read(*burst(0, 15))) == [(THEME, "7")]

    def test_find_a_crowd_that_no_theme_knows(self) -> None:
        (found,) = read(*burst(5, 12))
        assert found.cause.kind == CROWD
        assert found.cause.centre == pytest.approx(matter(5))
        assert found.people == (6, 12, 12, 12)

    def test_count_people_and_not_messages(self) -> None:
        one_person = [(5, NOW - 60.0 * number, 1, "bug") for number in range(40)]
        assert read(*one_person) == []

    def test_take_several_crowds_for_several_causes(self) -> None:
        assert len(read(*burst(5, 12), *burst(6, 12))) == 2

    def test_take_no_crowd_that_was_always_there_for_news(self) -> None:
        """Nobody has grouped themes yet, and both matters are as frequent as ever."""
        assert read(themes=NONE_KNOWN) == []

    def test_find_a_topic_in_which_no_two_say_the_same(self) -> None:
        scattered = [(20 + number, NOW - 200.0 * number, number, "payment") for number in range(30)]
        assert (TOPIC, "payment") in causes(read(*scattered))

    def test_leave_out_the_topic_that_a_theme_explains(self) -> None:
        assert (TOPIC, "bug") not in causes(read(*burst(0, 15)))

    def test_take_what_few_say_beside_many_for_their_echo(self) -> None:
        found = read(*burst(5, 40), *[(6, *one[1:2], 500 + one[2], one[3]) for one in burst(6, 8)])
        assert [one.people[-1] for one in found] == [40]

    def test_hear_a_second_cause_beside_a_first(self) -> None:
        found = read(*burst(5, 40), *[(6, *one[1:2], 500 + one[2], one[3]) for one in burst(6, 20)])
        assert [one.people[-1] for one in found] == [40, 20]

    def test_find_that_everything_rises_as_one_thing(self) -> None:
        everybody = [(number % 2, NOW - DAY * (number + 0.5) / 200, number, "bug") for number in range(200)]
        assert causes(read(*everybody)) == [(ALL, "")]

    def test_keep_a_tracked_cause_in_sight_when_it_is_quiet(self) -> None:
        quiet = Cause(CROWD, centre=matter(9))
        (found,) = read(tracked=(quiet,))
        assert (found.cause.is_same(quiet), found.surge, found.people) == (True, None, (0, 0, 0, 0))

    def test_take_more_of_a_tracked_crowd_for_the_same(self) -> None:
        tracked = Cause(CROWD, centre=matter(5))
        (found,) = read(*burst(5, 12), tracked=(tracked,))
        assert found.cause.is_same(tracked)
        assert found.surge is not None

    def test_forget_a_tracked_theme_that_is_gone(self) -> None:
        (found,) = read(tracked=(Cause(THEME, "99", matter(3)), Cause(ALL)))
        assert found.cause.kind == ALL

    def test_need_days_to_compare_with(self) -> None:
        assert read(*burst(5, 50), past=weeks(days=2)) == []
        assert read(*burst(5, 50), past=weeks(days=4)) != []

    def test_need_more_of_what_was_dismissed(self) -> None:
        assert read(*burst(5, 12), dismissed=2) == []

    def test_hear_a_dismissed_topic_again_when_it_is_far_louder(self) -> None:
        scattered = [(20 + number, NOW - 30.0 * number, number, "payment") for number in range(60)]
        assert (TOPIC, "payment") in causes(read(*scattered, dismissed=1))

    def test_say_what_hours_they_came_in(self) -> None:
        (found,) = read(*burst(5, 12, hours=1.0))
        assert len(found.hours) == 24
        assert sum(people for _begin, people, _usual in found.hours) == 12


class TestSameCause:
    def test_is_a_theme_by_its_id(self) -> None:
        assert Cause(THEME, "1", matter(1)).is_same(Cause(THEME, "1", matter(2)))
        assert not Cause(THEME, "1", matter(1)).is_same(Cause(THEME, "2", matter(1)))

    def test_is_a_crowd_by_what_it_says(self) -> None:
        assert Cause(CROWD, centre=matter(1)).is_same(Cause(CROWD, centre=matter(1)))
        assert not Cause(CROWD, centre=matter(1)).is_same(Cause(CROWD, centre=matter(2)))

    def test_is_a_crowd_that_became_a_theme(self) -> None:
        assert Cause(THEME, "1", matter(1)).is_same(Cause(CROWD, centre=matter(1)))

    def test_is_no_crowd_without_words(self) -> None:
        assert not Cause(CROWD).is_same(Cause(CROWD))
