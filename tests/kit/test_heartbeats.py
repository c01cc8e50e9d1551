from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.heartbeats import YOUNG, beat
from config.kit.models import Heartbeat
from tests.people import NOON

pytestmark = pytest.mark.django_db


class TestBeat:
    def test_writes_nothing_while_the_last_one_is_young(self) -> None:
        beat("sweeper", at=NOON)
        beat("sweeper", at=NOON + YOUNG / 2)
        assert Heartbeat.objects.get(name="sweeper").at == NOON
        beat("sweeper", at=NOON + YOUNG)
        assert Heartbeat.objects.get(name="sweeper").at == NOON + YOUNG

    def test_tells_processes_apart(self) -> None:
        beat("sweeper", at=NOON)
        beat("beat", at=NOON + timedelta(seconds=1))
        assert Heartbeat.objects.count() == 2
