from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from feedback.intake.incoming import IncomingFile
from tests.feedback.api.calls import call
from tests.people import NOON, agent, lead, opened
from tickets.desk.merging import merge
from tickets.desk.models import Ticket
from tickets.desk.services import add_note
from users.accounts.models import Scope, User
from users.accounts.services import issue_token

pytestmark = pytest.mark.django_db


def token_for(user: User) -> str:
    token = issue_token(user, name="desk", scopes=[Scope.READ_TICKETS], at=NOON)[1]
    # The first use of a token is noted, which costs a query once in ten minutes.
    call("GET", "/tickets", token=token)
    return token


@pytest.fixture
def ana() -> str:
    return token_for(agent("ana"))


class TestTickets:
    def test_are_those_of_ones_queues(self, ana: str) -> None:
        mine = opened("upload stops")
        agent("cyd", team="other", queue="other")
        opened("not mine", queue="other", by="lin@example.org")
        shown = call("GET", "/tickets", token=ana).json()["results"]
        assert [row["number"] for row in shown] == [mine.number]
        assert (shown[0]["priority"], shown[0]["status"], shown[0]["queue"]) == ("normal", "new", "support")

    def test_can_be_chosen(self, ana: str) -> None:
        opened("upload stops")
        assert (
            len(call("GET", "/tickets?status=new&queue=support&assignee=none", token=ana).json()["results"])
            == 1
        )
        for other in ("status=solved", "queue=x%00", "assignee=bo"):
            assert call("GET", f"/tickets?{other}", token=ana).json()["results"] == []
        assert call("GET", "/tickets?status=x", token=ana).status_code == 422

    def test_can_be_asked_what_changed_since(self, ana: str) -> None:
        ticket = opened("upload stops")
        ticket.refresh_from_db()
        asked = f"/tickets?updated_since={quote(ticket.updated_at.isoformat())}"
        assert len(call("GET", asked, token=ana).json()["results"]) == 1
        Ticket.objects.update(updated_at=NOON - timedelta(days=1))
        assert call("GET", asked, token=ana).json()["results"] == []
        assert len(call("GET", "/tickets?updated_since=2020-01-01", token=ana).json()["results"]) == 1

    @pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "0001-01-01T00:00:00%2B14:00", "%00"])
    def test_refuse_what_is_no_time(self, ana: str, since: str) -> None:
        answer = call("GET", f"/tickets?updated_since={since}", token=ana)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "updated_since")

    def test_cost_the_same_for_many(self, ana: str, django_assert_num_queries: Any) -> None:
        for number in range(4):
            opened(f"upload stops {number}")
        with django_assert_num_queries(2):
            assert len(call("GET", "/tickets", token=ana).json()["results"]) == 4

    def test_that_are_sensitive_are_for_the_crisis_team(self, ana: str) -> None:
        opened("kid@example.org", flags=["sensitive"])
        assert call("GET", "/tickets", token=ana).json()["results"] == []
        bo = token_for(agent("bo", is_crisis_team=True))
        assert len(call("GET", "/tickets", token=bo).json()["results"]) == 1


class TestTicket:
    def test_says_who_wrote_and_gives_out_what_they_sent(self, ana: str) -> None:
        picture = IncomingFile("screen.png", b"\x89PNG\r\n\x1a\n")
        ticket = opened("look", by="kim@example.org", attachments=(picture,), app_version="9.4.1")
        other = opened("also", by="kim@example.org", attachments=(IncomingFile("log.txt", b"boom"),))
        merge(other, into=ticket, actor=User.objects.get(username="ana"), at=NOON)
        shown = call("GET", f"/tickets/{ticket.public_id}", token=ana).json()
        assert shown["ticket"]["customer"]["id"] == str(ticket.feedback.customer.public_id)
        assert (shown["ticket"]["channel"], shown["ticket"]["app_version"]) == (
            ticket.feedback.channel.slug,
            "9.4.1",
        )
        (first,), (second,) = (message["attachments"] for message in shown["messages"])
        path = first["url"].partition("/api/v1")[2]
        assert call("GET", path, token=ana).content == picture.content
        assert call("GET", second["url"].partition("/api/v1")[2], token=ana).content == b"boom"
        cyd = token_for(agent("cyd", team="other", queue="other"))
        assert call("GET", path, token=cyd).status_code == 404

    def test_shows_conversation_history_and_notes(self, ana: str, django_assert_num_queries: Any) -> None:
        ticket = opened("upload stops")
        add_note(ticket, text="looks like fraud", actor=User.objects.get(username="ana"), at=NOON)
        path = f"/tickets/{ticket.public_id}"
        with django_assert_num_queries(7):
            shown = call("GET", path, token=ana).json()
        assert [message["text"] for message in shown["messages"]] == ["upload stops"]
        assert "looks like fraud" in [event["note"] for event in shown["events"]]

    def test_of_another_queue_looks_like_none(self) -> None:
        ticket = opened("upload stops")
        cyd = token_for(agent("cyd", team="other", queue="other"))
        assert call("GET", f"/tickets/{ticket.public_id}", token=cyd).status_code == 404


class TestCrisisQueue:
    def test_shows_who_waits_the_most_urgent_first(self) -> None:
        opened("我不想活了", lane="red", category="safety", urgency=0.95)
        opened("they will sue", lane="red", category="legal", urgency=0.9, by="lin@example.org")
        bo = token_for(agent("bo", is_crisis_team=True))
        shown = call("GET", "/crisis-queue", token=bo).json()
        assert shown["waiting"] == 2
        assert [place["category"] for place in shown["results"]] == ["safety", "legal"]
        assert shown["results"][0]["is_overdue"] is True
        assert shown["results"][0]["next_step_at"] is not None
        assert Ticket.objects.count() == 2

    def test_is_shown_to_leads_and_not_to_other_teams(self, ana: str) -> None:
        opened("they will sue", lane="red", category="legal", urgency=0.9)
        assert len(call("GET", "/crisis-queue", token=token_for(lead())).json()["results"]) == 1
        assert call("GET", "/crisis-queue", token=ana).json() == {"waiting": 0, "results": []}


class TestMergedTicket:
    def test_says_where_it_goes_on_and_the_other_what_came_into_it(self, ana: str) -> None:
        gone, kept = opened("upload stops"), opened("upload stops again")
        merge(gone, into=kept, actor=User.objects.get(username="ana"), at=NOON)
        shown = call("GET", f"/tickets/{gone.public_id}", token=ana).json()["ticket"]
        assert shown["merged_into"] == {"id": str(kept.public_id), "number": kept.number}
        whole = call("GET", f"/tickets/{kept.public_id}", token=ana).json()
        assert whole["ticket"]["merged_into"] is None
        assert whole["merged"] == [{"id": str(gone.public_id), "number": gone.number}]
