import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from config import beat
from config.beat import Job, beat_until, every, monthly, weekly
from config.kit.models import Heartbeat, JobRun


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


class TestEvery:
    def test_cuts_time_into_equal_slots(self):
        slot_at = every(timedelta(minutes=5))
        assert slot_at(utc(2026, 11, 2, 12, 4, 59)) == utc(2026, 11, 2, 12, 0)
        assert slot_at(utc(2026, 11, 2, 12, 5)) == utc(2026, 11, 2, 12, 5)


class TestMonthly:
    """In Shanghai, eight hours before UTC."""

    slot_at = staticmethod(monthly(1, time(6, 0)))

    @pytest.mark.parametrize(
        ("moment", "slot"),
        [
            (utc(2026, 11, 2), utc(2026, 10, 31, 22)),
            (utc(2026, 10, 31, 22), utc(2026, 10, 31, 22)),
            (utc(2026, 10, 31, 21, 59), utc(2026, 9, 30, 22)),
            (utc(2027, 1, 1), utc(2026, 12, 31, 22)),
            (utc(2026, 12, 31, 21), utc(2026, 11, 30, 22)),
        ],
    )
    def test_begins_on_the_day_where_the_summary_is_read(self, moment, slot):
        assert self.slot_at(moment) == slot


class TestWeekly:
    """In Shanghai, eight hours before UTC."""

    slot_at = staticmethod(weekly(0, time(6, 30)))

    @pytest.mark.parametrize(
        ("moment", "slot"),
        [
            (utc(2026, 11, 29, 22, 30), utc(2026, 11, 29, 22, 30)),
            (utc(2026, 11, 29, 22, 29), utc(2026, 11, 22, 22, 30)),
            (utc(2026, 12, 5), utc(2026, 11, 29, 22, 30)),
        ],
    )
    def test_begins_on_the_weekday_where_the_summary_is_read(self, moment, slot):
        assert self.slot_at(moment) == slot


@pytest.mark.django_db(transaction=True)
class TestBeatUntil:
    @pytest.fixture
    def run(self, monkeypatch):
        """Run the beat with these jobs until ``enough`` says so, at most 10 s."""
        monkeypatch.setattr(beat, "TICK_SECONDS", 0.01)
        monkeypatch.setattr(beat, "PAUSE_AFTER_FAILURE", timedelta(0))

        def run(*jobs, enough):
            monkeypatch.setattr(beat, "JOBS", jobs)
            stop = threading.Event()
            threading.Timer(10, stop.set).start()

            class Stop(threading.Event):
                def wait(self, timeout=None):
                    return enough() or stop.wait(timeout)

            beat_until(Stop())
            assert not stop.is_set(), "the beat never did enough"
            stop.set()

        return run

    def test_runs_a_job_once_per_slot(self, run):
        slots, moments = [], iter(range(100))
        job = Job("count", every(timedelta(days=3650)), slots.append)
        run(job, enough=lambda: next(moments) > 5)
        assert len(slots) == 1
        assert Heartbeat.objects.filter(name="beat").exists()

    def test_leaves_a_slot_that_another_beat_took(self, run):
        slots, moments = [], iter(range(100))
        job = Job("count", every(timedelta(days=3650)), slots.append)
        JobRun.objects.create(job="count", slot=job.slot_at(datetime.now(UTC)))
        run(job, enough=lambda: next(moments) > 5)
        assert slots == []

    def test_tries_a_failed_job_again_and_keeps_the_others_running(self, run):
        tries, others = [], []

        def fail_twice(slot):
            tries.append(slot)
            if len(tries) < 3:
                raise ZeroDivisionError

        slow = every(timedelta(days=3650))
        run(
            Job("failing", slow, fail_twice),
            Job("other", slow, others.append),
            enough=lambda: len(tries) == 3,
        )
        assert len(others) == 1
        assert JobRun.objects.filter(job="failing").count() == 1
