"""Hand-made histories, counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from config.kit.origins import Origin
from feedback.intake.models import Channel, Rating
from feedback.intake.ratings import rate
from tests.alarms import urgent, watcher
from tests.people import NOON, agent, lead
from tests.tickets.figures.conftest import WEEK, hours, one
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.desk.hearing import wait_on_us
from tickets.desk.merging import merge, unmerge
from tickets.desk.models import COUNTED, EventKind, Status, Ticket, TicketEvent
from tickets.desk.services import change_queue
from tickets.desk.transitions import move
from tickets.figures.asking import Days
from tickets.figures.counting import Mean, Spread
from tickets.figures.services import Report
from tickets.queues.models import Queue
from tickets.replies.services import reply
from users.accounts.models import Team, User

Count = Callable[..., Report]
Find = Callable[..., set[int]]


def answered(ticket: Ticket, by: User, *, at: datetime, then: Status | None = None) -> Ticket:
    ticket.refresh_from_db()
    reply(ticket, text="look here", author=by, at=at, language="en", then=then)
    ticket.refresh_from_db()
    return ticket


def solved(ticket: Ticket, by: User | None, *, at: datetime) -> Ticket:
    ticket.refresh_from_db()
    move(ticket, Status.SOLVED, actor=by, at=at)
    return ticket


class TestReport:
    def test_of_nothing_is_all_noughts(self, report: Count) -> None:
        counted = report(lead())
        assert counted.now.is_empty
        assert counted.waiting == (0, 0, 0)
        assert [(day.opened, day.solved, day.waiting) for day in counted.days] == [(0, 0, 0)] * 7

    def test_counts_what_was_opened_answered_and_solved(self, ana: User, report: Count, behind: Find) -> None:
        dee = lead()
        slow, quick, left = (one(name) for name in ("slow", "quick", "left"))
        answered(quick, ana, at=hours(1))
        answered(slow, ana, at=hours(3))
        answered(slow, ana, at=hours(4))
        solved(quick, ana, at=hours(2))
        counted = report(dee)
        assert (counted.now.opened, counted.now.solved, counted.now.answers) == (3, 1, 3)
        assert counted.now.first_answer == Spread(2, 2 * 3600, 3600 * 2.8)
        assert counted.now.solving == Spread(1, 2 * 3600, 2 * 3600)
        assert counted.waiting == (0, 0, 2)
        assert behind(dee, "opened") == {slow.pk, quick.pk, left.pk}
        assert behind(dee, "first_answer") == {slow.pk, quick.pk}
        assert behind(dee, "waiting") == {slow.pk, left.pk}

    def test_counts_a_ticket_that_came_back(self, ana: User, report: Count, behind: Find) -> None:
        dee = lead()
        ticket = one("back")
        answered(ticket, ana, at=hours(1))
        solved(ticket, ana, at=hours(2))
        ticket.refresh_from_db()
        wait_on_us(ticket, actor=None, at=hours(26))
        assert report(dee).waiting[2] == 1
        answered(ticket, ana, at=hours(31))
        solved(ticket, ana, at=hours(32))
        counted = report(dee)
        assert (counted.now.opened, counted.now.solved, counted.now.reopened) == (1, 1, 1)
        # Solved twice: to the last time, from the first opening. Answered first once, whatever clock ran anew.
        assert counted.now.solving.median == 32 * 3600
        assert counted.now.first_answer == Spread(1, 3600, 3600)
        assert [day.waiting for day in counted.days] == [0, 1, 0, 0, 0, 0, 0]
        assert [day.solved for day in counted.days][:3] == [1, 0, 1]
        assert behind(dee, "reopened") == {ticket.pk}

    def test_does_not_count_closing_what_was_solved(self, ana: User, report: Count) -> None:
        ticket = solved(one("closed"), ana, at=hours(1))
        ticket.refresh_from_db()
        move(ticket, Status.CLOSED, actor=None, at=hours(100))
        assert report(lead()).now.solving == Spread(1, 3600, 3600)

    def test_lets_a_merged_ticket_wait_no_more(self, ana: User, report: Count, behind: Find) -> None:
        dee = lead()
        kept, gone = one("kept", by="kim@example.org"), one("gone", by="kim@example.org")
        merge(gone, into=kept, actor=ana, at=hours(24))
        counted = report(dee)
        assert (counted.now.opened, counted.now.solved, counted.now.merged) == (2, 0, 1)
        assert [day.waiting for day in counted.days][:2] == [2, 1]
        assert behind(dee, "waiting") == {kept.pk}
        gone.refresh_from_db()
        unmerge(gone, actor=ana, at=hours(48))
        assert [day.waiting for day in report(dee).days][:3] == [2, 1, 2]
        # Seen from after it all, what waited then is the same.
        assert report(dee, WEEK.before).waiting == (0, 0, 0)
        assert behind(dee, "waiting", day=date(2026, 11, 3)) == {kept.pk}

    def test_stands_beside_the_period_before(self, ana: User, report: Count) -> None:
        earlier = one("earlier", at=NOON - timedelta(days=3))
        answered(earlier, ana, at=NOON - timedelta(days=2))
        solved(earlier, ana, at=hours(1))
        one("now")
        counted = report(lead())
        assert (counted.before.opened, counted.before.solved, counted.before.answers) == (1, 0, 1)
        assert (counted.now.opened, counted.now.solved, counted.now.answers) == (1, 1, 0)
        assert counted.waiting == (0, 1, 1)

    def test_knows_who_was_answered_before_the_periods_began(self, ana: User, report: Count) -> None:
        old = one("old", at=NOON - timedelta(days=60))
        answered(old, ana, at=NOON - timedelta(days=59))
        answered(old, ana, at=hours(1))
        counted = report(lead())
        assert (counted.now.answers, counted.now.first_answer.count) == (1, 0)
        assert counted.waiting == (1, 1, 1)

    def test_leaves_imports_and_drills_out(self, report: Count) -> None:
        tickets = [one(origin, origin=origin) for origin in (Origin.LIVE, Origin.DEMO)]
        for number, origin in enumerate((Origin.IMPORT, Origin.DRILL)):
            other = one(f"other{number}")
            Ticket.objects.filter(pk=other.pk).update(origin=origin)
        assert report(lead()).now.opened == len(tickets)
        assert report(lead("eva")).waiting[2] == len(tickets)

    def test_hears_no_answer_in_the_news_of_a_fix(self, ana: User, report: Count) -> None:
        ticket = one("fixed")
        TicketEvent.objects.create(
            ticket=ticket, kind=EventKind.REPLIED, at=hours(1), actor=ana, details={"message": 1, "fix": 1}
        )
        counted = report(lead())
        assert (counted.now.answers, counted.now.first_answer.count) == (0, 0)


class TestQueues:
    def test_are_those_where_a_ticket_stood_when_it_happened(
        self, ana: User, report: Count, behind: Find
    ) -> None:
        dee = lead()
        agent("cyd", team="other", queue="other")
        first_line, other = (Team.objects.get(slug=slug) for slug in ("first-line", "other"))
        ticket = one("moved")
        answered(ticket, ana, at=hours(1))
        change_queue(ticket, to=Queue.objects.get(slug="other"), actor=ana, at=hours(24))
        solved(ticket, None, at=hours(48))
        here, there = report(dee, team=first_line), report(dee, team=other)
        assert (here.now.opened, here.now.answers, here.now.solved) == (1, 1, 0)
        assert (there.now.opened, there.now.answers, there.now.solved) == (0, 0, 1)
        assert [day.waiting for day in here.days][:3] == [1, 0, 0]
        assert [day.waiting for day in there.days][:3] == [0, 1, 0]
        assert behind(dee, "solved", team=other) == {ticket.pk}
        assert behind(dee, "solved", team=first_line) == set()

    def test_do_not_change_what_was_counted_when_the_ticket_moves_on(self, ana: User, report: Count) -> None:
        dee = lead()
        agent("cyd", team="other", queue="other")
        support = Queue.objects.get(slug="support")
        ticket = one("waits", at=NOON - timedelta(days=20))
        before = report(dee, queue=support)
        change_queue(ticket, to=Queue.objects.get(slug="other"), actor=ana, at=hours(24 * 30))
        after = report(dee, queue=support)
        assert before.waiting == after.waiting == (1, 1, 1)

    def test_worked_by_two_teams_count_for_both(self, report: Count) -> None:
        agent("ana")
        agent("cyd", team="other", queue="support")
        one("shared")
        lines = {line.team.slug: line.numbers.opened for line in report(lead()).teams}
        assert lines == {"first-line": 1, "other": 1}


class TestChannels:
    def test_are_counted_apart(self, report: Count) -> None:
        forum = Channel.objects.create(slug="forum", kind="forum", name="Forum")
        dee = lead()
        one("app")
        one("forum", channel=forum)
        lines = {line.channel.slug: line.numbers.opened for line in report(dee).channels}
        assert sorted(lines.values()) == [1, 1]
        assert report(dee, channel=forum).now.opened == 1
        assert report(dee, channel=forum).waiting[2] == 1


class TestPromises:
    def test_are_kept_or_not_by_the_deadline_that_held_then(
        self, ana: User, report: Count, behind: Find
    ) -> None:
        dee = lead()
        early, late = one("early"), one("late")
        Ticket.objects.update(first_reply_due_at=hours(2), solve_due_at=hours(10))
        answered(early, ana, at=hours(1))
        answered(late, ana, at=hours(3))
        solved(early, ana, at=hours(11))
        # Nothing of it is read from what may be set anew.
        Ticket.objects.update(first_reply_due_at=None, solve_due_at=None, first_replied_at=None)
        counted = report(dee)
        assert counted.now.answers_in_time == Mean(2, 0.5)
        assert counted.now.solutions_in_time == Mean(1, 0.0)
        assert behind(dee, "answer_missed") == {late.pk}
        assert behind(dee, "answer_due") == {early.pk, late.pk}

    def test_that_nobody_made_are_in_neither_number(self, ana: User, report: Count) -> None:
        ticket = one("free")
        Ticket.objects.update(first_reply_due_at=None, solve_due_at=None)
        answered(ticket, ana, at=hours(1), then=Status.SOLVED)
        counted = report(lead())
        assert (counted.now.answers_in_time, counted.now.solutions_in_time) == (Mean(), Mean())


class TestSatisfaction:
    def test_is_of_the_newest_rating_for_who_answered_last_before(self, ana: User, report: Count) -> None:
        bo, ticket = agent("bo"), one("rated")
        answered(ticket, ana, at=hours(1))
        answered(ticket, bo, at=hours(2), then=Status.SOLVED)
        for score, after in ((1, 3), (4, 4)):
            rate(ticket.feedback, score=score, comment="", at=hours(after))
        ticket.refresh_from_db()
        wait_on_us(ticket, actor=None, at=hours(5))
        answered(ticket, ana, at=hours(6))
        counted = report(lead())
        assert counted.now.satisfaction == Mean(1, 4.0)
        by_agent = {line.agent.username: line.numbers.satisfaction for line in counted.agents}
        assert by_agent == {"ana": Mean(), "bo": Mean(1, 4.0)}

    def test_of_a_later_period_leaves_the_earlier_as_it_was(self, ana: User, report: Count) -> None:
        ticket = answered(one("rated"), ana, at=hours(1), then=Status.SOLVED)
        rate(ticket.feedback, score=2, comment="", at=hours(2))
        rate(ticket.feedback, score=5, comment="", at=hours(24 * 20))
        assert report(lead()).now.satisfaction == Mean(1, 2.0)


class TestCrises:
    def test_are_timed_from_the_alarm_until_somebody_took_it(self, report: Count) -> None:
        wen = watcher("wen", queue="crisis")
        places = [urgent(by=f"k{number}@example.org") for number in range(2)]
        acknowledge(places[0], actor=wen, at=NOON + timedelta(minutes=4))
        counted = report(lead())
        assert (counted.now.alarms, counted.now.acknowledgement) == (2, Spread(1, 240, 240))

    def test_that_were_none_are_no_acknowledgement(self, report: Count, behind: Find) -> None:
        wen, dee = watcher("wen", queue="crisis"), lead()
        place = urgent()
        call_false_alarm(place, reason="a song", actor=wen, at=hours(1))
        counted = report(dee)
        assert (counted.now.alarms, counted.now.false_alarms) == (1, 1)
        assert counted.now.acknowledgement == Spread()
        assert behind(dee, "false_alarm") == {place.ticket_id}

    def test_are_timed_from_an_alarm_before_the_periods(self, report: Count) -> None:
        wen = watcher("wen", queue="crisis")
        place = urgent(at=NOON - timedelta(days=8))
        # Two days before both weeks began, and taken in the second.
        TicketEvent.objects.filter(kind=EventKind.CRISIS_ENTERED).update(at=NOON - timedelta(days=20))
        TicketEvent.objects.filter(kind=EventKind.OPENED).update(at=NOON - timedelta(days=21))
        Ticket.objects.update(opened_at=NOON - timedelta(days=21))
        acknowledge(place, actor=wen, at=NOON)
        assert report(lead()).now.acknowledgement.median == timedelta(days=20).total_seconds()


class TestAgents:
    def test_are_all_there_for_leads_also_who_left(self, ana: User, report: Count) -> None:
        bo = agent("bo")
        answered(one("a"), ana, at=hours(1))
        answered(one("b"), bo, at=hours(1))
        User.objects.filter(pk=bo.pk).update(is_active=False)
        lines = report(lead()).agents
        assert [(line.agent.username, line.numbers.answers) for line in lines] == [("ana", 1), ("bo", 1)]

    def test_see_themselves_and_no_colleague(self, ana: User, report: Count, behind: Find) -> None:
        bo = agent("bo")
        answered(one("a"), ana, at=hours(1))
        answered(one("b"), bo, at=hours(1))
        counted = report(ana)
        assert [(line.agent, line.numbers.answers) for line in counted.agents] == [(ana, 1)]
        assert [(line.team.slug, line.numbers.answers) for line in counted.teams] == [("first-line", 2)]
        assert behind(ana, "answered", agent=bo) == set()
        assert len(behind(ana, "answered", agent=ana)) == 1

    def test_do_not_count_other_queues(self, ana: User, report: Count) -> None:
        agent("cyd", team="other", queue="other")
        one("own")
        one("foreign", queue="other")
        counted = report(ana)
        assert (counted.now.opened, counted.waiting[2]) == (1, 1)

    def test_do_not_count_what_only_the_crisis_team_may_read(self, ana: User, report: Count) -> None:
        one("secret", flags=["sensitive"])
        counted = report(ana)
        assert (counted.now.opened, counted.waiting[2]) == (0, 0)


class TestDays:
    def test_begin_at_midnight_of_the_installation(self, report: Count) -> None:
        # 23:59 and 00:00 in Shanghai, at the end of October.
        one("last", at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
        one("first", at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))
        october, november = (
            Days(date(2026, 10, 1), date(2026, 10, 31)),
            Days(date(2026, 11, 1), date(2026, 11, 30)),
        )
        assert (report(lead(), october).now.opened, report(lead("eva"), october).waiting[2]) == (1, 1)
        assert report(lead("fay"), november).now.opened == 1

    def test_are_as_long_as_the_clock_says(self, settings: Any, report: Count, behind: Find) -> None:
        settings.SUMMARY_TIME_ZONE = "Europe/Berlin"
        dee = lead()
        # Sunday 25 October has 25 hours there: both are of that day, the third is not.
        for number, hour in enumerate((22, 46, 47)):
            one(f"k{number}", at=datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour))
        days = Days(date(2026, 10, 25), date(2026, 10, 26))
        assert [day.opened for day in report(dee, days).days] == [2, 1]
        assert len(behind(dee, "opened", days, day=date(2026, 10, 25))) == 2

    def test_say_when_customers_write(self, report: Count) -> None:
        one("noon")
        hours_of = report(lead()).hours
        # Noon in UTC on a Monday is 20 o'clock in Shanghai.
        assert (hours_of[0][20], sum(map(sum, hours_of))) == (1, 1)


class TestTicketsBehind:
    def test_are_as_many_as_the_number_says(self, ana: User, report: Count, behind: Find) -> None:
        dee = lead()
        for number in range(6):
            ticket = one(f"k{number}", at=NOON + timedelta(days=number % 3))
            if number % 2:
                answered(ticket, ana, at=hours(80), then=Status.SOLVED)
        counted = report(dee)
        assert len(behind(dee, "opened")) == counted.now.opened == 6
        assert len(behind(dee, "solved", agent=ana)) == counted.agents[0].numbers.solved == 3
        for day in counted.days:
            assert len(behind(dee, "opened", day=day.date)) == day.opened
            assert len(behind(dee, "waiting", day=day.date)) == day.waiting

    @pytest.mark.parametrize("what", ["", "dance"])
    def test_are_none_of_what_is_no_number(self, behind: Find, what: str) -> None:
        with pytest.raises(ValueError, match="not a valid Measure"):
            behind(lead(), what)

    def test_waited_at_the_end_of_the_period_before(self, ana: User, report: Count, behind: Find) -> None:
        dee, ticket = lead(), one("old", at=NOON - timedelta(days=3))
        solved(ticket, ana, at=hours(1))
        assert report(dee).waiting[1] == 1
        assert behind(dee, "waiting", WEEK.before) == {ticket.pk}


class TestCost:
    def test_is_that_of_the_period_and_not_of_all_history(self) -> None:
        """The condition of the index and the kinds that are read must not part."""
        period = WEEK.period
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        events = TicketEvent.objects.filter(kind__in=COUNTED, at__gte=period.start, at__lt=period.end)
        assert "event_counted" in events.explain()
        ratings = Rating.objects.filter(at__gte=period.start, at__lt=period.end)
        assert "rating_by_time" in ratings.explain()

    def test_does_not_grow_with_what_happened(
        self, ana: User, report: Count, django_assert_num_queries: Any
    ) -> None:
        dee = lead()
        old = one("old", at=NOON - timedelta(days=60))
        answered(old, ana, at=hours(1))
        with django_assert_num_queries(13):
            report(dee)
        for number in range(8):
            ticket = answered(one(f"k{number}"), ana, at=hours(1), then=Status.SOLVED)
            rate(ticket.feedback, score=4, comment="", at=hours(2))
        with django_assert_num_queries(13):
            assert report(dee).now.opened == 8
