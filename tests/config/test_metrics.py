from datetime import timedelta

import pytest

from config.kit.heartbeats import beat
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import database_now

pytestmark = pytest.mark.django_db


def figure(text: str, name: str) -> float:
    line = next(line for line in text.splitlines() if line.startswith(name + " "))
    return float(line.rpartition(" ")[2])


class TestMetrics:
    def test_show_what_waits_and_how_long(self, client):
        now = database_now()
        for number, age in enumerate((5, 90)):
            OutboxRow.objects.create(
                kind="test",
                subject_id=number,
                lane="crisis",
                created_at=now,
                due_at=now - timedelta(seconds=age),
            )
        OutboxRow.objects.create(
            kind="test", subject_id=7, lane="bulk", created_at=now, due_at=now, dead_at=now
        )
        beat("sweeper-crisis", at=now - timedelta(seconds=30))

        text = client.get("/metrics").text

        assert figure(text, 'earshot_outbox_waiting{lane="crisis"}') == 2
        assert figure(text, 'earshot_outbox_oldest_seconds{lane="crisis"}') >= 90
        assert figure(text, 'earshot_outbox_waiting{lane="bulk"}') == 0
        assert figure(text, 'earshot_outbox_dead{lane="bulk"}') == 1
        assert figure(text, 'earshot_heartbeat_age_seconds{name="sweeper-crisis"}') >= 30

    def test_count_requests_by_route_and_not_by_path(self, client):
        client.get("/admin/login/?next=/canary-4711")
        text = client.get("/metrics").text
        assert (
            figure(text, 'earshot_request_seconds_count{method="GET",route="admin/login/",status="200"}') >= 1
        )
        assert "canary-4711" not in text

    def test_are_for_this_machine_only(self, client):
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403

    @pytest.mark.parametrize(
        "name", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"]
    )
    def test_are_not_for_those_behind_a_proxy_on_this_machine(self, client, name):
        assert client.get("/metrics", headers={name: "192.0.2.7"}).status_code == 403

    @pytest.mark.parametrize(
        ("authorization", "status"),
        [("Bearer right", 200), ("Bearer wrong", 403), ("Bearer ü", 403), ("", 403)],
    )
    def test_ask_for_the_token_when_one_is_set(self, client, settings, authorization, status):
        settings.METRICS_TOKEN = "right"
        assert client.get("/metrics", headers={"Authorization": authorization}).status_code == status
