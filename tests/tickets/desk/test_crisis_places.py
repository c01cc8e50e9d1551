from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from feedback.analysis.models import Assessment, Correction, UrgencyLane
from tests.people import NOON, agent, opened, said
from tests.threads import together
from tickets.desk.access import CannotWorkOn
from tickets.desk.crisis_places import (
    AlreadyAcknowledged,
    NotInCrisisQueue,
    ReasonNeeded,
    acknowledge,
    call_false_alarm,
    enter,
)
from tickets.desk.models import CrisisPlace, EventKind, Status, Ticket
from tickets.desk.services import NotTakenYet, add_note, assign, change_queue, prioritise
from tickets.desk.transitions import move
from tickets.queues.models import Priority, Queue
from tickets.queues.services import default_queue
from tickets.replies.services import reply
from tickets.routing.services import admit
from users.accounts.models import User

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=3)
MUCH_LATER = NOON + timedelta(hours=2)


def urgent(category: str = "tech", lane: str = "red", **fields: Any) -> Ticket:
    return opened(
        "the payment page shows other people's cards", lane=lane, category=category, urgency=0.9, **fields
    )


def place_of(ticket: Ticket) -> CrisisPlace:
    return ticket.crisis_places.get()


def watcher(name: str = "ana") -> User:
    return agent(name, is_crisis_team=True)


def again(ticket: Ticket, *, category: str = "tech", lane: str = "red", at: Any = LATER) -> CrisisPlace:
    """Let the customer of ``ticket`` write an urgent message at ``at``."""
    receipt = said("it is still so", thread=ticket.feedback, at=at)
    assessment = Assessment.objects.create(
        message=receipt.message, language="en", language_confidence=0.9, sentiment=-0.5, tone="angry",
        urgency=0.9, lane=lane, categories=[[category, 0.9]], topic="bug", model_version="test", assessed_at=at,
    )  # fmt: skip
    for _twice in range(2):
        admit(receipt.message, assessment, at=at)
    return place_of(ticket)


class TestEnter:
    def test_opens_one_place_with_a_deadline_and_a_next_step(self) -> None:
        ticket = urgent()
        place = place_of(ticket)
        assert (place.next_step_at, place.ack_due_at) == (NOON, NOON + timedelta(minutes=15))
        assert (ticket.queue.is_crisis, ticket.priority) == (True, Priority.URGENT)

    def test_says_who_raised_it_by_hand(self) -> None:
        ticket, ana = opened("hello"), agent("ana")
        place, created = enter(ticket, category="legal", lane=UrgencyLane.RED, actor=ana, at=NOON)
        assert created
        assert place.next_step_at == NOON
        assert ticket.events.get(kind=EventKind.CRISIS_ENTERED).actor == ana

    def test_starts_no_second_clock_while_nobody_took_it(self) -> None:
        ticket = urgent()
        place = again(ticket)
        assert (place.ack_due_at, place.next_step_at) == (NOON + timedelta(minutes=15), NOON)
        assert not ticket.events.filter(kind=EventKind.CRISIS_AGAIN).exists()

    @pytest.mark.parametrize("taken", [False, True])
    def test_starts_anew_when_it_is_graver(self, taken: bool) -> None:
        ticket = urgent("tech")
        CrisisPlace.objects.update(step=2)
        if taken:
            acknowledge(place_of(ticket), actor=watcher(), at=NOON)
        place = again(ticket, category="safety")
        assert (place.category, place.step, place.acknowledged_at) == ("safety", 0, None)
        assert (place.next_step_at, place.ack_due_at) == (LATER, LATER + timedelta(minutes=5))
        assert ticket.events.filter(kind=EventKind.CRISIS_AGAIN).count() == 1

    def test_starts_anew_when_red_follows_amber(self) -> None:
        ticket = urgent("legal", lane="amber")
        acknowledge(place_of(ticket), actor=watcher(), at=NOON)
        place = again(ticket, category="legal")
        assert (place.lane, place.acknowledged_at, place.next_step_at) == ("red", None, LATER)

    def test_gives_whoever_took_it_time_to_react(self) -> None:
        ticket = urgent()
        acknowledge(place_of(ticket), actor=watcher(), at=NOON)
        place = again(ticket)
        assert place.acknowledged_at == NOON
        assert place.next_step_at == place.ack_due_at == LATER + timedelta(minutes=15)

    def test_extends_no_deadline_that_runs(self) -> None:
        ticket = urgent()
        acknowledge(place_of(ticket), actor=watcher(), at=NOON)
        first = again(ticket).next_step_at
        assert again(ticket, at=LATER + timedelta(minutes=2)).next_step_at == first

    def test_sets_a_new_deadline_after_a_reaction(self) -> None:
        ticket, ana = urgent(), watcher()
        acknowledge(place_of(ticket), actor=ana, at=NOON)
        again(ticket)
        add_note(ticket, text="called them", actor=ana, at=LATER + timedelta(minutes=1))
        at = LATER + timedelta(minutes=2)
        assert again(ticket, at=at).next_step_at == at + timedelta(minutes=15)

    def test_pages_nobody_about_an_import(self) -> None:
        ticket = urgent("tech", origin="import")
        again(ticket, category="safety")
        assert place_of(ticket).next_step_at is None


class TestAcknowledge:
    def test_ends_the_alarm_and_gives_the_ticket(self) -> None:
        ticket, ana = urgent(), watcher()
        acknowledge(place_of(ticket), actor=ana, at=LATER)
        place = place_of(ticket)
        assert (place.next_step_at, place.acknowledged_at, place.acknowledged_by) == (None, LATER, ana)
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.status) == (ana, Status.OPEN)
        assert ticket.events.filter(kind=EventKind.CRISIS_ACKNOWLEDGED).count() == 1

    def test_says_who_was_first(self) -> None:
        ticket = urgent()
        acknowledge(place_of(ticket), actor=watcher("ana"), at=NOON)
        with pytest.raises(AlreadyAcknowledged, match="ana"):
            acknowledge(place_of(ticket), actor=watcher("bo"), at=LATER)

    def test_works_again_after_the_customer_turned_urgent_again(self) -> None:
        ticket, bo = urgent(), watcher("bo")
        acknowledge(place_of(ticket), actor=watcher("ana"), at=NOON)
        acknowledge(again(ticket), actor=bo, at=LATER)
        assert (place_of(ticket).acknowledged_by, place_of(ticket).next_step_at) == (bo, None)

    def test_refuses_those_who_cannot_work_there(self) -> None:
        with pytest.raises(CannotWorkOn):
            acknowledge(place_of(urgent()), actor=agent("cyd"), at=LATER)

    def test_refuses_what_is_over(self) -> None:
        ticket = urgent()
        move(ticket, Status.SOLVED, actor=None, at=LATER)
        with pytest.raises(NotInCrisisQueue):
            acknowledge(place_of(ticket), actor=watcher(), at=LATER)

    def test_comes_with_taking_the_ticket(self) -> None:
        ticket, ana = urgent(), watcher()
        assign(ticket, to=ana, actor=ana, at=LATER)
        assert place_of(ticket).acknowledged_by == ana

    def test_does_not_come_with_giving_it_to_someone(self) -> None:
        ticket = urgent()
        assign(ticket, to=watcher("ana"), actor=watcher("bo"), at=LATER)
        assert place_of(ticket).next_step_at == NOON

    def test_comes_with_a_public_answer(self) -> None:
        ticket, ana = urgent(), watcher()
        reply(ticket, text="We stopped the page.", author=ana, at=LATER, language="en")
        assert place_of(ticket).acknowledged_by == ana


@pytest.mark.django_db(transaction=True)
class TestAcknowledgeAtOnce:
    def test_has_one_winner(self) -> None:
        place, people = place_of(urgent()), [watcher(f"agent{number}") for number in range(4)]

        def take(actor: User) -> None:
            acknowledge(CrisisPlace.objects.get(pk=place.pk), actor=actor, at=LATER)

        results = together(*(partial(take, actor) for actor in people))
        assert sum(isinstance(one, AlreadyAcknowledged) for one in results) == 3
        place.refresh_from_db()
        assert place.ticket.assignee == place.acknowledged_by


class TestCallFalseAlarm:
    def test_goes_back_to_where_the_ticket_would_have_been(self) -> None:
        agent("cyd", queue="payments")
        payments = Queue.objects.get(slug="payments")
        ticket = opened("hello")
        change_queue(ticket, to=payments, actor=None, at=NOON)
        prioritise(ticket, to=Priority.HIGH, actor=None, at=NOON)
        enter(ticket, category="tech", lane=UrgencyLane.RED, at=NOON)
        call_false_alarm(place_of(ticket), reason="a quote from a film", actor=watcher(), at=LATER)
        ticket.refresh_from_db()
        assert (ticket.queue, ticket.priority, ticket.lane) == (payments, Priority.HIGH, UrgencyLane.NONE)

    def test_ends_the_alarm_and_teaches_the_model(self) -> None:
        ticket, ana = urgent(), watcher()
        call_false_alarm(place_of(ticket), reason="a quote from a film", actor=ana, at=LATER)
        place = place_of(ticket)
        assert (place.closed_at, place.next_step_at) == (LATER, None)
        assert place.false_alarm_reason == "a quote from a film"
        correction = Correction.objects.get()
        assert (correction.field, correction.old, correction.new) == ("lane", "red", "none")
        event = ticket.events.get(kind=EventKind.CRISIS_FALSE_ALARM)
        assert (event.note, event.actor) == ("a quote from a film", ana)
        ticket.refresh_from_db()
        assert ticket.queue == default_queue()

    def test_needs_a_reason(self) -> None:
        ticket = urgent()
        with pytest.raises(ReasonNeeded):
            call_false_alarm(place_of(ticket), reason="  ", actor=watcher(), at=LATER)
        assert place_of(ticket).closed_at is None

    def test_is_refused_a_second_time(self) -> None:
        ticket, ana = urgent(), agent("ana", is_superuser=True)
        call_false_alarm(place_of(ticket), reason="film", actor=ana, at=LATER)
        with pytest.raises(NotInCrisisQueue):
            call_false_alarm(place_of(ticket), reason="film", actor=ana, at=LATER)

    def test_does_not_hide_a_later_alarm(self) -> None:
        ticket = urgent()
        call_false_alarm(place_of(ticket), reason="film", actor=watcher(), at=LATER)
        receipt = said("now it is real", thread=ticket.feedback, at=MUCH_LATER)
        enter(ticket, category="tech", lane=UrgencyLane.RED, message=receipt.message, at=MUCH_LATER)
        assert ticket.crisis_places.open().get().next_step_at == MUCH_LATER


class TestLeaving:
    @pytest.mark.parametrize("to", [Status.SOLVED, Status.CLOSED])
    def test_comes_with_solving_and_closing(self, to: Status) -> None:
        ticket = urgent()
        if to == Status.CLOSED:
            # Straight to closed: as a ticket merged into another would go.
            Ticket.objects.filter(pk=ticket.pk).update(status=Status.SOLVED)
            ticket.refresh_from_db()
        move(ticket, to, actor=None, at=LATER)
        place = place_of(ticket)
        assert (place.closed_at, place.next_step_at) == (LATER, None)
        assert ticket.events.filter(kind=EventKind.CRISIS_LEFT).count() == 1

    def test_is_not_possible_by_queue_before_someone_took_it(self) -> None:
        ticket = urgent()
        with pytest.raises(NotTakenYet):
            change_queue(ticket, to=default_queue(), actor=agent("ana"), at=LATER)
        assert place_of(ticket).next_step_at == NOON

    def test_comes_with_another_queue_once_taken(self) -> None:
        ticket, ana = urgent(), watcher()
        acknowledge(place_of(ticket), actor=ana, at=NOON)
        ticket.refresh_from_db()
        change_queue(ticket, to=default_queue(), actor=ana, at=LATER)
        assert place_of(ticket).closed_at == LATER
