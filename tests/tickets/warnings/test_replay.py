from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from feedback.intake.models import Message
from tests.alarms import on_call
from tests.tickets.warnings.months import NIGHT
from tickets.crisis.models import PageDelivery
from tickets.management.commands.replay_warnings import last_moment, table
from tickets.warnings.models import EarlyWarning
from tickets.warnings.replay import replayed

pytestmark = pytest.mark.django_db


class TestReplay:
    def test_says_what_would_have_been_warned_of_and_keeps_nothing(self, burst: list[Message]) -> None:
        on_call("wen", at=NIGHT)
        looks = list(
            replayed(NIGHT - timedelta(hours=2), NIGHT + timedelta(hours=12), step=timedelta(hours=1))
        )
        (warning,) = looks[-1].warnings
        assert (warning.opened_at, warning.state) == (NIGHT, "resolved")
        assert looks[0].warnings == ()
        assert not EarlyWarning.objects.exists()
        assert not PageDelivery.objects.exists()

    def test_prints_it(self, burst: list[Message]) -> None:
        *_, last = replayed(NIGHT - timedelta(hours=1), NIGHT, step=timedelta(hours=1))
        printed = table(last.warnings)
        assert "12 people within 30 minutes" in printed or "people within" in printed
        assert printed.endswith("1 warnings.")

    def test_refuses_a_step_of_nothing(self) -> None:
        with pytest.raises(CommandError, match="at least"):
            call_command("replay_warnings", "--step", "0")

    def test_refuses_a_day_that_is_none(self) -> None:
        with pytest.raises(CommandError, match="is no day"):
            last_moment("2026-02-31")
