from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.feedback.api.calls import call, login
from tests.people import NOON, agent, lead
from tickets.summaries.models import State, Summary
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token

pytestmark = pytest.mark.django_db


def token_for(user: User) -> str:
    return issue_token(user, name="reader", scopes=[Scope.READ_SUMMARIES], at=NOON)[1]


def month(number: int, **fields: Any) -> Summary:
    start = NOON + timedelta(days=30 * number)
    counts = {"message_count": 7, "people_count": 5, "other_count": 2, "sentiment": -0.3}
    return Summary.objects.create(
        kind="month",
        start_at=start,
        end_at=start + timedelta(days=30),
        time_zone="Asia/Shanghai",
        origins=["live"],
        made_at=start,
        formula="reach",
        model_version="test",
        **(counts | fields),
    )


class TestSummaries:
    def test_show_drafts_to_leads_and_published_ones_to_all_staff(self) -> None:
        published = month(1, state=State.PUBLISHED, published_at=NOON)
        draft = month(2)
        for_dee = call("GET", "/summaries", token=token_for(lead())).json()["results"]
        for_ana = call("GET", "/summaries", token=token_for(agent("ana"))).json()["results"]
        assert [row["id"] for row in for_dee] == [str(draft.public_id), str(published.public_id)]
        assert [row["id"] for row in for_ana] == [str(published.public_id)]

    def test_that_are_drafts_look_like_none_to_others(self) -> None:
        path = f"/summaries/{month(2).public_id}"
        assert call("GET", path, token=token_for(lead())).json()["people"] == 5
        assert call("GET", path, token=token_for(agent("ana"))).status_code == 404
        assert call("GET", path, token=login("kim", Role.CUSTOMER)[1]).status_code == 403
