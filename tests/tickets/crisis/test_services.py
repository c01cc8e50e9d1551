from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.alarms import minutes, on_call, urgent, watcher
from tests.people import NOON, agent
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.figures import crisis_figures, on_call_now
from tickets.crisis.models import Level, NotificationRoad, Page
from tickets.crisis.recipients import Recipient, roads_of
from tickets.crisis.services import CannotBeOnCall, EndsBeforeItStarts, acknowledge_page, put_on_call
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.desk.models import CrisisPlace

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
        taken, refused = acknowledge_page(Page.objects.get(), actor=agent("cyd"), at=NOON)
        assert (taken, len(refused)) == (0, 1)
        assert refused[0].startswith(place.ticket.number)


class TestPutOnCall:
    def test_makes_a_shift(self) -> None:
        kai = watcher("kai")
        put_on_call(kai, starts_at=NOON, ends_at=NOON + minutes(60))
        put_on_call(kai, starts_at=NOON, ends_at=NOON + minutes(60), level=Level.BACKUP)
        now = on_call_now(NOON)
        assert (now.primary, now.backup) == ((kai,), (kai,))
        assert on_call_now(NOON + minutes(60)).is_empty

    def test_refuses_whom_a_page_would_lead_nowhere(self) -> None:
        with pytest.raises(CannotBeOnCall):
            put_on_call(agent("ana"), starts_at=NOON, ends_at=NOON + minutes(60))

    def test_refuses_a_shift_that_ends_before_it_starts(self) -> None:
        with pytest.raises(EndsBeforeItStarts):
            put_on_call(watcher("kai"), starts_at=NOON, ends_at=NOON)


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


class TestCrisisFigures:
    def test_count_what_one_may_see(self, django_assert_num_queries: Any) -> None:
        kai = on_call("kai")
        urgent()
        taken, film = urgent("legal"), urgent("content")
        acknowledge(taken, actor=kai, at=NOON + minutes(4))
        call_false_alarm(film, reason="a film", actor=kai, at=NOON + minutes(1))
        with django_assert_num_queries(2):
            figures = crisis_figures(kai, at=NOON + minutes(20))
        assert (figures.waiting, figures.late, figures.taken, figures.false_alarms) == (1, 1, 1, 1)
        assert figures.oldest_waiting_since == NOON
        assert figures.mean_time_to_take == timedelta(minutes=4)
        assert crisis_figures(agent("cyd"), at=NOON).waiting == 0
