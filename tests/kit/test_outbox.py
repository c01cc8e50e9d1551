from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.utils import timezone

from config.kit import heartbeats
from config.kit.outbox import bells, registry, services
from config.kit.outbox.lanes import BATCHES, Lane, Priority
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.registry import Handler, NotNow
from config.kit.outbox.services import MOST_ATTEMPTS, owe, quietly, revive, run_batch, run_one, settle
from config.kit.outbox.sweeper import sweep_lane

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """A handler that records what it did and can be told to fail."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.fails = False
        self.is_busy = False

    def handler(self) -> Handler:
        return Handler(kind="test.work", lane=Lane.DEFAULT, work=self.work, effect=self.effect)

    def work(self, subject_id: int, at: Any) -> int:
        if self.is_busy:
            raise NotNow("another does")
        if self.fails:
            raise RuntimeError("customer text must not be kept")
        return subject_id

    def effect(self, subject_id: int, result: int, at: Any) -> None:
        self.done.append(result)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    monkeypatch.setattr(registry, "_handlers", {"test.work": work.handler()})
    # Without a worker nothing may ring; whether it rings is tested on its own.
    monkeypatch.setattr(bells.current_app, "send_task", lambda *args, **kwargs: None)
    return work


def run(lane: Lane = Lane.DEFAULT) -> bool:
    return run_one(lane, at=timezone.now(), by="celery")


class TestRunOne:
    def test_does_a_row_once(self, work: Work) -> None:
        owe("test.work", 7, at=timezone.now())
        assert run() is True
        assert run() is False
        assert work.done == [7]
        row = OutboxRow.objects.get()
        assert (row.done_by, row.attempts) == ("celery", 1)

    def test_takes_the_most_urgent_first(self, work: Work) -> None:
        owe("test.work", 1, at=timezone.now())
        owe("test.work", 2, at=timezone.now(), priority=Priority.URGENT)
        run()
        assert work.done == [2]

    def test_leaves_other_lanes_alone(self, work: Work) -> None:
        owe("test.work", 1, at=timezone.now())
        assert run(Lane.CRISIS) is False

    def test_waits_longer_after_a_failure_and_keeps_no_text(self, work: Work) -> None:
        work.fails = True
        owe("test.work", 1, at=timezone.now())
        run()
        row = OutboxRow.objects.get()
        assert row.done_at is None
        assert row.due_at > timezone.now()
        assert row.last_error == "RuntimeError"
        assert run() is False

    def test_gives_a_row_up_after_eight_failures(self, work: Work) -> None:
        work.fails = True
        owe("test.work", 1, at=timezone.now())
        for _ in range(MOST_ATTEMPTS):
            OutboxRow.objects.update(due_at=Now())
            assert run() is True
        assert OutboxRow.objects.get().dead_at is not None
        work.fails = False
        revive(OutboxRow.objects.get(), at=timezone.now())
        run()
        assert work.done == [1]

    def test_gives_a_row_up_that_killed_eight_workers(self, work: Work) -> None:
        """A worker that dies marks nothing; only the count made before the work stops the row."""
        owe("test.work", 1, at=timezone.now())
        for _ in range(MOST_ATTEMPTS):
            assert services._claim(Lane.DEFAULT, most=1, only=None)
            OutboxRow.objects.update(lease_until=Now() - timedelta(seconds=1))
        assert run() is False
        assert OutboxRow.objects.get().dead_at is not None

    def test_puts_off_what_is_busy_and_spends_no_try(
        self, work: Work, caplog: pytest.LogCaptureFixture
    ) -> None:
        work.is_busy = True
        owe("test.work", 7, at=timezone.now())
        for _ in range(MOST_ATTEMPTS + 2):
            OutboxRow.objects.update(due_at=Now())
            assert run() is True
        row = OutboxRow.objects.get()
        assert (row.attempts, row.dead_at, row.lease_until, row.last_error) == (0, None, None, "")
        assert timezone.now() < row.due_at < timezone.now() + 2 * services.PUT_OFF
        assert not [record for record in caplog.records if record.levelname == "ERROR"]
        # No bell tells of it again: the sweeper must not wait half a minute for one.
        work.is_busy = False
        OutboxRow.objects.update(due_at=Now() - timedelta(seconds=2), created_at=Now() - timedelta(seconds=9))
        assert sweep_lane(Lane.DEFAULT) == 1
        assert work.done == [7]

    def test_writes_nothing_when_the_lease_was_lost(self, work: Work) -> None:
        owe("test.work", 1, at=timezone.now())
        [mine] = services._claim(Lane.DEFAULT, most=1, only=None)
        OutboxRow.objects.update(lease_until=Now() - timedelta(seconds=1))
        assert run() is True
        services._do([mine], at=timezone.now(), by="slow")
        assert work.done == [1]

    def test_is_shared_by_processes_at_once(self, work: Work) -> None:
        for number in range(20):
            owe("test.work", number, at=timezone.now())

        def drain() -> None:
            while run():
                pass
            connections.close_all()

        threads = [threading.Thread(target=drain) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(work.done) == list(range(20))


class TestRunBatch:
    def test_does_many_at_once(self, work: Work) -> None:
        for number in range(5):
            owe("test.work", number, at=timezone.now(), lane=Lane.BULK)
        assert run_batch(Lane.BULK, at=timezone.now(), by="celery") == 5
        assert sorted(work.done) == [0, 1, 2, 3, 4]


class TestOwe:
    def test_is_once_per_subject(self, work: Work) -> None:
        owe("test.work", 1, at=timezone.now())
        assert owe("test.work", 1, at=timezone.now() + timedelta(seconds=1)) is None
        assert OutboxRow.objects.count() == 1

    def test_survives_a_dead_broker(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(bells.current_app, "send_task", refuse)
        monkeypatch.setattr(bells.ringer, "silent_until", 0.0)
        owe("test.work", 1, at=timezone.now())
        assert bells.ringer.wait(10)
        assert OutboxRow.objects.get().bell_failed is True


class TestPageLane:
    """Rows that tell people of something urgent: no bell, no Celery, no waiting."""

    def test_is_never_rung(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        """A bell for a queue that Celery does not know would fail, and silence the others for seconds."""
        rung: list[str] = []
        monkeypatch.setattr(bells.current_app, "send_task", lambda *args, queue, **kwargs: rung.append(queue))
        owe("test.work", 1, at=timezone.now(), lane=Lane.PAGE)
        assert (rung, OutboxRow.objects.get().bell_failed) == ([], False)
        owe("test.work", 2, at=timezone.now())
        assert bells.ringer.wait(10)
        assert rung == ["default"]

    def test_is_done_by_the_sweeper_at_once(self, work: Work) -> None:
        owe("test.work", 1, at=timezone.now() - timedelta(milliseconds=1), lane=Lane.PAGE)
        assert sweep_lane(Lane.PAGE) == 1
        assert work.done == [1]
        assert OutboxRow.objects.get().done_by == "sweeper"

    def test_says_between_two_rows_that_it_lives(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(heartbeats, "YOUNG", timedelta(0))
        for number in (1, 2):
            owe("test.work", number, at=timezone.now() - timedelta(milliseconds=1), lane=Lane.PAGE)
        signs: list[str] = []

        def sign(name: str, *, at: datetime) -> None:
            signs.append(name)

        monkeypatch.setattr(heartbeats, "beat", sign)
        with heartbeats.pulse_of("sweeper-page"):
            assert sweep_lane(Lane.PAGE) == 2
        # The third time it finds nothing more.
        assert signs == ["sweeper-page"] * 3

    def test_waits_after_a_failure_like_any_other(self, work: Work) -> None:
        work.fails = True
        owe("test.work", 1, at=timezone.now() - timedelta(milliseconds=1), lane=Lane.PAGE)
        assert sweep_lane(Lane.PAGE) == 1
        assert sweep_lane(Lane.PAGE) == 0


class TestRunBatchWithOneEffect:
    """A kind that writes a whole batch at once."""

    @pytest.fixture
    def batches(self, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
        batches: list[list[int]] = []

        def effect_many(subject_ids: Any, results: Any, at: Any) -> None:
            batches.append(list(results))
            if 13 in subject_ids:
                raise RuntimeError("one of them cannot be written")

        def work_many(subject_ids: Any, at: Any) -> list[int]:
            if 31 in subject_ids:
                raise RuntimeError("one of them cannot be read")
            return [-one for one in subject_ids]

        handler = Handler(kind="test.work", lane=Lane.BULK, work_many=work_many, effect_many=effect_many)
        monkeypatch.setattr(registry, "_handlers", {"test.work": handler})
        return batches

    def owed(self, *subject_ids: int) -> None:
        with quietly():
            for subject_id in subject_ids:
                owe("test.work", subject_id, at=timezone.now())

    def test_writes_all_rows_together(self, batches: list[list[int]]) -> None:
        self.owed(1, 2, 3)
        assert run_batch(Lane.BULK, at=timezone.now(), by="test") == 3
        assert batches == [[-1, -2, -3]]
        assert not OutboxRow.objects.open().exists()

    def test_tries_each_alone_when_that_fails(self, batches: list[list[int]]) -> None:
        self.owed(1, 13, 3)
        run_batch(Lane.BULK, at=timezone.now(), by="test")
        assert batches[1:] == [[-1], [-13], [-3]]
        assert [row.subject_id for row in OutboxRow.objects.open()] == [13]

    def test_does_the_others_at_once_when_one_cannot_be_read(self, batches: list[list[int]]) -> None:
        self.owed(1, 31, 3)
        run_batch(Lane.BULK, at=timezone.now(), by="test")
        assert batches == [[-1], [-3]]
        assert [row.subject_id for row in OutboxRow.objects.open()] == [31]

    def test_does_alone_what_was_tried_before(self, batches: list[list[int]]) -> None:
        self.owed(1, 2, 3)
        OutboxRow.objects.filter(subject_id=1).update(attempts=1)
        assert run_batch(Lane.BULK, at=timezone.now(), by="test") == 1
        OutboxRow.objects.filter(subject_id=3).update(attempts=1)
        assert run_batch(Lane.BULK, at=timezone.now(), by="test") == 1
        assert [row.subject_id for row in OutboxRow.objects.open()] == [3]

    def test_leaves_to_others_what_they_took_meanwhile(self, batches: list[list[int]]) -> None:
        self.owed(1, 2)
        rows = services._claim(Lane.BULK, most=5, only=None)
        OutboxRow.objects.filter(subject_id=2).update(lease_token=uuid.uuid4())
        services._do(rows, at=timezone.now(), by="test")
        assert batches == [[-1]]
        assert [row.subject_id for row in OutboxRow.objects.open()] == [2]


class TestFullBatchOfTheCrisisLane:
    """A crowd waits in the lane itself: whoever writes now is heard now, and the crowd goes on."""

    MOST = BATCHES[Lane.CRISIS]

    def taken(self, work: Work) -> list[int]:
        run_batch(Lane.CRISIS, at=timezone.now(), by="test")
        return sorted(work.done)

    def owed(self, *subject_ids: int, **fields: Any) -> None:
        with quietly():
            for subject_id in subject_ids:
                owe("test.work", subject_id, at=timezone.now(), lane=Lane.CRISIS, **fields)

    def test_is_half_of_the_newest(self, work: Work) -> None:
        self.owed(*range(20))
        assert self.taken(work) == [0, 1, 2, 3, 16, 17, 18, 19]

    def test_is_half_of_what_holds_danger_words_however_many_those_are(self, work: Work) -> None:
        self.owed(*range(20))
        self.owed(*range(20, 40), priority=Priority.URGENT)
        assert self.taken(work) == [16, 17, 18, 19, 20, 21, 22, 23]

    def test_is_the_oldest_when_nothing_newer_waits(self, work: Work) -> None:
        self.owed(*range(self.MOST))
        assert self.taken(work) == list(range(self.MOST))


class TestQuietly:
    def test_rings_no_bell_within_and_one_after(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        rung: list[Any] = []
        monkeypatch.setattr(bells.current_app, "send_task", lambda *args, **kwargs: rung.append(args))
        with quietly():
            owe("test.work", 1, at=timezone.now())
        assert not rung
        owe("test.work", 2, at=timezone.now())
        assert bells.ringer.wait(10)
        assert len(rung) == 1


class TestSettle:
    def test_marks_what_the_caller_did_itself_and_nothing_that_is_claimed(self, work: Work) -> None:
        with quietly():
            owe("test.work", 1, at=timezone.now())
            owe("test.work", 2, at=timezone.now())
        OutboxRow.objects.filter(subject_id=2).update(lease_token=uuid.uuid4())
        assert settle("test.work", [1, 2], by="demo") == 1
        assert [row.subject_id for row in OutboxRow.objects.open()] == [2]
