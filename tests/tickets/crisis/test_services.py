from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.alarms import minutes, on_call, urgent, watcher
from tests.people import NOON, agent, lead
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.models import NotificationRoad, OnCallShift, Page
from tickets.crisis.recipients import Recipient, roads_of
from tickets.crisis.services import acknowledge_page
from tickets.desk.crisis_places import acknowledge
from tickets.desk.models import CrisisPlace
from users.accounts.models import Role

pytestmark = pytest.mark.django_db


class TestAcknowledgePage:
    def test_takes_all_that_wait_and_says_what_it_could_not(self) -> None:
        kai, bo = on_call("kai"), watcher("bo")
        places = [urgent(by=f"{number}@example.org") for number in range(4)]
        other = urgent("legal")
        while take_due_steps(NOON):
            pass
        acknowledge(places[0], actor=bo, at=NOON)
        page = places[0].pages.get()
        assert acknowledge_page(page, actor=kai, at=NOON + minutes(1)) == (3, [])
        assert CrisisPlace.objects.waiting().get() == other
        assert [place.ticket.assignee for place in CrisisPlace.objects.filter(acknowledged_by=kai)] == [
            kai
        ] * 3

    def test_refuses_those_who_may_not(self) -> None:
        on_call("kai")
        place = urgent()
        take_due_steps(NOON)
        taken, refused = acknowledge_page(Page.objects.get(), actor=lead(), at=NOON)
        assert (taken, len(refused)) == (0, 1)
        assert refused[0].startswith(place.ticket.number)

    def test_does_not_name_what_they_may_not_read(self) -> None:
        on_call("kai")
        place = urgent()
        take_due_steps(NOON)
        assert acknowledge_page(Page.objects.get(), actor=agent("cyd"), at=NOON) == (0, [])
        assert CrisisPlace.objects.waiting().get() == place


class TestOnCallShift:
    def test_is_for_agents_of_the_crisis_team_only(self) -> None:
        OnCallShift(user=watcher("kai"), starts_at=NOON, ends_at=NOON + minutes(60)).full_clean()
        for user in (agent("ana"), watcher("dee", role=Role.LEAD)):
            with pytest.raises(ValidationError, match="not an agent of the crisis team"):
                OnCallShift(user=user, starts_at=NOON, ends_at=NOON + minutes(60)).full_clean()

    def test_ends_after_it_starts(self) -> None:
        with pytest.raises(ValidationError, match="ends after it starts"):
            OnCallShift(user=watcher("kai"), starts_at=NOON, ends_at=NOON).full_clean()


class TestRoadsOf:
    def test_go_in_order_and_end_with_the_address_of_the_login(self) -> None:
        kai = watcher("kai")
        for position, target in [
            (20, "second@example.org"),
            (10, "first@example.org"),
            (5, "off@example.org"),
        ]:
            NotificationRoad.objects.create(
                user=kai, target=target, position=position, is_active=not target.startswith("off")
            )
        roads = [road.target for road in roads_of(Recipient(user=kai))]
        assert roads == ["first@example.org", "second@example.org", "kai@earshot.example"]
