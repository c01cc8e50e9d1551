from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from feedback.intake.models import FeedbackState
from tests.people import NOON, agent, client_of, lead, opened
from tickets.desk.models import Status, Ticket
from tickets.desk.services import assign
from tickets.desk.tagging import tag
from tickets.mentions.services import write_note
from tickets.queues.models import Priority, Queue
from tickets.workbench.filters import Filters
from tickets.workbench.folders import counts_of, folders_for
from tickets.workbench.inbox import neighbour, page_of
from tickets.workbench.keyset import Place

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=30)


def folder(user, key: str, at=NOON):
    return next(one for one in folders_for(user, at=at) if one.key == key)


def numbers(user, key: str, at=NOON, **filters) -> list[str]:
    page = page_of(folder(user, key, at), Filters(folder=key, **filters), user, at=at)
    return [row.ticket.number for row in page.rows]


class TestFolders:
    def test_show_each_agent_only_the_queues_of_their_teams(self, ana) -> None:
        cyd = agent("cyd", team="other", queue="other")
        opened("payment failed")
        assert len(numbers(ana, "all")) == 1
        assert numbers(cyd, "all") == []
        keys = {one.key for one in folders_for(cyd, at=NOON)}
        assert "queue-other" in keys
        assert not {"queue-support", "crisis"} & keys

    def test_hide_sensitive_tickets_from_all_but_the_crisis_team(self, ana) -> None:
        opened("I want to die", flags=["sensitive"])
        kay = agent("kay", is_crisis_team=True)
        assert numbers(ana, "all") == []
        assert len(numbers(kay, "all")) == 1

    def test_put_what_is_most_urgent_first(self, ana) -> None:
        late, soon, high = (opened(text, by=f"{text}@example.org") for text in ("late", "soon", "high"))
        Ticket.objects.filter(pk=late.pk).update(due_at=NOON + timedelta(hours=9))
        Ticket.objects.filter(pk=soon.pk).update(due_at=NOON + timedelta(hours=1))
        Ticket.objects.filter(pk=high.pk).update(priority=Priority.HIGH)
        assert numbers(ana, "all") == [high.number, soon.number, late.number]

    def test_count_what_waits(self, ana) -> None:
        mine = opened("mine", by="a@example.org")
        opened("free", by="b@example.org")
        assign(mine, to=ana, actor=ana, at=NOON)
        counts = counts_of(folders_for(ana, at=LATER), ana)
        assert (counts["mine"], counts["unassigned"], counts["overdue"], counts["queue-support"]) == (
            1,
            1,
            2,
            2,
        )


class TestFilters:
    def test_narrow_by_each_thing(self, ana) -> None:
        english = opened("slow", by="a@example.org", topic="performance")
        chinese = opened("太慢了", by="b@example.org", language="zh-Hans", topic="payment")
        tag(chinese, "refund", actor=ana, at=NOON)
        assign(chinese, to=ana, actor=ana, at=NOON)
        assert numbers(ana, "all", topic="performance") == [english.number]
        for narrowing in (
            {"language": "zh"},
            {"tag": "refund"},
            {"assignee": "me"},
            {"assignee": "ana"},
            {"status": Status.OPEN},
        ):
            assert numbers(ana, "all", **narrowing) == [chinese.number], narrowing
        assert numbers(ana, "all", channel="email") == []

    def test_ignore_what_no_list_knows(self) -> None:
        filters = Filters.read({"status": "x' OR 1=1", "folder": "mine", "topic": "bug", "evil": "1"})
        assert filters == Filters(folder="mine", topic="bug")


class TestNeighbour:
    def test_is_the_next_in_the_list_then_the_first(self, ana) -> None:
        first, second, third = (opened(str(n), by=f"k{n}@example.org") for n in range(3))
        here = folder(ana, "all")
        filters = Filters()
        assert neighbour(here, filters, ana, of=first, place=Place.of(first)) == second
        assert neighbour(here, filters, ana, of=third, place=Place.of(third)) == first

    def test_is_what_came_after_although_the_ticket_left_the_list(self, ana) -> None:
        _first, second, third = (opened(str(n), by=f"k{n}@example.org") for n in range(3))
        place = Place.of(second)
        Ticket.objects.filter(pk=second.pk).update(status=Status.SOLVED)
        assert neighbour(folder(ana, "all"), Filters(), ana, of=second, place=place) == third

    def test_is_nothing_when_nothing_else_waits(self, ana) -> None:
        only = opened("only")
        assert neighbour(folder(ana, "all"), Filters(), ana, of=only, place=Place.of(only)) is None


class TestInboxPage:
    url = "/admin/desk/"

    def test_asks_strangers_to_log_in(self) -> None:
        assert Client().get(self.url)["Location"].startswith("/admin/login/")

    def test_refuses_staff_without_a_role(self, django_user_model) -> None:
        someone = django_user_model.objects.create_user("x", is_staff=True)
        assert client_of(someone).get(self.url).status_code == 403

    def test_shows_a_row_with_everything_on_it(self, ana) -> None:
        opened(
            "<script>alert(1)</script> 付款失败", lane="amber", category="tech", urgency=0.6, queue="support"
        )
        html = client_of(ana).get(self.url).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 付款失败" in html
        assert "<script>alert" not in html
        assert "Technical failure" in html

    def test_costs_the_same_for_one_row_and_for_thirty(self, ana, django_assert_num_queries) -> None:
        client = client_of(ana)
        opened("one", lane="amber", category="tech", urgency=0.6, queue="support")
        client.get(self.url)
        # Session, user, the desk (queues, counts), rows, tags, last messages, reasons, what the
        # bulk bar offers (agents, queues), saved views, and answers about to leave.
        with django_assert_num_queries(13):
            client.get(self.url)
        for number in range(32):
            ticket = opened(
                str(number), by=f"k{number}@example.org", lane="amber", urgency=0.6, queue="support"
            )
            tag(ticket, f"tag-{number % 3}", actor=ana, at=NOON)
        with django_assert_num_queries(13):
            response = client.get(self.url)
        assert response.content.decode().count("data-row=") == 30

    def test_goes_on_after_the_last_row(self, ana) -> None:
        for number in range(33):
            opened(str(number), by=f"k{number}@example.org")
        client = client_of(ana)
        first = client.get(self.url).context["page_of_rows"]
        rest = client.get(self.url, {"after": first.next_cursor}, headers={"X-Fragment": "rows"})
        assert rest.content.decode().count("data-row=") == 3
        assert "<html" not in rest.content.decode()

    @pytest.mark.parametrize("query", ["folder=nowhere", "folder=queue-other", "after=nonsense"])
    def test_knows_nothing_of_other_lists(self, ana, query: str) -> None:
        assert client_of(ana).get(f"{self.url}?{query}").status_code == 404

    def test_lets_leads_read(self) -> None:
        ticket = opened("payment failed")
        assert ticket.subject in client_of(lead()).get(self.url).content.decode()


class TestCounts:
    def test_are_cheap_and_only_of_what_one_may_see(self, ana, django_assert_num_queries) -> None:
        opened("payment failed")
        opened("other", by="x@example.org", lane="red", category="safety", urgency=0.9)
        client = client_of(ana)
        with django_assert_num_queries(4):
            counts = client.get("/admin/desk/counts/").json()["counts"]
        assert counts["unassigned"] == "1"
        assert counts["unacknowledged"] == ""


class TestBulk:
    def do(self, client: Client, tickets, action: str, value: str = ""):
        chosen = [str(ticket.public_id) for ticket in tickets]
        return client.post(reverse("desk:bulk"), {"ticket": chosen, "action": action, "value": value})

    def test_solves_all_that_were_chosen(self, ana) -> None:
        tickets = [opened(str(n), by=f"k{n}@example.org") for n in range(3)]
        told = self.do(client_of(ana), tickets, "status", "solved").json()
        assert told == {"done": "3 tickets changed.", "refused": []}
        assert {ticket.status for ticket in Ticket.objects.all()} == {Status.SOLVED}
        assert tickets[0].feedback.__class__.objects.filter(state=FeedbackState.SOLVED).count() == 3

    def test_tells_which_refused_and_does_the_others(self, ana) -> None:
        one, other = (opened(str(n), by=f"k{n}@example.org") for n in range(2))
        Ticket.objects.filter(pk=one.pk).update(status=Status.CLOSED)
        told = self.do(client_of(ana), [one, other], "status", "on_hold").json()
        assert told["done"] == "1 ticket changed."
        assert [refusal["number"] for refusal in told["refused"]] == [one.number]

    def test_touches_no_foreign_ticket(self, ana) -> None:
        ticket = opened("payment failed")
        cyd = agent("cyd", team="other", queue="other")
        assert self.do(client_of(cyd), [ticket], "take").json()["done"] == "Nothing changed."
        ticket.refresh_from_db()
        assert ticket.assignee is None

    def test_answers_an_unknown_wish_with_a_reason(self, ana) -> None:
        ticket = opened("payment failed")
        told = self.do(client_of(ana), [ticket], "delete").json()
        assert told["refused"][0]["number"] == ticket.number


class TestMentions:
    def test_stand_in_a_folder_and_count_until_they_are_seen(self, ana) -> None:
        ticket, bo = opened("payment failed"), agent("bo")
        write_note(ticket, text="@bo please look", actor=ana, at=NOON)
        client = client_of(bo)
        assert client.get("/admin/desk/counts/").json()["counts"]["unread_mentions"] == "1"
        listed = client.get("/admin/desk/?folder=mentions").content.decode()
        assert ticket.number in listed
        assert client_of(ana).get("/admin/desk/counts/").json()["counts"]["unread_mentions"] == ""
        client.get(f"/admin/desk/{ticket.public_id}/")
        assert client.get("/admin/desk/counts/").json()["counts"]["unread_mentions"] == ""
        assert ticket.number in client.get("/admin/desk/?folder=mentions").content.decode()

    def test_leave_the_folder_of_whoever_may_not_read_them_any_more(self, ana) -> None:
        ticket, bo = opened("payment failed"), agent("bo")
        write_note(ticket, text="@bo", actor=ana, at=NOON)
        Ticket.objects.update(queue=Queue.objects.create(slug="far", name="far"))
        for folder in ("mentions", "following"):
            assert ticket.number not in client_of(bo).get(f"/admin/desk/?folder={folder}").content.decode()

    def test_are_mailed_to_whoever_wants_that(self, ana) -> None:
        client = client_of(ana)
        assert (
            "ana@earshot.example" in client.post("/admin/desk/mentions/mail/", {"wanted": 1}).json()["done"]
        )
        client.post("/admin/desk/mentions/mail/")
        ana.refresh_from_db()
        assert not ana.mails_mentions


class TestFollowing:
    def test_is_begun_and_ended_on_the_ticket(self, ana) -> None:
        ticket, client = opened("payment failed"), client_of(ana)
        folder, page = "/admin/desk/?folder=following", f"/admin/desk/{ticket.public_id}/"
        client.post(page + "follow/")
        assert ticket.number in client.get(folder).content.decode()
        assert "Stop following" in client.get(page).content.decode()
        client.post(page + "unfollow/")
        assert ticket.number not in client.get(folder).content.decode()
