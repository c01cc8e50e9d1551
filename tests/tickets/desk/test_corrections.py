"""Agents overrule the analysis: the ticket changes at once, and the next message is judged by it."""

from __future__ import annotations

import pytest

from feedback.analysis.corrections import taught
from feedback.analysis.models import Assessment, Correction, CrisisCategory
from tests.people import NOON, agent, opened, said
from tickets.desk.corrections import raise_alarm
from tickets.desk.crisis_places import call_false_alarm
from tickets.routing.services import admit

pytestmark = pytest.mark.django_db


class TestRaiseAlarm:
    def test_teaches_what_the_analysis_missed(self) -> None:
        ticket = opened("the lamp hums and smells", category="tech")

        raise_alarm(ticket, category=CrisisCategory.SAFETY, actor=agent("ana"), at=NOON)

        assert [(one.text, one.category) for one in taught()] == [("the lamp hums and smells", "safety")]

    def test_teaches_nothing_where_the_analysis_had_seen_it(self) -> None:
        ticket = opened("they know where I live", lane="red", category="safety", urgency=0.9)

        raise_alarm(ticket, category=CrisisCategory.SAFETY, actor=agent("ana"), at=NOON)

        assert not Correction.objects.exists()

    def test_marks_the_ticket_until_it_is_called_a_false_alarm(self) -> None:
        kay = agent("kay", is_crisis_team=True)
        ticket = opened("the lamp hums and smells", category="tech")
        place = raise_alarm(ticket, category=CrisisCategory.SAFETY, actor=kay, at=NOON)
        again = said("any news?", thread=ticket.feedback)
        harmless = Assessment.objects.get(message__feedback=ticket.feedback)
        harmless.pk, harmless.message, harmless.urgency, harmless.lane = None, again.message, 0.5, "none"
        harmless.save(force_insert=True)
        admit(again.message, harmless, at=NOON)
        ticket.refresh_from_db()
        assert (ticket.lane, ticket.category) == ("red", "safety")
        call_false_alarm(place, reason="a lamp", actor=kay, at=NOON)
        ticket.refresh_from_db()
        assert (ticket.lane, ticket.category) == ("none", "")

    def test_is_taken_back_by_calling_a_false_alarm(self) -> None:
        kay = agent("kay", is_crisis_team=True)
        ticket = opened("the boss fight is murder", lane="red", category="safety", urgency=0.9)

        call_false_alarm(ticket.crisis_places.get(), reason="a game", actor=kay, at=NOON)

        assert [one.category for one in taught()] == ["none"]
