from __future__ import annotations

from tickets.summaries.plots import releases_at, spread


class TestSpread:
    def test_moves_labels_apart_as_little_as_needed(self) -> None:
        assert spread([50, 52, 90], least=15) == [50, 65, 90]

    def test_moves_up_only_what_would_leave_the_picture(self) -> None:
        assert spread([8, 170, 175, 178], least=15) == [8, 150, 165, 180]

    def test_takes_nothing(self) -> None:
        assert spread([], least=15) == []


class TestReleasesAt:
    def test_puts_a_label_lower_that_would_touch_the_one_before(self) -> None:
        placed = releases_at([(100, "8.4.0"), (110, "8.4.1"), (300, "8.5.0")])
        assert [one.label_y for one in placed] == [6, 19, 6]
