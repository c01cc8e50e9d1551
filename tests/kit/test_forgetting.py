from datetime import UTC, datetime, timedelta

import pytest

from config.kit import forgetting
from config.kit.forgetting import KEPT_FOR, forget_done_work, forget_old_runs
from config.kit.models import JobRun, OutboxRow
from config.kit.outbox.lanes import Lane

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
OLD = NOW - KEPT_FOR - timedelta(minutes=1)


def work(subject_id: int, **fields) -> OutboxRow:
    return OutboxRow.objects.create(
        kind="test.work", subject_id=subject_id, lane=Lane.DEFAULT, created_at=OLD, due_at=OLD, **fields
    )


class TestForgetDoneWork:
    def test_deletes_what_was_done_long_ago_and_keeps_what_somebody_still_needs(self):
        work(1, done_at=OLD)
        kept = [work(2), work(3, dead_at=OLD), work(4, done_at=NOW - KEPT_FOR + timedelta(minutes=1))]
        assert forget_done_work(NOW) == 1
        assert set(OutboxRow.objects.all()) == set(kept)

    def test_takes_the_oldest_first_where_there_are_more_than_one_night_deletes(self, monkeypatch):
        monkeypatch.setattr(forgetting, "MOST", 2)
        rows = [work(number, done_at=OLD) for number in range(3)]
        assert forget_done_work(NOW) == 2
        assert OutboxRow.objects.get() == rows[-1]
        assert forget_done_work(NOW) == 1


class TestForgetOldRuns:
    def test_deletes_old_runs_save_the_last_of_each_job(self):
        for days in range(1, 4):
            JobRun.objects.create(job="often", slot=OLD - timedelta(days=days))
        once = JobRun.objects.create(job="once", slot=OLD)
        latest = JobRun.objects.create(job="often", slot=NOW)
        assert forget_old_runs(NOW) == 3
        assert set(JobRun.objects.all()) == {once, latest}

    def test_keeps_the_last_run_however_old_it_is(self):
        last = JobRun.objects.create(job="yearly", slot=OLD - timedelta(days=300))
        JobRun.objects.create(job="yearly", slot=OLD - timedelta(days=665))
        assert forget_old_runs(NOW) == 1
        assert JobRun.objects.get() == last
