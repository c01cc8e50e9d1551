from __future__ import annotations

from tickets.figures.counting import FEW, Fact, Measure, Spread, grouped, numbers_of, quantile


def fact(measure: Measure, ticket: int = 1, *, value: float | None = None, minute: int = 0) -> Fact:
    return Fact(measure, ticket, 60.0 * minute, None, 1, 1, value)


class TestNumbersOf:
    def test_counts_a_ticket_once_with_the_latest_of_its_kind(self) -> None:
        numbers = numbers_of([fact(Measure.SOLVED, value=60), fact(Measure.SOLVED, value=7200, minute=119)])
        assert (numbers.solved, numbers.solving) == (1, Spread(1, 7200, 7200))

    def test_counts_answers_as_messages(self) -> None:
        assert numbers_of([fact(Measure.ANSWERED), fact(Measure.ANSWERED)]).answers == 2

    def test_has_no_median_of_nothing(self) -> None:
        numbers = numbers_of([])
        assert (numbers.is_empty, numbers.first_answer) == (True, Spread(0, None, None))
        assert (numbers.satisfaction.count, numbers.satisfaction.mean) == (0, None)

    def test_says_that_few_are_few(self) -> None:
        facts = [fact(Measure.FIRST_ANSWER, ticket, value=60) for ticket in range(FEW)]
        assert not numbers_of(facts).first_answer.is_few
        assert numbers_of(facts[1:]).first_answer.is_few

    def test_takes_the_share_of_promises_kept(self) -> None:
        facts = [fact(Measure.ANSWER_DUE, ticket, value=float(ticket < 3)) for ticket in range(4)]
        assert numbers_of(facts).answers_in_time.mean == 0.75


class TestQuantile:
    def test_lies_between_two_values_by_parts(self) -> None:
        assert quantile([10, 20], 0.5) == 15
        assert quantile([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9) == 90
        assert quantile([7], 0.9) == 7


class TestGrouped:
    def test_leaves_out_what_belongs_nowhere(self) -> None:
        facts = [fact(Measure.SOLVED, 1), fact(Measure.SOLVED, 2)]
        assert grouped(facts, lambda one: one.ticket if one.ticket == 2 else None) == {2: [facts[1]]}
