from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.feedback.api.calls import call, login
from tests.people import agent, answers_leave_at_once, lead, opened
from tickets.desk.models import Status
from tickets.replies.services import reply
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

pytestmark = pytest.mark.django_db


def token_for(user: User, scope: Scope = Scope.READ_TICKETS) -> str:
    return issue_token(user, name="counter", scopes=[scope], at=timezone.now())[1]


def answer_by(who: User, *, at: datetime) -> None:
    ticket = opened(f"question of {who}", by=f"{who}@example.org", at=at - timedelta(hours=1))
    reply(ticket, text="look here", author=who, at=at, language="en", then=Status.SOLVED)


class TestFigures:
    @pytest.fixture(autouse=True)
    def yesterday(self) -> datetime:
        answers_leave_at_once()
        return timezone.now() - timedelta(days=1)

    def test_are_of_everybody_for_leads_and_of_oneself_for_agents(self, yesterday: datetime) -> None:
        ana, bo = agent("ana"), agent("bo")
        for who in (ana, bo):
            answer_by(who, at=yesterday)
        for_dee = call("GET", "/figures", token=token_for(lead())).json()
        for_ana = call("GET", "/figures", token=token_for(ana)).json()
        assert [row["agent"] for row in for_dee["agents"]] == ["ana", "bo"]
        assert [(row["agent"], row["answers"]) for row in for_ana["agents"]] == [("ana", 1)]
        assert (for_ana["now"]["answers"], for_ana["teams"][0]["team"]) == (2, "first-line")
        assert for_ana["now"]["first_answer_median_seconds"] == 3600

    def test_are_of_the_days_and_the_team_asked_for(self, yesterday: datetime) -> None:
        agent("cyd", team="other", queue="other")
        answer_by(agent("ana"), at=yesterday)
        day = yesterday.date()
        asked = {"from": (day - timedelta(days=2)).isoformat(), "to": (day + timedelta(days=1)).isoformat()}
        token = token_for(lead())

        def opened_in(**query: str) -> Any:
            path = "/figures?" + "&".join(f"{name}={value}" for name, value in (asked | query).items())
            told = call("GET", path, token=token).json()
            assert told["from"] == asked["from"]
            return told["now"]["opened"], told["team"], len(told["days"])

        assert opened_in()[:2] == (1, None)
        assert opened_in(team="first-line")[:2] == (1, "first-line")
        assert opened_in(team="other")[:2] == (0, "other")

    @pytest.mark.parametrize(
        ("query", "field"), [("from=2026-01-01", "to"), ("from=x&to=y", "from"), ("team=none", "team")]
    )
    def test_say_what_is_wrong_with_the_question(self, query: str, field: str) -> None:
        answer = call("GET", f"/figures?{query}", token=token_for(lead()))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    def test_need_the_scope_to_read_tickets(self) -> None:
        assert call("GET", "/figures", token=token_for(lead(), Scope.READ_SUMMARIES)).status_code == 403

    def test_are_for_staff(self) -> None:
        assert call("GET", "/figures").status_code == 401
        assert call("GET", "/figures", token=login("kim", Role.CUSTOMER)[1]).status_code == 403
        assert call("GET", "/figures", token=login("shop", Role.INTEGRATION)[1]).status_code == 403
