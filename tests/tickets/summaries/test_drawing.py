import pytest

from tickets.summaries.drawing import bars, circles, line, ticks


class TestLine:
    def test_goes_from_left_to_right_with_zero_at_the_bottom(self):
        drawn = line([0, 5, 10], width=100, height=50, pad=0)
        assert drawn.pieces == ("0.0,50.0 50.0,25.0 100.0,0.0",)
        assert (drawn.last_x, drawn.last_y, drawn.last) == (100, 0, 10)

    def test_breaks_where_nothing_is_known(self):
        assert len(line([1, None, 2, 3], width=90, height=30).pieces) == 2

    @pytest.mark.parametrize("values", [[], [None], [0], [0.5]])
    def test_takes_little(self, values):
        line(values, width=90, height=30)


class TestBars:
    def test_makes_the_largest_as_high_as_the_picture(self):
        assert [bar.height for bar in bars([1, 4, 0], width=30, height=40)] == [10, 40, 0]

    def test_takes_nothing(self):
        assert bars([], width=30, height=40) == []


class TestTicks:
    def test_are_round(self):
        assert [tick.value for tick in ticks(0.157, height=100)] == [0, 0.05, 0.1, 0.15]
        assert [tick.value for tick in ticks(330, height=100)] == [0, 100, 200, 300]

    def test_take_zero(self):
        assert [tick.value for tick in ticks(0, height=100)] == [0]


class TestCircles:
    def test_lie_inside_apart_and_by_area(self):
        drawn = circles([(0, 0), (0, 0), (1, 1), (-1, -1)], [400, 100, 100, 1], width=600, height=300)
        assert drawn[0].radius == pytest.approx(2 * drawn[1].radius)
        assert all(one.radius <= one.x <= 600 - one.radius for one in drawn)
        distance = ((drawn[0].x - drawn[1].x) ** 2 + (drawn[0].y - drawn[1].y) ** 2) ** 0.5
        assert distance > drawn[0].radius

    def test_leave_a_name_out_that_would_lie_on_another(self):
        drawn = circles([(0, 0), (0, 0.01)], [10, 9], width=600, height=300, largest=5)
        assert [one.is_labelled for one in drawn] == [True, False]

    def test_take_nothing(self):
        assert circles([], [], width=600, height=300) == []
