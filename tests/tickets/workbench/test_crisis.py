from __future__ import annotations

import pytest
from django.utils import timezone

from tests.alarms import on_call, urgent
from tests.people import NOON, agent, client_of
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.models import Level, Page, PageDelivery
from tickets.desk.crisis_places import acknowledge
from tickets.desk.models import CrisisPlace, Status
from tickets.desk.transitions import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def kai():
    return on_call("kai")


@pytest.fixture
def page(kai) -> Page:
    """A page that told Kai of three urgent messages of one kind."""
    for number in range(3):
        urgent(by=f"{number}@example.org")
    while take_due_steps(NOON):
        pass
    return Page.objects.get()


class TestTakePage:
    def test_is_offered_for_several_that_nobody_took(self, kai, page) -> None:
        address = f"/admin/desk/crisis/pages/{page.pk}/take/"
        assert address in client_of(kai).get("/admin/desk/crisis/").content.decode()
        for place in CrisisPlace.objects.all()[:2]:
            acknowledge(place, actor=kai, at=NOON)
        assert address not in client_of(kai).get("/admin/desk/crisis/").content.decode()

    def test_takes_them_all(self, kai, page) -> None:
        told = client_of(kai).post(f"/admin/desk/crisis/pages/{page.pk}/take/").json()
        assert told == {"done": "You took 3 urgent tickets.", "refused": []}
        assert set(CrisisPlace.objects.values_list("acknowledged_by", flat=True)) == {kai.pk}

    def test_is_absent_for_those_who_see_none_of_them(self, page) -> None:
        cyd = client_of(agent("cyd", team="other", queue="other"))
        assert cyd.post(f"/admin/desk/crisis/pages/{page.pk}/take/").status_code == 404
        assert CrisisPlace.objects.waiting().count() == 3


class TestWithoutAlarm:
    def test_shows_what_was_opened_again_when_its_alarm_was_over(self, kai) -> None:
        ticket = urgent(text="Help, they are at my door").ticket
        client = client_of(kai)
        move(ticket, Status.SOLVED, actor=kai, at=NOON)
        assert "Help, they are" not in client.get("/admin/desk/crisis/").content.decode()
        move(ticket, Status.OPEN, actor=kai, at=NOON)
        shown = client.get("/admin/desk/crisis/").content.decode()
        assert "Opened again" in shown
        assert shown.count(f"/admin/desk/{ticket.public_id}/") == 1

    def test_shows_nothing_twice(self, kai) -> None:
        place = urgent()
        assert "Opened again" not in client_of(kai).get("/admin/desk/crisis/").content.decode()
        assert place.closed_at is None


class TestOnCall:
    def test_is_named_above_the_queue(self, kai) -> None:
        client = client_of(kai)
        assert "Nobody is on call" in client.get("/admin/desk/crisis/").content.decode()
        on_call("noa", at=timezone.now())
        shown = client.get("/admin/desk/crisis/").content.decode()
        assert "Nobody is on call" not in shown
        assert "<b>noa</b>" in shown


class TestCallNextPerson:
    def test_tells_the_next_one_and_says_whom(self, kai) -> None:
        on_call("bea", level=Level.BACKUP, at=timezone.now())
        place = urgent()
        take_due_steps(NOON)
        client, url = client_of(kai), f"/admin/desk/{place.ticket.public_id}/call/1/"
        assert url in client.get("/admin/desk/crisis/").content.decode()
        assert client.post(url).json() == {"done": "Called: The backup on call (1 person)."}
        shown = client.get(f"/admin/desk/{place.ticket.public_id}/").content.decode()
        assert "called before it was time: The backup on call" in shown
        assert f"/admin/desk/{place.ticket.public_id}/call/2/" in shown

    def test_refuses_the_second_press(self, kai) -> None:
        place = urgent()
        client, url = client_of(kai), f"/admin/desk/{place.ticket.public_id}/call/0/"
        assert client.post(url).status_code == 200
        again = client.post(url)
        assert (again.status_code, again.json()["code"]) == (409, "called_meanwhile")

    def test_is_absent_for_those_who_do_not_see_the_ticket(self, kai) -> None:
        place = urgent()
        cyd = client_of(agent("cyd", team="other", queue="other"))
        assert cyd.post(f"/admin/desk/{place.ticket.public_id}/call/0/").status_code == 404
        assert not PageDelivery.objects.exists()
