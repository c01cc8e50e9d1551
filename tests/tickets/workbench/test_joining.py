from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from feedback.analysis.models import Assessment
from tests.people import NOON, agent, client_of, opened, said
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, Ticket, TicketLink
from tickets.replies.services import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(ana: Any) -> Client:
    return client_of(ana)


def at(ticket: Ticket, name: str = "") -> str:
    return f"/admin/desk/{ticket.public_id}/{name}"


class TestJoin:
    def test_merges_and_goes_where_the_work_goes_on(self, client) -> None:
        gone, kept = opened("one"), opened("two")
        told = client.post(at(gone, "join/"), {"how": "merge", "number": kept.number.lower()}).json()
        assert told["next"] == at(kept)
        assert Ticket.objects.get(pk=gone.pk).merged_into == kept

    def test_links_and_unlinks_both_ways(self, client) -> None:
        one, other = opened("one"), opened("two", by="lin@example.org")
        client.post(at(one, "join/"), {"how": "duplicate", "number": other.number})
        assert "Has the duplicate" in client.get(at(other)).content.decode()
        made = TicketLink.objects.get()
        client.post(at(other, f"links/{made.pk}/remove/"))
        assert not TicketLink.objects.exists()
        kinds = list(other.events.order_by("pk").values_list("kind", flat=True))
        assert kinds == [EventKind.OPENED, EventKind.LINKED, EventKind.UNLINKED]

    @pytest.mark.parametrize("number", ["E-99999", "", "nonsense"])
    def test_refuses_a_number_of_nothing(self, client, number: str) -> None:
        answer = client.post(at(opened("one"), "join/"), {"how": "merge", "number": number})
        assert (answer.status_code, answer.json()["code"]) == (409, "no_such_ticket")

    def test_refuses_a_foreign_number_as_if_it_were_absent(self, client) -> None:
        agent("cyd", team="other", queue="other")
        foreign = opened("theirs", queue="other")
        answer = client.post(at(opened("one"), "join/"), {"how": "merge", "number": foreign.number})
        assert answer.json()["code"] == "no_such_ticket"


class TestPage:
    def test_shows_what_was_said_in_both_with_where_it_came_in(self, client, ana) -> None:
        gone, kept = opened("my first words"), opened("my second words")
        merge(gone, into=kept, actor=ana, at=NOON)
        reply(kept, text="One answer", author=ana, at=NOON, language="en")
        html = client.get(at(kept)).content.decode()
        assert "my first words" in html
        assert f">{gone.number}</span>" in html
        assert html.count(">One answer<") == 1

    def test_of_the_merged_one_says_where_it_goes_on_and_offers_the_way_back(self, client, ana) -> None:
        gone, kept = opened("one"), opened("two")
        merge(gone, into=kept, actor=ana, at=NOON)
        html = client.get(at(gone)).content.decode()
        assert at(kept) in html
        assert "data-composer" not in html
        told = client.post(at(gone, "part/")).json()
        assert told["next"] == at(gone)
        assert "data-composer" in client.get(at(gone)).content.decode()


class TestSplitOff:
    def test_goes_to_the_new_ticket(self, client) -> None:
        ticket = opened("one")
        message = said("two", thread=ticket.feedback).message
        assessment = Assessment.objects.get()
        assessment.pk, assessment.message = None, message
        assessment.save(force_insert=True)
        page = client.get(at(ticket)).content.decode()
        assert f'value="{message.public_id}"' in page
        told = client.post(at(ticket, "split/"), {"message": str(message.public_id), "subject": "Two"}).json()
        new = Ticket.objects.exclude(pk=ticket.pk).get()
        assert (told["next"], new.subject) == (at(new), "Two")
        assert "Was split into" in client.get(at(ticket)).content.decode()

    def test_is_not_offered_for_a_single_message(self, client) -> None:
        assert "/split/" not in client.get(at(opened("one"))).content.decode()

    def test_refuses_what_is_no_message(self, client) -> None:
        ticket = opened("one")
        assert client.post(at(ticket, "split/"), {"message": "x"}).status_code == 404
        assert client.post(at(ticket, "split/"), {}).json()["code"] == "cannot_part"
