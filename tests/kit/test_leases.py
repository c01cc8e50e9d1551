from datetime import UTC, datetime, timedelta

import pytest

from config.kit.heartbeats import pulse_of
from config.kit.models import Heartbeat
from config.kit.outbox import leases
from config.kit.outbox.lanes import Lane
from config.kit.outbox.leases import kept_lease, renew
from config.kit.outbox.models import OutboxRow

AT = datetime(2026, 11, 2, tzinfo=UTC)


def claimed(**fields):
    return OutboxRow.objects.create(
        kind="test.long", subject_id=7, lane=Lane.TEXT, created_at=AT, due_at=AT, **fields
    )


@pytest.mark.django_db
class TestRenew:
    def test_extends_a_lease_that_is_held(self):
        row = claimed(lease_until=AT)
        assert renew("test.long", 7)
        row.refresh_from_db()
        assert row.lease_until > AT + timedelta(days=1)

    def test_takes_no_lease_that_nobody_holds(self):
        claimed()
        assert not renew("test.long", 7)
        assert not renew("test.long", 8)

    def test_leaves_a_finished_row(self):
        claimed(lease_until=AT, done_at=AT)
        assert not renew("test.long", 7)


@pytest.mark.django_db(transaction=True)
class TestKeptLease:
    def test_renews_while_the_work_goes_on(self, monkeypatch):
        monkeypatch.setattr(leases, "SECONDS_BETWEEN", 0.01)
        row = claimed(lease_until=AT)
        with kept_lease("test.long", 7):
            for _ in range(200):
                row.refresh_from_db()
                if row.lease_until > AT:
                    break
        assert row.lease_until > AT

    def test_says_for_the_sweeper_that_it_is_slow_and_not_dead(self, monkeypatch):
        monkeypatch.setattr(leases, "SECONDS_BETWEEN", 0.01)
        claimed(lease_until=AT)
        with pulse_of("sweeper-text"), kept_lease("test.long", 7):
            for _ in range(200):
                if (found := Heartbeat.objects.filter(name="sweeper-text")).exists():
                    break
        assert found.exists()
