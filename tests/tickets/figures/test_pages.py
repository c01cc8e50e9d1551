"""The pages, over what happened yesterday: they read the clock."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import agent, client_of, lead
from tests.tickets.figures.conftest import one
from tickets.desk.models import Status, Ticket
from tickets.figures.pages import TICKETS_A_PAGE
from tickets.replies.services import reply
from users.accounts.models import Role, Team, User

PAGE = "/admin/figures/"


@pytest.fixture
def yesterday() -> datetime:
    return timezone.now() - timedelta(days=1)


def answer_to(name: str, by: User, *, at: datetime) -> Ticket:
    ticket = one(name, at=at - timedelta(hours=1))
    reply(ticket, text="look here", author=by, at=at, language="en", then=Status.SOLVED)
    ticket.refresh_from_db()
    return ticket


def shown(browser: Client, address: str = PAGE, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def links_in(page: str) -> list[str]:
    return sorted(set(re.findall(r'href="(/admin/figures/tickets/[^"]+)"', page)))


class TestThePage:
    def test_is_in_the_navigation_and_there_before_anything_happened(self) -> None:
        page = shown(client_of(lead()))
        assert 'href="/admin/figures/"' in page
        assert "Nobody answered or solved anything" in page

    def test_opens_from_each_number_as_many_tickets(self, ana: User, yesterday: datetime) -> None:
        browser = client_of(lead())
        for number in range(6):
            answer_to(f"k{number}", ana, at=yesterday)
        one("left", at=yesterday)
        links = links_in(shown(browser, span="7"))
        assert len(links) > 20
        for link in links:
            listed = shown(browser, link)
            said = re.search(r"(\d+) tickets?\b", listed)
            assert said
            assert len(re.findall(r"<b>E-\d+</b>", listed)) == int(said[1]), link
            assert int(said[1]) > 0 or "what=waiting" in link or "missed" in link, link

    def test_shows_an_agent_no_colleague(self, ana: User, yesterday: datetime) -> None:
        bo = agent("bo", first_name="Bonifatius")
        answer_to("a", ana, at=yesterday)
        answer_to("b", bo, at=yesterday)
        assert "Bonifatius" in shown(client_of(lead()))
        page = shown(client_of(ana))
        assert "Bonifatius" not in page
        assert "What you did" in page
        address = f"{PAGE}tickets/"
        assert client_of(ana).get(address, {"what": "solved", "agent": "bo"}).status_code == 404
        assert client_of(ana).get(address, {"what": "solved", "agent": "ana"}).status_code == 200

    def test_says_of_an_agent_that_they_left(self, ana: User, yesterday: datetime) -> None:
        answer_to("a", ana, at=yesterday)
        User.objects.filter(pk=ana.pk).update(is_active=False)
        assert "no longer active" in shown(client_of(lead()))

    def test_marks_what_rests_on_few(self, ana: User, yesterday: datetime) -> None:
        browser = client_of(lead())
        answer_to("a", ana, at=yesterday)
        assert "<small>of 1</small>" in shown(browser)
        for number in range(5):
            answer_to(f"k{number}", ana, at=yesterday)
        assert "<small>of" not in shown(browser)

    def test_says_what_cannot_be_counted_and_shows_the_last_weeks(self) -> None:
        page = shown(client_of(lead()), **{"span": "custom", "from": "2020-01-01", "to": "2021-01-01"})
        assert "At most 92 days" in page

    def test_is_for_staff_only(self, client: Client) -> None:
        one("secret")
        for address in (PAGE, f"{PAGE}tickets/?what=opened", f"{PAGE}export.csv", f"{PAGE}export.json"):
            assert client.get(address).status_code == 302
            kim = User.objects.create_user(f"kim{address}", role=Role.CUSTOMER)
            assert client_of(kim).get(address).status_code in (302, 403)

    def test_costs_the_same_for_many(
        self, ana: User, yesterday: datetime, django_assert_max_num_queries: Any
    ) -> None:
        browser = client_of(lead())
        answer_to("old", ana, at=yesterday - timedelta(days=70))
        shown(browser)
        for number in range(8):
            answer_to(f"k{number}", agent(f"agent{number}"), at=yesterday)
        with django_assert_max_num_queries(18):
            shown(browser)


class TestTheTickets:
    def test_come_in_pages_without_gap_or_repetition(self, ana: User, yesterday: datetime) -> None:
        browser = client_of(lead())
        first = one("first", at=yesterday)
        Ticket.objects.filter(pk=first.pk).update(subject="first")
        for number in range(TICKETS_A_PAGE):
            one(f"k{number}", at=yesterday)
        page = shown(browser, f"{PAGE}tickets/", what="opened", span="7")
        older = re.search(r'href="(\?[^"]+)">Older', page)
        assert older
        rest = shown(browser, f"{PAGE}tickets/{older[1]}")
        numbers = [set(re.findall(r"<b>(E-\d+)</b>", one_page)) for one_page in (page, rest)]
        assert [len(found) for found in numbers] == [TICKETS_A_PAGE, 1]
        assert numbers[1] == {first.number}
        assert "Older" not in rest

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"what": "dance"},
            {"what": "opened", "day": "yesterday"},
            {"what": "waiting", "day": "1999-01-01"},
            {"what": "opened", "agent": "nobody\x00"},
            {"what": "opened", "team": "none"},
        ],
    )
    def test_are_not_found_for_what_is_no_number(self, query: dict[str, str]) -> None:
        assert client_of(lead()).get(f"{PAGE}tickets/", query).status_code == 404

    def test_take_any_place_to_go_on_from(self) -> None:
        for after in ("x", "-1", "9" * 30):
            shown(client_of(lead(f"l{after}")), f"{PAGE}tickets/", what="opened", after=after)

    def test_cost_the_same_for_many(self, yesterday: datetime, django_assert_max_num_queries: Any) -> None:
        browser = client_of(lead())
        for number in range(6):
            one(f"k{number}", at=yesterday)
        shown(browser, f"{PAGE}tickets/", what="opened")
        with django_assert_max_num_queries(18):
            shown(browser, f"{PAGE}tickets/", what="opened")


class TestExport:
    def test_is_a_table_that_no_spreadsheet_computes(self, ana: User, yesterday: datetime) -> None:
        answer_to("a", ana, at=yesterday)
        Team.objects.filter(slug="first-line").update(name="=HYPERLINK(1)")
        answer: Any = client_of(lead()).get(f"{PAGE}export.csv", {"span": "7"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        by_part = {row["part"]: row for row in rows}
        assert (by_part["period"]["opened"], by_part["period"]["first_answer_median_seconds"]) == (
            "1",
            "3600.0",
        )
        assert by_part["team"]["name"] == "'=HYPERLINK(1)"
        assert by_part["agent"]["answers"] == "1"
        assert by_part["agent"]["opened"] == ""
        parts = [row["part"] for row in rows]
        assert (parts.count("day"), parts.count("hour"), parts.count("before")) == (7, 168, 1)

    def test_is_json_as_over_rest(self, ana: User, yesterday: datetime) -> None:
        answer_to("a", ana, at=yesterday)
        told = client_of(ana).get(f"{PAGE}export.json", {"span": "7"}).json()
        assert (told["now"]["opened"], [row["agent"] for row in told["agents"]]) == (1, ["ana"])

    def test_of_what_cannot_be_counted_is_not_found(self) -> None:
        assert client_of(lead()).get(f"{PAGE}export.csv", {"span": "year"}).status_code == 404
