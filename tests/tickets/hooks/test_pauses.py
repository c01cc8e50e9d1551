from __future__ import annotations

from datetime import timedelta

from tickets.hooks.pauses import LONGEST_REST, PAUSES, pause_after, rest_after


class TestPauseAfter:
    def test_grows_and_ends_within_about_a_day(self) -> None:
        pauses = [pause_after(number, chance=0.5) for number in range(1, len(PAUSES) + 1)]
        assert pauses == sorted(PAUSES)
        assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(hours=26)
        assert pause_after(len(PAUSES) + 1, chance=0.5) is None

    def test_differs_by_chance_within_a_fifth(self) -> None:
        shortest, longest = pause_after(5, chance=0), pause_after(5, chance=1)
        assert (shortest, longest) == (PAUSES[4] * 0.8, PAUSES[4] * 1.2)


class TestRestAfter:
    def test_doubles_up_to_a_quarter_of_an_hour(self) -> None:
        assert [rest_after(number).seconds for number in (1, 2, 3, 4)] == [5, 10, 20, 40]
        assert rest_after(1_000_000) == LONGEST_REST
