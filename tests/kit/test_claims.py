from __future__ import annotations

import pytest

from config.kit.models import Heartbeat
from config.kit.outbox.claims import claim
from config.kit.outbox.registry import NotNow
from tests.people import NOON

pytestmark = pytest.mark.django_db


class TestClaim:
    def test_gives_it_to_who_comes_first(self) -> None:
        Heartbeat.objects.create(name="pending", host="here", at=NOON)
        seen = Heartbeat.objects.filter(name="pending")
        claim(seen, name="sending")
        with pytest.raises(NotNow):
            claim(seen, name="sending")
        assert Heartbeat.objects.get().name == "sending"
