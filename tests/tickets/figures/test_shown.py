from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.people import NOON, agent, lead
from tests.tickets.figures.conftest import hours, one
from tickets.desk.models import Status
from tickets.figures.services import Report
from tickets.figures.shown import Cell, Tile, heat_of, plots_of, tiles_of
from tickets.replies.services import reply
from users.accounts.models import User

Count = Callable[..., Report]
pytestmark = pytest.mark.django_db


def tile_of(report: Report, title: str) -> Tile:
    return next(tile for tile in tiles_of(report) if tile.title == title)


class TestTiles:
    def test_stand_beside_the_period_before_with_the_change(self, report: Count) -> None:
        for number in range(6):
            one(f"k{number}", at=NOON - timedelta(days=3 if number < 2 else 0))
        tile = tile_of(report(lead()), "Tickets opened")
        assert (tile.number.text, tile.number.is_low, tile.before, tile.change) == ("4", True, "2", "+100%")

    def test_show_no_change_where_nothing_was_before(self, report: Count) -> None:
        one("first")
        counted = report(lead())
        assert tile_of(counted, "Tickets opened").change == ""
        assert tile_of(counted, "First answer").number == Cell("–")

    def test_give_a_change_too_small_no_sign(self, ana: User, report: Count) -> None:
        for number, day in enumerate((-3, 0)):
            ticket = one(f"k{number}", at=NOON + timedelta(days=day))
            reply(ticket, text="yes", author=ana, at=hours(24 * day + 1), language="en", then=Status.SOLVED)
        assert tile_of(report(lead()), "First answer").change == "±0%"

    def test_say_of_a_median_on_how_few_it_rests(self, report: Count) -> None:
        bo = agent("bo")
        for number in range(5):
            reply(one(f"k{number}"), text="yes", author=bo, at=hours(1), language="en")
            number_shown = tile_of(report(lead(f"dee{number}")), "First answer").number
            assert number_shown.mark == (f"of {number + 1}" if number < 4 else "")
            assert number_shown.is_low == (number < 4)


class TestPlots:
    def test_have_a_point_for_each_day_as_high_as_its_number(self, report: Count) -> None:
        for number in range(3):
            one(f"k{number}", at=NOON + timedelta(days=number // 2))
        by_day, waiting = plots_of(report(lead()))
        opened = by_day.series[0].points
        assert [y for _x, y, _told in opened] == [0.0, 90.0] + [180.0] * 5
        assert (opened[0][0], opened[-1][0], opened[0][2]) == (0.0, 640.0, "2026-11-02 · Tickets opened: 2")
        assert [y for _x, y, _told in waiting.series[0].points][:3] == [60.0, 0.0, 0.0]

    def test_stand_on_the_ground_when_nothing_happened(self, report: Count) -> None:
        by_day, _waiting = plots_of(report(lead()))
        assert {y for _x, y, _told in by_day.series[0].points} == {180.0}


class TestHeat:
    def test_is_darkest_where_most_messages_come(self, report: Count) -> None:
        for number in range(4):
            one(f"k{number}")
        one("later", at=hours(1))
        rows = heat_of(report(lead()))
        assert rows[0].cells[19:23] == [(0, 0), (4, 4), (1, 1), (0, 0)]
        assert len(rows) == 7
