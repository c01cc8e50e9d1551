from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.people import agent, lead
from tickets.figures.asking import CannotCount, Days, asked_in, choices_for
from tickets.queues.models import Queue
from users.accounts.models import Team

pytestmark = pytest.mark.django_db
# In Shanghai it is the 15th already.
EVENING = datetime(2026, 11, 14, 17, 0, tzinfo=UTC)


def days_of(query: dict[str, str]) -> tuple[str, str]:
    days = asked_in(query, choices_for(lead()), at=EVENING).days
    return days.first.isoformat(), days.last.isoformat()


class TestAskedIn:
    @pytest.mark.parametrize(
        ("query", "first", "last"),
        [
            ({}, "2026-11-08", "2026-11-14"),
            ({"span": "28"}, "2026-10-18", "2026-11-14"),
            ({"span": "7"}, "2026-11-08", "2026-11-14"),
            ({"span": "month"}, "2026-11-01", "2026-11-15"),
            ({"span": "last-month"}, "2026-10-01", "2026-10-31"),
            ({"span": "custom", "from": "2026-02-01", "to": "2026-02-28"}, "2026-02-01", "2026-02-28"),
            ({"from": "2026-11-10", "to": "2027-01-01"}, "2026-11-10", "2026-11-15"),
        ],
    )
    def test_reads_a_period_on_the_clock_of_the_installation(
        self, query: dict[str, str], first: str, last: str
    ) -> None:
        assert days_of(query) == (first, last)

    @pytest.mark.parametrize(
        "query",
        [
            {"span": "year"},
            {"from": "2026-11-10"},
            {"from": "yesterday", "to": "today"},
            {"from": "2026-11-10", "to": "2026-11-09"},
            {"from": "2026-12-01", "to": "2026-12-09"},
            {"from": "2026-01-01", "to": "2026-11-01"},
            {"from": "0001-01-01", "to": "0001-01-02"},
            {"team": "nobody"},
            {"queue": "nowhere\x00"},
        ],
    )
    def test_says_what_cannot_be_counted(self, query: dict[str, str]) -> None:
        with pytest.raises(CannotCount):
            days_of(query)

    def test_lets_an_agent_ask_for_own_teams_and_queues_only(self) -> None:
        ana, _cyd = agent("ana"), agent("cyd", team="other", queue="other")
        choices = choices_for(ana)
        assert [team.slug for team in choices.teams] == ["first-line"]
        assert [queue.slug for queue in choices.queues] == ["support"]
        for name in ("team", "queue"):
            with pytest.raises(CannotCount):
                asked_in({name: "other"}, choices, at=EVENING)


class TestQueuesIn:
    def test_are_those_that_are_of_the_team_and_asked_for(self) -> None:
        agent("ana")
        agent("ana2", queue="billing")
        agent("cyd", team="other", queue="other")
        choices = choices_for(lead())
        support, billing = (Queue.objects.get(slug=slug) for slug in ("support", "billing"))

        def queues(query: dict[str, str]) -> Any:
            return choices.queues_in(asked_in(query, choices, at=EVENING))

        assert queues({}) is None
        assert queues({"team": "first-line"}) == {support.pk, billing.pk}
        assert queues({"team": "first-line", "queue": "billing"}) == {billing.pk}
        assert queues({"team": "other", "queue": "billing"}) == frozenset()

    def test_of_a_team_without_work_are_none(self) -> None:
        Team.objects.create(slug="idle", name="Idle")
        choices = choices_for(lead())
        assert choices.queues_in(asked_in({"team": "idle"}, choices, at=EVENING)) == frozenset()


class TestDays:
    def test_come_after_as_many_others(self) -> None:
        days = Days(date(2026, 3, 1), date(2026, 3, 31))
        assert (days.count, days.before) == (31, Days(date(2026, 1, 29), date(2026, 2, 28)))

    def test_are_as_long_as_the_clock_says(self, settings: Any) -> None:
        settings.SUMMARY_TIME_ZONE = "Europe/Berlin"
        autumn = Days(date(2026, 10, 25), date(2026, 10, 25))
        assert autumn.period.end - autumn.period.start == timedelta(hours=25)
        assert autumn.before.period.end == autumn.period.start
