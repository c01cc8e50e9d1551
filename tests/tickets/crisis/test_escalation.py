from __future__ import annotations

import itertools
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from config.kit.outbox.models import OutboxRow
from tests.alarms import administrator, minutes, on_call, urgent, watcher
from tests.people import NOON, agent, lead
from tests.threads import together
from tickets.crisis import escalation
from tickets.crisis.escalation import CalledMeanwhile, PagesNobody, call_next, take_due_steps, take_step
from tickets.crisis.models import Level, NotificationRoad, OnCallShift, Page, PageDelivery
from tickets.desk.access import CannotWorkOn
from tickets.desk.crisis_places import AlreadyAcknowledged, acknowledge, call_false_alarm, enter
from tickets.desk.locks import hold
from tickets.desk.models import CrisisPlace, EventKind, Status, TicketEvent
from tickets.desk.services import add_note
from tickets.desk.transitions import move
from tickets.queues.models import EscalationPolicy
from users.accounts.models import Team, User

pytestmark = pytest.mark.django_db


def told(at: datetime | None = None) -> list[str]:
    """Return who is owed a page, in order of time; only those of ``at`` when it is given."""
    deliveries = PageDelivery.objects.select_related("user", "team").order_by("pk")
    if at is not None:
        deliveries = deliveries.filter(created_at=at)
    return [(one.user or one.team).__str__() for one in deliveries]


def steps_of(place: CrisisPlace) -> list[TicketEvent]:
    return list(place.ticket.events.filter(kind=EventKind.CRISIS_ESCALATED).order_by("pk"))


class TestTakeDueSteps:
    def test_tells_whoever_is_on_call_at_once(self) -> None:
        on_call("kai")
        watcher("bo")
        place = urgent()
        assert take_due_steps(NOON) == 1
        assert told() == ["kai"]
        place.refresh_from_db()
        assert (place.step, place.next_step_at) == (1, NOON + minutes(5))

    def test_owes_each_page_to_the_outbox(self) -> None:
        on_call("kai")
        urgent()
        take_due_steps(NOON)
        row = OutboxRow.objects.get(kind="page.send")
        assert (row.lane, row.priority, row.subject_id) == ("page", 0, PageDelivery.objects.get().pk)

    def test_records_each_step_in_the_history(self) -> None:
        on_call("kai")
        place = urgent()
        take_due_steps(NOON)
        [event] = steps_of(place)
        assert (event.new, event.actor) == ("1", None)
        assert event.details == {
            "place": place.pk, "page": Page.objects.get().pk, "notify": "on_call", "told": "on_call", "people": 1,
        }  # fmt: skip

    def test_goes_up_the_chain_and_never_ends(self) -> None:
        on_call("kai")
        on_call("bea", level=Level.BACKUP)
        watcher("cho")
        place = urgent()
        for minute in range(60):
            take_due_steps(NOON + minutes(minute))
        assert told(NOON) == ["kai"]
        assert told(NOON + minutes(5)) == ["bea"]
        everybody = ["kai", "bea", "cho"]
        for minute in (10, 20, 30, 40, 50):
            assert told(NOON + minutes(minute)) == everybody
        assert len(steps_of(place)) == 7
        place.refresh_from_db()
        assert place.next_step_at == NOON + minutes(60)

    def test_takes_no_step_before_its_time(self) -> None:
        on_call("kai")
        urgent()
        assert take_due_steps(NOON - timedelta(seconds=1)) == 0
        take_due_steps(NOON)
        assert take_due_steps(NOON + minutes(4.9)) == 0

    def test_catches_up_after_a_pause(self) -> None:
        on_call("kai")
        on_call("bea", level=Level.BACKUP)
        urgent()
        late = NOON + minutes(60)
        while take_due_steps(late):
            pass
        assert told(late)[:2] == ["kai", "bea"]
        assert CrisisPlace.objects.get().next_step_at == late + minutes(10)

    def test_follows_the_policy_as_it_was_when_the_ticket_entered(self) -> None:
        on_call("kai")
        place = urgent()
        EscalationPolicy.objects.update(steps=[{"after_minutes": 0, "notify": "crisis_team"}])
        take_due_steps(NOON)
        assert steps_of(place)[0].details["notify"] == "on_call"

    @pytest.mark.parametrize("end", ["acknowledge", "false alarm", "solve"])
    def test_stops_when_somebody_decides(self, end: str) -> None:
        kai = on_call("kai")
        place = urgent()
        take_due_steps(NOON)
        at = NOON + minutes(1)
        if end == "acknowledge":
            acknowledge(place, actor=kai, at=at)
        elif end == "false alarm":
            call_false_alarm(place, reason="from a film", actor=kai, at=at)
        else:
            move(place.ticket, Status.SOLVED, actor=kai, at=at)
        assert take_due_steps(NOON + minutes(60)) == 0
        assert told() == ["kai"]

    def test_pages_nobody_about_the_demo(self) -> None:
        on_call("kai")
        urgent(origin="demo")
        assert take_due_steps(NOON + minutes(60)) == 0

    def test_goes_on_when_one_place_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on_call("kai")
        broken, whole = urgent(), urgent("legal")
        tell = escalation._tell

        def fail(place: CrisisPlace, *, at: datetime) -> None:
            if place.pk == broken.pk:
                raise ZeroDivisionError
            tell(place, at=at)

        monkeypatch.setattr(escalation, "_tell", fail)
        assert take_due_steps(NOON) == 1
        whole.refresh_from_db()
        assert whole.step == 1

    def test_pages_the_crisis_team_when_the_policy_is_unreadable(self) -> None:
        watcher("cho")
        urgent()
        CrisisPlace.objects.update(policy={"steps": "call the boss"})
        take_due_steps(NOON)
        assert told() == ["cho"]
        assert CrisisPlace.objects.get().next_step_at == NOON + minutes(5)


class TestFallingThrough:
    def test_an_empty_rota_pages_the_crisis_team(self) -> None:
        watcher("cho")
        administrator()
        place = urgent()
        take_due_steps(NOON)
        assert told() == ["cho"]
        assert steps_of(place)[0].details["told"] == "crisis_team"

    def test_without_a_crisis_team_all_administrators_are_paged(self) -> None:
        administrator()
        urgent()
        take_due_steps(NOON)
        assert told() == ["ada"]

    def test_without_anybody_it_still_goes_on(self) -> None:
        place = urgent()
        assert take_due_steps(NOON) == 1
        assert steps_of(place)[0].details["people"] == 0
        place.refresh_from_db()
        assert place.next_step_at == NOON + minutes(5)

    def test_a_shift_that_is_over_counts_for_nothing(self) -> None:
        kai = on_call("kai")
        OnCallShift.objects.update(ends_at=NOON)
        watcher("cho")
        urgent()
        take_due_steps(NOON)
        assert told() == [kai.username, "cho"]  # as two of the crisis team

    def test_those_who_left_or_cannot_be_reached_are_passed_over(self) -> None:
        on_call("gone", is_active=False)
        User.objects.filter(pk=on_call("mute").pk).update(email="")
        watcher("cho")
        urgent()
        take_due_steps(NOON)
        assert told() == ["cho"]

    def test_those_who_could_not_open_the_ticket_are_passed_over(self) -> None:
        """On call without the crisis role: a page would lead them to "not found"."""
        outsider = agent("out")
        OnCallShift.objects.create(user=outsider, starts_at=NOON - minutes(5), ends_at=NOON + minutes(5))
        User.objects.filter(pk=lead().pk).update(email="dee@earshot.example")
        watcher("cho")
        urgent("safety", flags=["sensitive"])
        take_due_steps(NOON)
        assert told() == ["cho"]

    def test_a_team_with_a_road_is_told_there_and_only_there(self) -> None:
        team = Team.objects.create(slug="night", name="Night watch")
        team.members.add(watcher("cho"))
        NotificationRoad.objects.create(team=team, target="night@earshot.example")
        EscalationPolicy.objects.update(steps=[{"after_minutes": 0, "notify": "team:night"}])
        urgent()
        take_due_steps(NOON)
        assert told() == ["Night watch"]

    def test_a_team_without_a_road_is_told_one_by_one(self) -> None:
        team = Team.objects.create(slug="night", name="Night watch")
        team.members.add(watcher("cho"), watcher("dan"))
        EscalationPolicy.objects.update(steps=[{"after_minutes": 0, "notify": "team:night"}])
        urgent()
        take_due_steps(NOON)
        assert told() == ["cho", "dan"]


class TestStorm:
    """Urgent messages of one kind within ten minutes are one page; each is still a row."""

    @pytest.fixture(autouse=True)
    def people(self) -> None:
        on_call("kai")
        on_call("bea", level=Level.BACKUP)

    def storm(self, *, until: float, every: float = 0.5) -> None:
        """Let an urgent message come every ``every`` minutes, and time pass beside it."""
        for tick in range(int(until / every)):
            at = NOON + minutes(tick * every)
            urgent(at=at, by=f"{tick}@example.org")
            take_due_steps(at)

    def test_is_told_once_to_whoever_is_on_call(self) -> None:
        self.storm(until=5)
        assert told() == ["kai"]
        page = Page.objects.get()
        assert page.places.count() == 10
        assert TicketEvent.objects.filter(kind=EventKind.CRISIS_ESCALATED).count() == 10

    def test_is_told_again_after_ten_minutes(self) -> None:
        EscalationPolicy.objects.update(
            steps=[{"after_minutes": 0, "notify": "on_call"}], repeat_every=minutes(600)
        )
        self.storm(until=21, every=1)
        assert [one.created_at for one in PageDelivery.objects.order_by("pk")] == [
            NOON, NOON + minutes(10), NOON + minutes(20),
        ]  # fmt: skip

    def test_tells_nobody_more_than_once_in_five_minutes(self) -> None:
        self.storm(until=16, every=1)
        for name in ("kai", "bea"):
            moments = sorted(
                PageDelivery.objects.filter(user__username=name).values_list("created_at", flat=True)
            )
            assert moments
            assert min(b - a for a, b in itertools.pairwise(moments)) >= minutes(5)

    def test_tells_everybody_in_each_interval_of_each_place(self) -> None:
        """What joining a page must never cost: for each step somebody was told since the step before."""
        self.storm(until=16, every=1)
        for place in CrisisPlace.objects.all():
            before = None
            for event in steps_of(place):
                since = before or place.pages.earliest("pk").opened_at
                people = OnCallShift.objects.filter(level="primary" if event.new == "1" else "backup")
                if event.details["told"] in ("on_call", "backup"):
                    for shift in people:
                        assert PageDelivery.objects.filter(
                            user=shift.user, created_at__gte=since, created_at__lte=event.at
                        ).exists()
                before = event.at

    def test_is_told_anew_once_everything_before_was_taken(self) -> None:
        first = urgent()
        take_due_steps(NOON)
        acknowledge(first, actor=User.objects.get(username="kai"), at=NOON + minutes(1))
        urgent(at=NOON + minutes(2))
        take_due_steps(NOON + minutes(2))
        assert told(NOON + minutes(2)) == ["kai"]
        assert Page.objects.filter(closed_at=None).count() == 1

    @pytest.mark.parametrize(
        "other", [{"category": "legal"}, {"lane": "amber", "category": "safety"}, {"origin": "drill"}]
    )
    def test_another_kind_is_another_page(self, other: dict[str, Any]) -> None:
        urgent("safety" if "lane" in other else "tech")
        urgent(**{"category": "tech", **other})
        take_due_steps(NOON)
        assert Page.objects.count() == 2
        assert told() == ["kai", "kai"]

    def test_goes_on_for_those_left_when_one_is_taken(self) -> None:
        first, second = urgent(), urgent(at=NOON + minutes(1))
        take_due_steps(NOON)
        take_due_steps(NOON + minutes(1))
        acknowledge(first, actor=User.objects.get(username="kai"), at=NOON + minutes(2))
        take_due_steps(NOON + minutes(6))
        assert told(NOON + minutes(6)) == ["bea"]
        second.refresh_from_db()
        assert second.step == 2


class TestUrgentAgain:
    """Someone took it, the customer turned urgent again."""

    @pytest.fixture
    def place(self) -> CrisisPlace:
        self.kai = on_call("kai")
        place = urgent()
        take_due_steps(NOON)
        acknowledge(place, actor=self.kai, at=NOON + minutes(1))
        enter(place.ticket, category="tech", lane="red", at=NOON + minutes(2))
        place.refresh_from_db()
        return place

    def test_pages_nobody_while_there_is_time_to_react(self, place: CrisisPlace) -> None:
        take_due_steps(NOON + minutes(16.9))
        assert told() == ["kai"]

    def test_starts_the_chain_anew_when_nobody_reacted(self, place: CrisisPlace) -> None:
        late = NOON + minutes(17)
        assert take_due_steps(late) == 1
        assert told(late) == ["kai"]
        place.refresh_from_db()
        assert (place.acknowledged_at, place.step) == (None, 1)
        assert (place.ack_due_at, place.next_step_at) == (late + minutes(15), late + minutes(5))

    def test_is_content_with_any_reaction(self, place: CrisisPlace) -> None:
        add_note(place.ticket, text="on the phone with them", actor=self.kai, at=NOON + minutes(3))
        assert take_due_steps(NOON + minutes(60)) == 0
        place.refresh_from_db()
        assert (place.acknowledged_by, place.next_step_at) == (self.kai, None)
        assert told() == ["kai"]


class TestCallNext:
    def test_takes_the_next_step_before_its_time(self) -> None:
        kai = on_call("kai")
        on_call("bea", level=Level.BACKUP)
        place = urgent()
        take_due_steps(NOON)
        event = call_next(place, taken=1, actor=kai, at=NOON + minutes(1))
        assert told(NOON + minutes(1)) == ["bea"]
        assert (event.actor, event.new, event.details["told"]) == (kai, "2", "backup")
        place.refresh_from_db()
        assert (place.step, place.next_step_at) == (2, NOON + minutes(10))

    def test_repeats_the_last_step(self) -> None:
        kai = watcher("kai")
        place = urgent()
        for taken in range(4):
            call_next(place, taken=taken, actor=kai, at=NOON + minutes(taken))
        assert told(NOON + minutes(3)) == ["kai"]
        place.refresh_from_db()
        assert place.next_step_at == NOON + minutes(13)

    def test_pressed_twice_tells_nobody_a_second_time(self) -> None:
        kai = on_call("kai")
        place = urgent()
        call_next(place, taken=0, actor=kai, at=NOON)
        with pytest.raises(CalledMeanwhile):
            call_next(place, taken=0, actor=kai, at=NOON)
        assert (told(), len(steps_of(place))) == (["kai"], 1)

    def test_refuses_what_somebody_took(self) -> None:
        kai = on_call("kai")
        place = urgent()
        acknowledge(place, actor=kai, at=NOON)
        with pytest.raises(AlreadyAcknowledged):
            call_next(place, taken=0, actor=kai, at=NOON)
        assert told() == []

    def test_refuses_what_pages_nobody(self) -> None:
        place = urgent()
        CrisisPlace.objects.update(may_page=False)
        with pytest.raises(PagesNobody):
            call_next(place, taken=0, actor=on_call("kai"), at=NOON)

    def test_refuses_who_may_not_work_on_it(self) -> None:
        with pytest.raises(CannotWorkOn):
            call_next(urgent(), taken=0, actor=lead(), at=NOON)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_sweepers_take_one_step(self) -> None:
        on_call("kai")
        places = [urgent(by=f"{number}@example.org") for number in range(8)]
        taken = together(*[lambda: take_due_steps(NOON)] * 4)
        while take_due_steps(NOON):
            pass
        assert sum(taken) <= len(places)
        assert [len(steps_of(place)) for place in places] == [1] * len(places)
        assert Page.objects.get().places.count() == len(places)
        assert told() == ["kai"]

    def test_it_waits_for_nobody_who_holds_the_ticket(self) -> None:
        kai = on_call("kai")
        place = urgent()
        held, done = threading.Event(), threading.Event()

        def answer() -> None:
            with transaction.atomic():
                hold(place.ticket)
                held.set()
                assert done.wait(10)
                acknowledge(place, actor=kai, at=NOON)

        def sweep() -> bool:
            assert held.wait(10)
            step = take_step(place.pk, at=NOON)
            done.set()
            return step

        assert together(answer, sweep)[1] is False
        place.refresh_from_db()
        assert (place.acknowledged_by, place.step) == (kai, 0)
        assert told() == []

    def test_a_step_and_an_acknowledgement_exclude_each_other(self) -> None:
        kai = on_call("kai")
        for number in range(10):
            place = urgent(by=f"{number}@example.org")
            together(
                lambda place=place: take_step(place.pk, at=NOON),
                lambda place=place: acknowledge(place, actor=kai, at=NOON),
            )
            place.refresh_from_db()
            assert (place.acknowledged_by, place.next_step_at) == (kai, None)

    def test_two_presses_and_the_clock_take_one_step(self) -> None:
        kai = on_call("kai")
        place = urgent()
        press = lambda: call_next(place, taken=0, actor=kai, at=NOON)  # noqa: E731
        results = together(press, press, lambda: take_due_steps(NOON))
        assert [len(steps_of(place)), told()] == [1, ["kai"]]
        assert sum(isinstance(one, CalledMeanwhile) for one in results) >= 1
