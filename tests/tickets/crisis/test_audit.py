from __future__ import annotations

import ipaddress
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.kit import loops
from config.kit.heartbeats import beat
from config.kit.models import Heartbeat
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.models import OutboxRow
from feedback.intake.models import RawMessage
from tests.alarms import administrator, minutes, on_call, send_pages, urgent
from tests.people import NOON, agent, opened, rest_channel
from tests.threads import together
from tests.webhooks import Server
from tickets.crisis import loops as crisis_loops
from tickets.crisis.audit import ALIVE, Found, look
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.findings import audit, audit_and_tell, health, record
from tickets.crisis.models import AuditFinding, FindingCode, Page, PageDelivery, PageDeliveryState
from tickets.desk.models import CrisisPlace
from tickets.replies.models import Delivery
from tickets.replies.services import reply
from users.accounts.models import User

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def well() -> User:
    """Everything runs and somebody is on call."""
    everybody_alive()
    return on_call("kai")


def everybody_alive(at: Any = NOON) -> None:
    for name in ALIVE:
        beat(name, at=at)


def codes(at: Any = NOON) -> list[str]:
    return [found.code.value for found in look(at)]


def row(**fields: Any) -> OutboxRow:
    given = {"kind": "page.send", "subject_id": 1, "lane": Lane.PAGE, "priority": Priority.URGENT}
    given |= {"created_at": NOON, "due_at": NOON} | fields
    return OutboxRow.objects.create(**given)


@pytest.mark.usefixtures("well")
class TestLook:
    def test_finds_nothing_when_all_is_well(self) -> None:
        assert look(NOON) == []

    def test_finds_urgent_work_that_waits(self) -> None:
        row()
        assert codes(NOON + 10 * SECOND) == []
        assert codes(NOON + 11 * SECOND) == ["urgent_work_waits"]

    def test_finds_urgent_work_that_waits_for_its_next_try(self) -> None:
        row(due_at=NOON + minutes(10), attempts=5)
        assert codes(NOON + 11 * SECOND) == ["urgent_work_waits"]

    def test_leaves_ordinary_work_and_work_for_later(self) -> None:
        row(priority=Priority.NORMAL)
        row(subject_id=2, due_at=NOON + minutes(10))
        row(subject_id=3, done_at=NOON)
        assert codes(NOON + minutes(1)) == []

    def test_finds_a_place_without_a_next_step(self) -> None:
        """The database refuses it; the auditor does not rely on that."""
        urgent()
        OutboxRow.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE tickets_crisisplace DROP CONSTRAINT crisis_place_has_next_step")
        CrisisPlace.objects.update(next_step_at=None)
        assert codes() == ["step_missing"]

    def test_finds_a_step_that_nobody_takes(self) -> None:
        urgent()
        OutboxRow.objects.all().delete()
        everybody_alive(NOON + minutes(1))
        assert codes(NOON + minutes(1) - SECOND) == []
        assert codes(NOON + minutes(1)) == ["step_overdue"]

    def test_finds_what_arrived_and_became_nothing(self) -> None:
        for origin in (Origin.LIVE, Origin.IMPORT):
            RawMessage.objects.create(
                channel=rest_channel(), external_id=origin, digest="0" * 64, content=b"x",
                media_type="message/rfc822", origin=origin, received_at=NOON - 61 * SECOND,
            )  # fmt: skip
        assert look(NOON) == [Found(FindingCode.RAW_UNHANDLED, count=1)]

    def test_finds_an_answer_that_hangs(self) -> None:
        reply(opened("payment failed"), text="We are on it.", author=agent("ana"), at=NOON, language="en")
        OutboxRow.objects.all().delete()
        Delivery.objects.update(state="sending", sending_at=NOON - 121 * SECOND)
        assert codes() == ["delivery_hangs"]

    def test_finds_a_page_that_reached_nobody(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        urgent()
        take_due_steps(NOON)
        send_pages()
        OutboxRow.objects.all().delete()
        CrisisPlace.objects.update(next_step_at=NOON + minutes(60))
        at = NOON + 121 * SECOND
        everybody_alive(at)
        assert codes(at) == ["page_hangs"]
        PageDelivery.objects.update(state=PageDeliveryState.SENT)
        assert codes(at) == []

    @pytest.mark.parametrize("name", ALIVE)
    def test_finds_who_is_silent_or_never_spoke(self, name: str) -> None:
        Heartbeat.objects.filter(name=name).update(at=NOON - 61 * SECOND)
        assert look(NOON) == [Found(FindingCode.SILENT_PROCESS, key=name)]
        Heartbeat.objects.filter(name=name).delete()
        assert look(NOON) == [Found(FindingCode.SILENT_PROCESS, key=name)]

    def test_is_content_when_one_of_several_hosts_is_gone(self) -> None:
        Heartbeat.objects.create(name="beat", host="gone", at=NOON - timedelta(days=3))
        assert codes() == []

    def test_finds_dead_letters_by_kind(self) -> None:
        for number in range(3):
            row(subject_id=number, kind="message.received", priority=Priority.NORMAL, dead_at=NOON)
        assert look(NOON) == [Found(FindingCode.DEAD_LETTERS, key="message.received", count=3)]

    def test_finds_that_nobody_is_on_call(self) -> None:
        tomorrow = NOON + timedelta(days=1)
        everybody_alive(tomorrow)
        assert codes(tomorrow) == ["nobody_on_call"]

    def test_finds_that_mail_goes_nowhere(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        settings.IS_EMBEDDED = False
        assert codes() == ["no_mail"]
        settings.IS_EMBEDDED = True
        assert codes() == []


class TestRecord:
    found = [Found(FindingCode.DEAD_LETTERS, "page.send", 2), Found(FindingCode.SILENT_PROCESS, "beat")]

    def test_tells_the_on_call_once_of_all_that_is_new(self, mailoutbox: list[Any]) -> None:
        on_call("kai")
        for minute in range(3):
            record(self.found, at=NOON + minutes(minute))
        assert send_pages() == 1
        [mail] = mailoutbox
        assert mail.to == ["kai@earshot.example"]
        assert "2 findings" in mail.subject
        assert "(beat)" in mail.body
        assert Page.objects.count() == 1

    def test_tells_of_another_finding_anew(self) -> None:
        on_call("kai")
        record(self.found, at=NOON)
        record([*self.found, Found(FindingCode.NO_MAIL)], at=NOON + minutes(1))
        assert PageDelivery.objects.count() == 2

    def test_closes_what_is_right_again(self) -> None:
        record(self.found, at=NOON)
        record([], at=NOON + minutes(1))
        assert list(AuditFinding.objects.values_list("closed_at", flat=True)) == [NOON + minutes(1)] * 2

    def test_wakes_nobody_again_for_what_flickers(self) -> None:
        on_call("kai")
        for minute in range(10):
            record(self.found if minute % 2 else [], at=NOON + minutes(minute))
        assert (AuditFinding.objects.count(), PageDelivery.objects.count()) == (2, 1)
        record([], at=NOON + minutes(10))
        record(self.found, at=NOON + minutes(90))
        assert (AuditFinding.objects.count(), PageDelivery.objects.count()) == (4, 2)

    def test_tells_administrators_that_nobody_is_on_call(self, mailoutbox: list[Any]) -> None:
        administrator()
        record([Found(FindingCode.NOBODY_ON_CALL)], at=NOON)
        send_pages()
        assert [mail.to for mail in mailoutbox] == [["ada@earshot.example"]]

    def test_sends_nothing_when_it_is_right_again_before_the_page_leaves(self, mailoutbox: list[Any]) -> None:
        on_call("kai")
        record(self.found, at=NOON)
        record([], at=NOON)
        send_pages()
        assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
class TestTwoAuditors:
    def test_tell_once(self) -> None:
        on_call("kai")
        together(*[lambda: record(TestRecord.found, at=NOON)] * 3)
        assert (AuditFinding.objects.count(), PageDelivery.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
class TestAuditAndTell:
    def test_sends_its_pages_when_no_sweeper_lives(self, mailoutbox: list[Any]) -> None:
        now = timezone.now()
        on_call("kai", at=now)
        everybody_alive(now)
        Heartbeat.objects.filter(name="sweeper-page").delete()
        audit_and_tell(now)
        assert [mail.to for mail in mailoutbox] == [["kai@earshot.example"]]

    @pytest.mark.parametrize("is_well", [True, False])
    def test_is_heard_outside_while_all_is_well(self, settings: Any, is_well: bool) -> None:
        settings.EGRESS_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        if is_well:
            on_call("kai")
        everybody_alive()
        with Server() as watch:
            settings.HEARTBEAT_URL = f"{watch.url}/ping"
            audit_and_tell(NOON)
        assert [path for _method, path, *_rest in watch.asked] == (["/ping"] if is_well else [])

    def test_survives_an_outside_watch_that_is_gone(self, settings: Any) -> None:
        on_call("kai")
        everybody_alive()
        settings.HEARTBEAT_URL = "http://10.0.0.1/ping"
        audit_and_tell(NOON)


@pytest.mark.usefixtures("well")
class TestHealth:
    def test_is_good_when_the_auditor_found_nothing(self) -> None:
        beat("auditor", at=NOON)
        audit(NOON)
        assert health(NOON).is_good

    def test_is_bad_while_something_is_found(self) -> None:
        beat("auditor", at=NOON)
        record([Found(FindingCode.NO_MAIL)], at=NOON)
        assert not health(NOON).is_good

    def test_is_bad_when_the_auditor_is_silent(self) -> None:
        assert not health(NOON).is_good
        beat("auditor", at=NOON)
        assert not health(NOON + minutes(2)).is_good


class TestAddress:
    def test_tells_whoever_may_read_figures_what_is_wrong(self, client: Any, settings: Any) -> None:
        settings.METRICS_TOKEN = "token-of-the-watch"
        beat("auditor", at=timezone.now())
        record([Found(FindingCode.DEAD_LETTERS, "page.send", 3)], at=NOON)
        answer = client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "red"})
        answer = client.get("/health", headers={"Authorization": "Bearer token-of-the-watch"})
        [finding] = answer.json()["findings"]
        assert (finding["code"], finding["key"], finding["count"]) == ("dead_letters", "page.send", 3)

    def test_is_green_when_all_is_well(self, client: Any) -> None:
        beat("auditor", at=timezone.now())
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "green")


class TestCommand:
    def test_prints_what_it_finds_and_exits_with_1(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            call_command("audit")
        assert ended.value.code == 1
        assert "nobody_on_call: Nobody is on call" in capsys.readouterr().out

    def test_says_that_nothing_is_wrong(self, capsys: pytest.CaptureFixture[str]) -> None:
        now = timezone.now()
        on_call("kai", at=now)
        everybody_alive(now)
        call_command("audit")
        assert capsys.readouterr().out == "Nothing is wrong.\n"


@pytest.mark.django_db(transaction=True)
class TestLoops:
    def test_say_that_they_live_by_the_names_the_auditor_looks_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names: list[str] = []
        monkeypatch.setattr(crisis_loops, "repeat", lambda turn, *, name, **_: names.append(name))
        crisis_loops.deadlines_until(threading.Event())
        assert {"escalation", "overdue", "snoozed", "quiet"} == set(names) <= set(ALIVE)

    def test_page_whoever_is_on_call_within_a_second(
        self, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The real loop in a real thread, on the database's clock."""
        now = timezone.now()
        on_call("kai", at=now)
        place = urgent(at=now)
        stop = threading.Event()
        thread = threading.Thread(target=crisis_loops.deadlines_until, args=(stop,))
        monkeypatch.setattr(loops, "SECONDS_AFTER_FAILURE", 0.01)
        thread.start()
        deadline = timezone.now() + timedelta(seconds=10)
        while timezone.now() < deadline and not PageDelivery.objects.exists():
            stop.wait(0.02)
        stop.set()
        thread.join(10)
        place.refresh_from_db()
        assert place.step == 1
        assert PageDelivery.objects.get().user.username == "kai"
