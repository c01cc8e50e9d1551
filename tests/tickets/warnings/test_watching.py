from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from config.beat import JOBS
from config.kit.jobs import run_job
from config.kit.models import OutboxRow
from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from feedback.intake.models import Message
from tests.alarms import on_call, send_pages
from tests.people import lead
from tests.tickets.warnings.months import NIGHT
from tickets.crisis.models import PageDelivery, PageDeliveryState
from tickets.warnings.looking import look
from tickets.warnings.models import DismissalReason, EarlyWarning
from tickets.warnings.services import LOOK, dismiss, record

pytestmark = pytest.mark.django_db


def beat_once() -> None:
    (job,) = [job for job in JOBS if job.name == LOOK]
    run_job(job.name, job.slot_at(NIGHT), job.run)


class TestTheBeat:
    def test_has_a_worker_look_once_a_slot(self, burst: list[Message]) -> None:
        beat_once()
        beat_once()
        assert OutboxRow.objects.filter(kind=LOOK).count() == 1
        assert run_one(Lane.DEFAULT, at=NIGHT, by="test")
        assert EarlyWarning.objects.count() == 1

    def test_leaves_no_trail_of_old_looks(self, quiet_days: None) -> None:
        beat_once()
        OutboxRow.objects.filter(kind=LOOK).update(subject_id=1, done_at=NIGHT - timedelta(days=2))
        (job,) = [job for job in JOBS if job.name == LOOK]
        job.run(NIGHT)
        assert run_one(Lane.DEFAULT, at=NIGHT, by="test")
        assert list(OutboxRow.objects.filter(kind=LOOK).values_list("subject_id", flat=True)) == [
            int(NIGHT.timestamp())
        ]


class TestThePage:
    def test_says_what_and_how_many_and_where_and_quotes_nobody(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        (warning,) = record(look(NIGHT), at=NIGHT)
        assert send_pages(NIGHT) == 1
        (sent,) = mail.outbox
        assert "12" in sent.body
        assert f"/admin/warnings/{warning.public_id}/" in sent.body
        assert not any(message.text in sent.body for message in burst)

    def test_is_in_the_language_of_its_reader(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT, language="zh-hans")
        record(look(NIGHT), at=NIGHT)
        send_pages(NIGHT)
        assert "预警" in mail.outbox[0].subject

    def test_is_not_sent_when_somebody_decided_already(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        (warning,) = record(look(NIGHT), at=NIGHT)
        dismiss(warning, because=DismissalReason.EXPECTED, actor=lead(), at=NIGHT)
        send_pages(NIGHT)
        assert mail.outbox == []
        assert PageDelivery.objects.get().state == PageDeliveryState.SKIPPED
