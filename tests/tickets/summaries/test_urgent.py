from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOON, agent, opened
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.summaries.periods import month_of
from tickets.summaries.urgent import crises_between, waited


def urgent(category: str = "tech"):
    return opened("the payment page shows other people's cards", lane="red", category=category, urgency=0.9)


def watcher():
    return agent("ana", is_crisis_team=True)


@pytest.mark.django_db
class TestCrisesBetween:
    def test_lists_what_was_urgent_with_people_tickets_and_time_to_answer(self):
        first, second, other = urgent(), urgent(), urgent("safety")
        acknowledge(first.crisis_places.get(), actor=watcher(), at=NOON + timedelta(minutes=4))
        found = crises_between(month_of(NOON.date(), "UTC"), ["live"])
        assert found["count"] == 3
        tech = next(one for one in found["listed"] if one["category"] == "tech")
        assert {ticket["number"] for ticket in tech["tickets"]} == {first.number, second.number}
        assert (tech["day"], tech["reports"], tech["taken"]) == (NOON.date().isoformat(), 2, 1)
        assert tech["minutes"] == 4
        safety = next(one for one in found["listed"] if one["category"] == "safety")
        assert safety["minutes"] is None
        assert safety["tickets"][0]["id"] == str(other.public_id)

    def test_counts_a_false_alarm_and_does_not_list_it(self):
        ticket = urgent()
        place, ana = ticket.crisis_places.get(), watcher()
        acknowledge(place, actor=ana, at=NOON)
        call_false_alarm(place, reason="a joke", actor=ana, at=NOON)
        found = crises_between(month_of(NOON.date(), "UTC"), ["live"])
        assert (found["false_alarms"], found["listed"]) == (1, [])

    def test_leaves_other_origins_out(self):
        urgent()
        assert crises_between(month_of(NOON.date(), "UTC"), ["demo"])["listed"] == []


class TestWaited:
    @pytest.mark.parametrize(("minutes", "text"), [(8.2, "8 min"), (150, "2.5 h")])
    def test_writes_minutes_then_hours(self, minutes, text):
        assert waited(minutes) == text
