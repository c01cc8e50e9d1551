from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
from django.db import transaction
from django.db.models import Q

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_batch
from feedback.analysis.models import DIMENSIONS, Assessment
from feedback.intake.models import Direction, Feedback, Message
from feedback.intake.ratings import rate
from feedback.intake.services import default_channel, show_state
from feedback.themes.models import Theme, ThemePlace
from tests.people import NOON, agent, lead, opened, said
from tests.threads import together
from tickets.desk.merging import merge as merge_tickets
from tickets.desk.models import EventKind, TicketEvent
from tickets.fixes.models import Answer, Echo, Fix, FixState, Reason, Reporter, ReporterState
from tickets.fixes.services import (
    CannotBeDoneNow,
    NobodyToTell,
    answer,
    cancel,
    go_on,
    pause,
    prepare_fix,
    start,
    tell,
    tell_no_more,
)
from tickets.fixes.wording import BadWording, write_wording
from tickets.replies.models import Delivery, DeliveryState
from users.profiles.holdings import erase_customer
from users.profiles.merging import merge
from users.profiles.models import OptOut, Preferences
from users.profiles.services import set_preferences

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=10)


@pytest.fixture
def theme() -> Theme:
    centre = np.zeros(DIMENSIONS, np.float32)
    centre[0] = 1
    return Theme.objects.create(
        labels={"en": "Crash"}, centre=centre, reach=0.5, first_seen_at=NOON, last_seen_at=NOON
    )


def reported(theme: Theme, text: str = "it crashes", **fields):
    """Return the ticket of somebody's message about ``theme``."""
    ticket = opened(text, **fields)
    ThemePlace.objects.create(
        message=Message.objects.filter(feedback=ticket.feedback).latest("id"), theme=theme, at=NOON
    )
    return ticket


def fixed(theme: Theme, version: str = "12.4") -> Fix:
    return prepare_fix(theme, version=version, actor=None, at=LATER)[0]


def work(at: datetime = LATER) -> int:
    """Do what a worker of the bulk lane does at ``at``; return how many rows that were."""
    done = 0
    while taken := run_batch(Lane.BULK, at=at, by="test", only=Q(due_at__lte=at)):
        done += taken
    return done


def told(theme: Theme, version: str = "12.4") -> Fix:
    """Return a fix of ``theme`` that everybody was told of."""
    fix = start(fixed(theme, version), actor=lead(f"dee{version}"), at=LATER)
    work()
    fix.refresh_from_db()
    return fix


def answers() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.OUT).order_by("id"))


class TestPrepareFix:
    def test_is_one_fix_however_often_said(self, theme):
        assert fixed(theme) == fixed(theme, " 12.4 ")
        assert Fix.objects.get().state == FixState.DRAFT
        assert not answers()

    def test_starts_from_the_words_of_the_last_one_sent(self, theme):
        reported(theme)
        fix = fixed(theme)
        write_wording(fix, language="en", text="Mended, {customer}.")
        start(fix, actor=lead(), at=LATER)
        assert fixed(theme, "13").wordings.get(language="en").text == "Mended, {customer}."


class TestWriteWording:
    @pytest.mark.parametrize("text", ["", "  ", "Dear {agent}", "{quote}"])
    def test_refuses_what_nobody_would_fill_in(self, theme, text):
        with pytest.raises(BadWording):
            write_wording(fixed(theme), language="en", text=text)


class TestTell:
    def test_writes_each_person_once_in_their_language_and_thread(self, theme):
        first = reported(theme, by="kim@example.org", app_version="12.3")
        reported(theme, "again", by="kim@example.org", at=NOON + timedelta(hours=1))
        reported(theme, "闪退", by="lin@example.org", language="zh-Hans")
        reported(theme, "geht nicht", by="max@example.org", language="de")
        fix = told(theme)
        assert fix.state == FixState.DONE
        assert [delivery.address.value for delivery in Delivery.objects.order_by("id")] == [
            "kim@example.org",
            "lin@example.org",
            "max@example.org",
        ]
        english, chinese, german = (message.text for message in answers())
        assert "fixed in version 12.4" in english
        assert "12.4 版本" in chinese
        assert german.startswith("Hello")
        assert "/fixed/" in english
        assert first.feedback_id != answers()[0].feedback_id, "the newest thread of a person is theirs"

    def test_twice_tells_nobody_twice(self, theme):
        reported(theme)
        fix = told(theme)
        for round_ in fix.rounds.all():
            Fix.objects.update(state=FixState.TELLING)
            tell(round_.pk, None, LATER)
        assert len(answers()) == 1

    def test_reaches_those_of_merged_themes_and_of_every_month(self, theme):
        old = Theme.objects.create(
            labels={},
            centre=theme.centre,
            reach=0.5,
            first_seen_at=NOON,
            last_seen_at=NOON,
            merged_into=theme,
        )
        reported(old, at=NOON - timedelta(days=200))
        told(theme)
        assert len(answers()) == 1

    @pytest.mark.parametrize(
        ("who", "reason"),
        [
            ({"is_sensitive": True}, Reason.SENSITIVE),
            ({"lane": "red", "category": "safety"}, Reason.SENSITIVE),
            ({"flags": ["minor"]}, Reason.SENSITIVE),
            ({"app_version": "12.4.1"}, Reason.SEEN_SINCE),
            ({"channel": "reviews", "by": ""}, Reason.UNREACHABLE),
        ],
    )
    def test_holds_back_whom_no_such_message_should_reach(self, theme, who, reason):
        is_sensitive = who.pop("is_sensitive", False)
        if "channel" in who:
            who["channel"] = default_channel(who["channel"])
        ticket = reported(theme, **who)
        if is_sensitive:
            type(ticket).objects.filter(pk=ticket.pk).update(is_sensitive=True)
        reported(theme, by="lin@example.org")
        fix = told(theme)
        assert fix.reporters.get(state=ReporterState.HELD).reason == reason
        assert len(answers()) == 1

    def test_honours_an_opt_out_also_when_it_comes_late(self, theme):
        kim, lin = reported(theme), reported(theme, by="lin@example.org")
        fix = start(fixed(theme), actor=lead(), at=LATER)
        set_preferences(kim.feedback.customer, changes={"opt_outs": [OptOut.UPDATES]}, at=LATER)
        work()
        assert fix.reporters.get(customer=kim.feedback.customer).reason == Reason.OPTED_OUT
        assert [message.feedback for message in answers()] == [lin.feedback]

    def test_waits_for_the_end_of_quiet_hours(self, theme):
        kim = reported(theme).feedback.customer
        wishes = {"quiet_from": time(22), "quiet_until": time(8), "time_zone": "Europe/Berlin"}
        set_preferences(kim, changes=wishes, at=NOON)
        night = datetime(2026, 11, 12, 22, tzinfo=UTC)
        fix = start(fixed(theme), actor=lead(), at=night)
        work(night)
        assert not answers()
        assert fix.reporters.get().not_before == datetime(2026, 11, 13, 7, tzinfo=UTC)
        work(datetime(2026, 11, 13, 7, tzinfo=UTC))
        assert len(answers()) == 1

    def test_tells_a_person_once_who_was_two_when_it_was_planned(self, theme):
        kim, lin = reported(theme), reported(theme, by="lin@example.org")
        fix = fixed(theme)
        for ticket in (kim, lin):
            Reporter.objects.create(
                fix=fix,
                customer=ticket.feedback.customer,
                feedback=ticket.feedback,
                language="en",
                channel="rest",
            )
        Fix.objects.update(is_planned=True)
        merge(kim.feedback.customer, lin.feedback.customer, actor=None, at=NOON)
        start(fix, actor=lead(), at=LATER)
        work()
        assert sorted(fix.reporters.values_list("state", flat=True)) == ["held", "told"]

    def test_never_tells_again_what_was_told_of_a_theme_merged_since(self, theme):
        other = Theme.objects.create(
            labels={}, centre=theme.centre, reach=0.5, first_seen_at=NOON, last_seen_at=NOON
        )
        reported(other)
        told(other)
        Theme.objects.filter(pk=other.pk).update(merged_into=theme)
        with pytest.raises(NobodyToTell):
            start(fixed(theme), actor=lead(), at=LATER)

    def test_leaves_imports_alone_and_holds_the_demo_back(self, theme):
        imported = said("it crashes", by="imp@example.org", origin=Origin.IMPORT).message
        ThemePlace.objects.create(message=imported, theme=theme, at=NOON)
        reported(theme, by="demo@example.org", origin=Origin.DEMO)
        told(theme)
        assert Delivery.objects.get().state == DeliveryState.HELD
        assert not OutboxRow.objects.filter(kind="delivery.send").exists()

    def test_tells_nobody_who_was_erased(self, theme):
        kim = reported(theme)
        reported(theme, by="lin@example.org")
        fix = start(fixed(theme), actor=lead(), at=LATER)
        erase_customer(kim.feedback.customer, at=LATER)
        work()
        assert fix.reporters.filter(state=ReporterState.TOLD).count() == 1
        assert len(answers()) == 1

    def test_fills_in_nothing_that_a_name_smuggles_in(self, theme):
        ticket = reported(theme)
        ticket.feedback.customer.display_name = "{answer_link} {version}"
        ticket.feedback.customer.save()
        told(theme)
        assert answers()[0].text.startswith("Hello {answer_link} {version},")

    def test_is_told_to_open_pages_of_the_ticket_that_is_worked_on(self, theme):
        gone, kept = reported(theme), opened("and my money")
        merge_tickets(gone, into=kept, actor=agent("ana"), at=NOON)
        told(theme)
        [event] = TicketEvent.objects.filter(kind=EventKind.REPLIED)
        assert event.ticket == kept

    def test_lets_the_work_go_on_where_it_was(self, theme):
        ticket = reported(theme)
        told(theme)
        before = ticket.status
        ticket.refresh_from_db()
        assert (ticket.status, ticket.first_replied_at) == (before, None)
        assert ticket.events.filter(kind="replied", details__fix__isnull=False).count() == 1


class TestPauseAndCancel:
    def test_stop_between_rounds_and_go_on(self, theme, monkeypatch):
        monkeypatch.setattr("tickets.fixes.services.PEOPLE_A_ROUND", 1)
        for name in ("kim", "lin", "max"):
            reported(theme, by=f"{name}@example.org")
        fix = start(fixed(theme), actor=lead(), at=LATER)
        run_batch(Lane.BULK, at=LATER, by="test", only=Q(due_at__lte=LATER))
        pause(fix)
        work()
        assert len(answers()) == 1
        go_on(fix, at=LATER)
        work()
        assert len(answers()) == 3

    def test_cancel_says_of_the_rest_why(self, theme, monkeypatch):
        reported(theme)
        fix = start(fixed(theme), actor=lead(), at=LATER)
        Reporter.objects.create(
            fix=fix,
            customer=Feedback.objects.get().customer,
            feedback=Feedback.objects.get(),
            language="en",
            channel="rest",
        )
        cancel(fix)
        work()
        assert not answers()
        assert fix.reporters.get().reason == Reason.CANCELLED
        with pytest.raises(CannotBeDoneNow):
            go_on(fix, at=LATER)

    def test_start_twice_is_refused(self, theme):
        reported(theme)
        fix = start(fixed(theme), actor=lead(), at=LATER)
        with pytest.raises(CannotBeDoneNow):
            start(fix, actor=lead("eve"), at=LATER)


class TestEcho:
    def test_is_what_came_back(self, theme):
        tickets = {
            name: reported(theme, by=f"{name}@example.org")
            for name in ("silent", "yes", "no", "rated", "happy", "angry", "wrote")
        }
        fix = told(theme)
        row = {name: fix.reporters.get(feedback=ticket.feedback) for name, ticket in tickets.items()}
        answer(row["yes"], said=Answer.YES, at=LATER)
        answer(row["no"], said=Answer.NO, at=LATER)
        show_state(tickets["rated"].feedback, "solved")
        rate(tickets["rated"].feedback, score=5, comment="", at=LATER + timedelta(hours=1))
        for name, mood in (("happy", 0.8), ("angry", -0.8), ("wrote", 0.0)):
            later = LATER + timedelta(hours=2)
            opened_again = said("...", by=f"{name}@example.org", at=later, thread=tickets[name].feedback)
            Assessment.objects.create(
                message=opened_again.message,
                language="en",
                language_confidence=1,
                sentiment=mood,
                tone="neutral",
                urgency=0,
                lane="none",
                topic="bug",
                model_version="t",
                assessed_at=later,
            )
        echoes = dict(fix.reporters.with_echo().values_list("pk", "echo"))
        assert {name: echoes[one.pk] for name, one in row.items()} == {
            "silent": Echo.SILENT,
            "yes": Echo.CONFIRMED,
            "no": Echo.DENIED,
            "rated": Echo.CONFIRMED,
            "happy": Echo.CONFIRMED,
            "angry": Echo.DENIED,
            "wrote": Echo.REPLIED,
        }


class TestTellNoMore:
    def test_adds_to_the_wishes_there_are(self, theme):
        ticket = reported(theme)
        set_preferences(ticket.feedback.customer, changes={"opt_outs": [OptOut.SURVEYS]}, at=NOON)
        fix = told(theme)
        for _ in range(2):
            tell_no_more(fix.reporters.get(), at=LATER)
        assert Preferences.objects.get().opt_outs == ["surveys", "updates"]


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_workers_at_once_write_one_message_a_person(self, theme):
        for number in range(6):
            reported(theme, by=f"p{number}@example.org")
        fix = start(fixed(theme), actor=lead(), at=LATER)
        first = fix.rounds.get()
        second = fix.rounds.create(number=2)

        @transaction.atomic
        def run(round_id: int) -> None:
            tell(round_id, None, LATER)

        together(lambda: run(first.pk), lambda: run(second.pk))
        assert len(answers()) == 6
        assert Delivery.objects.count() == 6
