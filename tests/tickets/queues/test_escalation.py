from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tickets.queues.escalation import LAST_RESORT, Chain, Step, parse_steps, read_chain
from tickets.queues.services import chain_of

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
STEPS = [
    {"after_minutes": 0, "notify": "on_call"},
    {"after_minutes": 5, "notify": "backup"},
    {"after_minutes": 10, "notify": "team:night-watch"},
]
POLICY = {"acknowledge_within_seconds": 300, "repeat_every_seconds": 600, "steps": STEPS}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class TestChain:
    chain = Chain(
        minutes(5), (Step(minutes(0), "on_call"), Step(minutes(5), "backup"), Step(minutes(10), "crisis_team"))
        , minutes(7)
    )  # fmt: skip

    def test_takes_the_steps_in_turn_and_repeats_the_last(self) -> None:
        assert [self.chain.step(taken).notify for taken in range(5)] == [
            "on_call", "backup", "crisis_team", "crisis_team", "crisis_team",
        ]  # fmt: skip

    def test_counts_from_the_alarm(self) -> None:
        assert self.chain.next_at(1, alarmed_at=NOON, at=NOON + minutes(1)) == NOON + minutes(5)

    def test_repeats_the_last_for_ever(self) -> None:
        for taken in (3, 4, 500):
            assert self.chain.next_at(taken, alarmed_at=NOON, at=NOON + minutes(99)) == NOON + minutes(106)

    def test_catches_up_at_once_when_it_fell_behind(self) -> None:
        late = NOON + minutes(60)
        assert self.chain.next_at(1, alarmed_at=NOON, at=late) == late


class TestParseSteps:
    def test_reads_what_is_stored(self) -> None:
        assert parse_steps(STEPS)[2] == Step(minutes(10), "team:night-watch")

    @pytest.mark.parametrize(
        "steps",
        [
            [],
            None,
            "on_call",
            {"after_minutes": 0, "notify": "on_call"},
            ["on_call"],
            [{"after_minutes": 0}],
            [{"after_minutes": 0, "notify": "the boss"}],
            [{"after_minutes": 0, "notify": "team:"}],
            [{"after_minutes": True, "notify": "on_call"}],
            [{"after_minutes": float("nan"), "notify": "on_call"}],
            [{"after_minutes": -1, "notify": "on_call"}],
            [{"after_minutes": 5, "notify": "on_call"}],
            [{"after_minutes": 0, "notify": "on_call"}, {"after_minutes": 0, "notify": "backup"}],
            [{"after_minutes": 0, "notify": "on_call"}, {"after_minutes": 10**9, "notify": "backup"}],
        ],
    )
    def test_refuses_what_nobody_could_take(self, steps: Any) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse_steps(steps)


class TestReadChain:
    def test_reads_a_frozen_policy(self) -> None:
        chain = read_chain(POLICY)
        assert (chain.acknowledge_within, chain.repeat_every, len(chain.steps)) == (
            minutes(5),
            minutes(10),
            3,
        )

    @pytest.mark.parametrize(
        "broken",
        [{"steps": []}, {"repeat_every_seconds": 0}, {"repeat_every_seconds": "soon"}, {"steps": None}],
    )
    def test_pages_as_a_last_resort_when_it_is_unreadable(self, broken: dict[str, Any]) -> None:
        assert chain_of(POLICY | broken) == LAST_RESORT
        assert chain_of({}) == LAST_RESORT
