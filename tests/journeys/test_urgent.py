"""Someone writes that they do not want to live any more; somebody must read it, whatever is broken."""

from __future__ import annotations

from typing import Any

import pytest

from config.kit.outbox import bells
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import database_now, run_one
from config.kit.outbox.sweeper import sweep_lane
from tests.alarms import on_call
from tests.people import said
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.models import PageDelivery
from tickets.desk.crisis_places import acknowledge
from tickets.desk.models import CrisisPlace

pytestmark = pytest.mark.django_db(transaction=True)


class TestUrgentMessage:
    def test_is_in_front_of_a_human_at_once_while_redis_is_away(
        self, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(bells.current_app, "send_task", refuse)
        monkeypatch.setattr(bells.ringer, "silent_until", 0.0)
        now = database_now()
        kai = on_call("kai", at=now, language="zh-hans")
        receipt = said("我真的不想活了，药已经买好了", at=now)
        assert bells.ringer.wait(10)
        assert OutboxRow.objects.get().bell_failed

        assert run_one(Lane.CRISIS, at=database_now(), by="sweeper")
        assert take_due_steps(database_now()) == 1
        assert sweep_lane(Lane.PAGE) == 1

        [mail] = mailoutbox
        place = CrisisPlace.objects.get()
        assert mail.to == ["kai@earshot.example"]
        assert place.ticket.number in mail.body
        assert "不想活" not in mail.body + mail.subject
        assert place.ticket.feedback == receipt.feedback

        acknowledge(place, actor=kai, at=database_now())
        place.refresh_from_db()
        assert (place.acknowledged_by, place.next_step_at) == (kai, None)
        assert PageDelivery.objects.count() == 1
