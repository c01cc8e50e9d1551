import math

import numpy as np
import pytest

from feedback.themes.rank import score, severity_of


def severities(*messages: tuple[float, float, str]) -> list[float]:
    """Return how badly each message hurts, by its sentiment, its urgency and its topic."""
    sentiment, urgency, topics = (np.array(column) for column in zip(*messages, strict=True))
    return severity_of(sentiment, urgency, topics).tolist()


class TestSeverityOf:
    def test_is_the_worse_of_urgency_and_displeasure(self):
        assert severities((-0.8, 0.1, ""), (0.5, 0.9, "")) == [0.8, 0.9]

    def test_does_not_take_a_polite_request_for_contentment(self):
        assert severities((0.8, 0.1, "account"), (0.8, 0.1, "praise")) == [0.4, 0.1]

    def test_never_vanishes(self):
        assert severities((1.0, 0.0, "")) == [0.1]


class TestScore:
    def test_is_the_product_of_its_factors(self):
        result = score(people=80, of=1_000, severity=0.5, ratio=4, is_significant=True)
        assert result.trend == 2
        assert result.score == pytest.approx(result.reach * 0.5 * 2 * 100)

    def test_counts_no_change_that_could_be_chance(self):
        assert score(people=80, of=1_000, severity=0.5, ratio=4, is_significant=False).trend == 1

    def test_counts_no_trend_without_a_past(self):
        assert score(people=1, of=1, severity=0.5, ratio=math.nan, is_significant=False).trend == 1

    def test_does_not_let_three_of_four_people_outrank_the_many(self):
        few = score(people=3, of=4, severity=0.5, ratio=1, is_significant=False)
        assert few.reach < 0.75

    def test_is_nothing_when_nobody_wrote(self):
        assert score(people=0, of=0, severity=0.5, ratio=1, is_significant=False).score == 0
