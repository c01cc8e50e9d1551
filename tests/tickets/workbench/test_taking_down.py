from __future__ import annotations

import uuid

import pytest
from django.http import HttpResponse
from django.test import Client

from feedback.intake.models import Feedback, Message
from tests.people import agent, client_of, lead, opened, rest_channel
from tickets.desk.models import Ticket
from users.profiles.models import Address, Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Client:
    return client_of(agent("ana"))


def told(client: Client, url: str = "/admin/desk/new/", **fields: str) -> HttpResponse:
    form = {"channel": str(rest_channel().pk), "text": "the map is empty", "key": str(uuid.uuid4())}
    return client.post(url, form | fields)


class TestNewTicket:
    def test_is_a_message_like_any_other(self, ana: Client) -> None:
        answer = told(ana, address="kim@example.org", name="Kim", subject="Map")
        feedback = Feedback.objects.get()
        assert answer["Location"] == f"/admin/desk/new/{feedback.public_id}/"
        assert (feedback.subject, str(feedback.customer), feedback.address.value) == (
            "Map",
            "Kim",
            "kim@example.org",
        )
        assert Message.objects.get().text == "the map is empty"

    def test_keeps_the_name_of_a_caller_who_left_no_address(self, ana: Client) -> None:
        told(ana, name="Kim")
        feedback = Feedback.objects.get()
        assert (str(feedback.customer), feedback.address) == ("Kim", None)

    def test_proves_no_address(self, ana: Client) -> None:
        told(ana, address="+86 138 0013 8000")
        address = Address.objects.get()
        assert (address.kind, address.normalised, address.is_proven) == ("phone", "+8613800138000", False)

    def test_belongs_to_whoever_proved_the_address(self, ana: Client) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        told(ana, address=" Kim@Example.org", name="Somebody else")
        assert set(Feedback.objects.values_list("customer", flat=True)) == {kim.pk}

    def test_pressed_twice_is_one(self, ana: Client) -> None:
        key = str(uuid.uuid4())
        told(ana, key=key)
        told(ana, key=key)
        assert Feedback.objects.count() == 1

    def test_is_for_the_customer_whose_file_it_was_opened_from(self, ana: Client) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        told(ana, f"/admin/desk/new/?customer={kim.public_id}", address="other@example.org")
        assert Feedback.objects.latest("pk").customer == kim

    def test_knows_no_customer_of_tickets_one_may_not_read(self) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        cyd = client_of(agent("cyd", team="other", queue="other"))
        for asked in (kim.public_id, uuid.uuid4(), "nonsense"):
            assert told(cyd, f"/admin/desk/new/?customer={asked}").status_code == 404
        assert Feedback.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"text": " "}, "This field is required."),
            ({"address": "〆"}, "This is not an address that could be answered."),
            ({"channel": "0"}, "Select a valid choice."),
        ],
    )
    def test_says_what_is_wrong_and_stores_nothing(self, ana: Client, fields: dict, said: str) -> None:
        page = told(ana, **fields).content.decode()
        assert said in page
        assert not Feedback.objects.exists()
        assert not Customer.objects.exists()

    def test_is_an_agents(self) -> None:
        assert told(client_of(lead())).status_code == 403


class TestTakenDownPage:
    def test_waits_and_then_leads_on_to_the_ticket(self, ana: Client) -> None:
        url = told(ana)["Location"]
        assert 'http-equiv="refresh"' in ana.get(url).content.decode()
        ticket = opened("another", by="lin@example.org")
        feedback = Feedback.objects.get(subject="", messages__text="the map is empty")
        Ticket.objects.filter(pk=ticket.pk).update(feedback=feedback)
        assert ana.get(url)["Location"] == f"/admin/desk/{ticket.public_id}/"
        assert "taken down by ana" in ana.get(f"/admin/desk/{ticket.public_id}/").content.decode()

    def test_says_when_others_have_the_ticket(self, ana: Client) -> None:
        url = told(ana)["Location"]
        agent("cyd", team="other", queue="other")
        ticket = opened("another", by="lin@example.org", queue="other")
        feedback = Feedback.objects.get(messages__text="the map is empty")
        Ticket.objects.filter(pk=ticket.pk).update(feedback=feedback)
        page = ana.get(url).content.decode()
        assert "went to a queue that your teams do not work" in page
        assert "http-equiv" not in page

    def test_is_of_who_took_it_down(self, ana: Client) -> None:
        url = told(ana)["Location"]
        assert client_of(agent("bo")).get(url).status_code == 404
