from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from config.kit.models import JobRun
from config.kit.origins import Origin
from config.kit.outbox.models import OutboxRow
from feedback.analysis.search import unindexed
from feedback.intake.models import Feedback, Message
from tests.people import NOON
from tickets.demo import loading
from tickets.demo.cast import LOGINS, PASSWORD, set_up
from tickets.demo.loading import is_loaded, load
from tickets.models import CannedReply, CrisisPlace, Delivery, Queue, Rule, SummaryRun, Ticket
from users.accounts.models import Role, User
from users.models import Customer

pytestmark = pytest.mark.django_db

SMALL = 60


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches of a few, so that a small demo has several."""
    monkeypatch.setattr(loading, "BATCH", 25)


def load_all() -> list[loading.Progress]:
    return list(load(NOON, messages=SMALL, in_parallel=False))


class TestLoad:
    def test_loads_everything_as_demo(self, small: None) -> None:
        steps = load_all()
        said = Message.objects.filter(direction="in").count()
        assert steps[0].messages == 0
        assert steps[-1].messages == steps[-1].of == said > 25
        assert set(Message.objects.values_list("origin", flat=True)) == {Origin.DEMO}
        assert set(Ticket.objects.values_list("origin", flat=True)) == {Origin.DEMO}
        assert not Message.objects.filter(direction="in", assessment=None).exists()
        assert not unindexed().exists()
        assert is_loaded()

    def test_has_the_last_two_whole_months_summarised(self, small: None) -> None:
        load_all()
        load_all()
        zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
        months = [f"{run.start_at.astimezone(zone):%Y-%m}" for run in SummaryRun.objects.order_by("start_at")]
        assert months == ["2026-09", "2026-10"]
        assert OutboxRow.objects.filter(kind="summary.whole").count() == 2

    def test_adds_nothing_the_second_time(self, small: None) -> None:
        load_all()
        before = (
            Message.objects.count(),
            Ticket.objects.count(),
            Customer.objects.count(),
            User.objects.count(),
        )
        steps = list(load(NOON + timedelta(days=9), messages=SMALL, in_parallel=False))
        assert [step.messages for step in steps] == [steps[0].of]
        assert before == (
            Message.objects.count(),
            Ticket.objects.count(),
            Customer.objects.count(),
            User.objects.count(),
        )

    def test_goes_on_where_it_was_killed(self, small: None) -> None:
        begun = load(NOON, messages=SMALL, in_parallel=False)
        next(begun)
        first = next(begun)
        begun.close()
        assert not is_loaded()
        # Another day: what is left is what would have come then.
        steps = list(load(NOON + timedelta(days=1), messages=SMALL, in_parallel=False))
        assert steps[0].messages == first.messages
        keys = list(Message.objects.filter(direction="in").values_list("external_id", flat=True))
        assert len(keys) == len(set(keys)) == steps[-1].of
        assert Message.objects.latest("sent_at").sent_at < NOON
        assert JobRun.objects.get(job=loading.LOADED).slot == NOON

    def test_pages_nobody_and_sends_nothing(self, small: None) -> None:
        load_all()
        assert CrisisPlace.objects.exists()
        assert not CrisisPlace.objects.filter(next_step_at__isnull=False).exists()
        assert not CrisisPlace.objects.filter(may_page=True).exists()
        owed = set(OutboxRow.objects.open().values_list("kind", flat=True))
        assert owed == {"summary.whole", "knowledge.passage"}
        assert set(Delivery.objects.values_list("state", flat=True)) <= {"held"}

    def test_leaves_urgent_tickets_for_the_visitor(self, small: None) -> None:
        load_all()
        assert CrisisPlace.objects.filter(closed_at=None, acknowledged_at=None).exists()
        assert Ticket.objects.filter(status="new").exists()


class TestSetUp:
    def test_lets_each_login_in(self) -> None:
        set_up()
        for login in LOGINS:
            user = authenticate(username=login.username, password=PASSWORD)
            assert isinstance(user, User)
            assert (user.role, user.is_staff) == (login.role, login.role != Role.CUSTOMER)

    def test_lets_no_other_agent_in(self) -> None:
        set_up()
        others = User.objects.exclude(username__in=[login.username for login in LOGINS])
        assert others.exists()
        assert not any(user.has_usable_password() for user in others)

    def test_keeps_what_people_changed(self) -> None:
        set_up()
        Rule.objects.first().delete()
        CannedReply.objects.filter(slug="demo-upload").update(name="ours")
        User.objects.get(username="agent").set_password("other")
        count = Rule.objects.count(), Queue.objects.count()
        set_up()
        assert (Rule.objects.count(), Queue.objects.count()) == count
        assert CannedReply.objects.get(slug="demo-upload").name == "ours"

    def test_writes_canned_replies_in_both_first_languages(self) -> None:
        set_up()
        for reply in CannedReply.objects.filter(slug__startswith="demo-"):
            assert sorted(reply.texts.values_list("language", flat=True)) == ["en", "zh-Hans"]


class TestCustomerLogin:
    def test_sees_their_own_feedback(self, small: None) -> None:
        load_all()
        kim = User.objects.get(username="customer")
        assert Feedback.objects.visible_to(kim).count() == 5


class TestLoadDemo:
    def test_refuses_servers_that_are_not_embedded(self, settings) -> None:
        settings.IS_EMBEDDED = False
        with pytest.raises(CommandError, match="embedded"):
            call_command("load_demo")
        assert not User.objects.exists()

    def test_notes_the_logins_for_the_supervisor(
        self, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.IS_EMBEDDED, settings.HOME = True, tmp_path
        monkeypatch.setattr("tickets.management.commands.load_demo.is_loaded", lambda: True)
        out = StringIO()
        call_command("load_demo", stdout=out)
        noted = (tmp_path / "run" / "logins").read_text()
        for login in LOGINS:
            assert login.username in noted
        assert noted in out.getvalue()
