from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.origins import Origin
from config.kit.outbox.models import OutboxRow
from feedback.intake.models import Message
from tests.alarms import on_call
from tests.people import lead
from tests.tickets.warnings.months import NIGHT, cannot_log_in
from tickets.crisis.models import About, PageDelivery
from tickets.warnings.looking import look
from tickets.warnings.models import DismissalReason, EarlyWarning, Severity, State
from tickets.warnings.services import NotLive, ReasonMissing, confirm, dismiss, record, resolve

pytestmark = pytest.mark.django_db


def looked(after: timedelta = timedelta()) -> list[EarlyWarning]:
    """Look once and write it down; return the new warnings."""
    return record(look(NIGHT + after), at=NIGHT + after)


class TestLook:
    def test_finds_nothing_in_an_ordinary_week(self, quiet_days: None) -> None:
        assert look(NIGHT) == []

    def test_finds_what_many_people_say_at_once(self, burst: list[Message]) -> None:
        (found,) = look(NIGHT)
        assert found.reading.people[1] == 12
        assert set(found.message_ids) == {message.pk for message in burst}

    def test_names_it_in_their_words(self, burst: list[Message]) -> None:
        (found,) = look(NIGHT)
        assert "log in" in found.labels["en"].lower() or "code" in found.labels["en"].lower()

    def test_finds_nothing_without_history(self) -> None:
        cannot_log_in(12)
        assert look(NIGHT) == []

    def test_hears_live_feedback_only(self, quiet_days: None) -> None:
        cannot_log_in(12, origin=Origin.DEMO)
        assert look(NIGHT) == []

    def test_counts_one_person_once(self, quiet_days: None) -> None:
        for number in range(12):
            cannot_log_in(1, at=NIGHT - timedelta(minutes=number), who="same")
        assert look(NIGHT) == []

    def test_says_how_many_texts_are_equal(self, burst: list[Message]) -> None:
        assert look(NIGHT)[0].repeated == 12


class TestRecord:
    def test_opens_one_warning_with_its_reasons(self, burst: list[Message]) -> None:
        (warning,) = looked()
        assert (warning.state, warning.kind, warning.people) == (State.OPEN, "crowd", 12)
        assert warning.expected < 1
        assert len(warning.message_ids) == 12
        assert warning.now[0][0] + warning.now[3][0] > 12

    def test_pages_who_is_on_call_once(self, burst: list[Message]) -> None:
        watch = on_call("wen", at=NIGHT)
        looked()
        looked(timedelta(minutes=5))
        delivery = PageDelivery.objects.get()
        assert (delivery.user, delivery.page.about) == (watch, About.WARNING)
        assert OutboxRow.objects.filter(kind="page.send", subject_id=delivery.pk).exists()

    def test_twice_is_one_warning(self, burst: list[Message]) -> None:
        found = look(NIGHT)
        record(found, at=NIGHT)
        assert record(found, at=NIGHT) == []
        assert EarlyWarning.objects.count() == 1

    def test_writes_what_goes_on_into_the_same_warning(self, burst: list[Message]) -> None:
        looked()
        cannot_log_in(20, at=NIGHT + timedelta(minutes=30), who="later")
        assert looked(timedelta(minutes=30)) == []
        warning = EarlyWarning.objects.get()
        assert (warning.people, warning.peak_people, len(warning.message_ids)) == (12, 32, 32)

    def test_ends_it_six_hours_after_it_calmed_down(self, burst: list[Message]) -> None:
        looked()
        for hours in (3, 8):
            looked(timedelta(hours=hours))
            assert EarlyWarning.objects.get().is_live
        looked(timedelta(hours=9))
        warning = EarlyWarning.objects.get()
        assert (warning.state, warning.decided_by) == (State.RESOLVED, None)

    def test_takes_what_comes_back_within_a_day_for_the_same(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        looked()
        for hours in (3, 9):
            looked(timedelta(hours=hours))
        cannot_log_in(15, at=NIGHT + timedelta(hours=12), who="again")
        assert looked(timedelta(hours=12)) == []
        assert EarlyWarning.objects.get().state == State.OPEN
        assert PageDelivery.objects.count() == 1

    def test_does_not_undo_what_somebody_decided_meanwhile(self, burst: list[Message]) -> None:
        (warning,) = looked()
        found = look(NIGHT + timedelta(minutes=5))
        dismiss(warning, because=DismissalReason.MINOR, actor=lead(), at=NIGHT)
        record(found, at=NIGHT + timedelta(minutes=5))
        assert EarlyWarning.objects.get().state == State.DISMISSED

    def test_brings_back_what_was_dismissed_when_it_doubles(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        (warning,) = looked()
        dismiss(warning, because=DismissalReason.MINOR, actor=lead(), at=NIGHT)
        cannot_log_in(30, at=NIGHT + timedelta(minutes=30), who="later")
        looked(timedelta(minutes=30))
        assert EarlyWarning.objects.get().state == State.OPEN
        assert PageDelivery.objects.count() == 2

    def test_says_of_a_vague_warning_what_it_is_really_about(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        (warning,) = looked()
        EarlyWarning.objects.update(
            kind="all", centre=None, labels={}, decided_by=lead(), state=State.CONFIRMED
        )
        assert looked(timedelta(minutes=5)) == []
        warning.refresh_from_db()
        assert (warning.kind, warning.state, warning.is_live) == ("crowd", State.CONFIRMED, True)
        assert warning.labels
        assert PageDelivery.objects.count() == 1

    def test_leaves_ended_what_is_calm_though_the_day_was_loud(self, burst: list[Message]) -> None:
        (warning,) = looked()
        for hours in (3, 9, 10):
            looked(timedelta(hours=hours))
        warning.refresh_from_db()
        assert (warning.state, warning.resolved_at) == (State.RESOLVED, NIGHT + timedelta(hours=9))

    def test_tells_nobody_of_a_drill(self, quiet_days: None) -> None:
        on_call("wen", at=NIGHT)
        cannot_log_in(12)
        record(look(NIGHT, kept_as=Origin.DRILL), at=NIGHT, origin=Origin.DRILL)
        assert EarlyWarning.objects.get().origin == Origin.DRILL
        assert not PageDelivery.objects.exists()


class TestSeverity:
    def test_is_orange_for_money_and_accounts_and_what_is_urgent(self, burst: list[Message]) -> None:
        (warning,) = looked()
        assert warning.severity in (Severity.SEV2, Severity.SEV3)

    def test_never_falls_while_it_lasts(self, burst: list[Message]) -> None:
        (warning,) = looked()
        EarlyWarning.objects.update(severity=Severity.SEV1)
        looked(timedelta(minutes=5))
        warning.refresh_from_db()
        assert warning.severity == Severity.SEV1


class TestDecisions:
    def test_are_kept_with_who_and_why(self, burst: list[Message]) -> None:
        (warning,) = looked()
        dee = lead()
        told = dismiss(
            warning, because=DismissalReason.EXPECTED, actor=dee, at=NIGHT, note=" we released 8.5 "
        )
        assert (told.state, told.decided_by, told.because, told.note) == (
            State.DISMISSED,
            dee,
            DismissalReason.EXPECTED,
            "we released 8.5",
        )

    def test_need_a_reason_to_dismiss(self, burst: list[Message]) -> None:
        (warning,) = looked()
        with pytest.raises(ReasonMissing):
            dismiss(warning, because="", actor=lead(), at=NIGHT)

    def test_are_taken_once(self, burst: list[Message]) -> None:
        (warning,) = looked()
        dee = lead()
        resolve(warning, actor=dee, at=NIGHT)
        with pytest.raises(NotLive):
            confirm(warning, actor=dee, at=NIGHT)

    def test_raise_the_bar_of_what_was_dismissed(self, burst: list[Message]) -> None:
        (warning,) = looked()
        dismiss(warning, because=DismissalReason.SPAM, actor=lead(), at=NIGHT)
        later = NIGHT + timedelta(days=3)
        EarlyWarning.objects.update(seen_at=NIGHT)
        cannot_log_in(8, at=later, who="later")
        with_bar = look(later)
        EarlyWarning.objects.update(decided_at=NIGHT - timedelta(days=40))
        assert (with_bar, len(look(later))) == ([], 1)
