from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.intake.models import Message
from tests.months import ADS, CRASH, REFUND, say_all
from tests.tickets.warnings.months import NIGHT, cannot_log_in


@pytest.fixture
def quiet_days() -> None:
    """Eight ordinary days: three matters, three people a day."""
    say_all([*CRASH, *REFUND, *ADS], at=NIGHT - timedelta(days=9), apart=timedelta(hours=8), who="w")


@pytest.fixture
def burst(quiet_days: None) -> list[Message]:
    """After those days, twelve people within the hour who cannot log in."""
    return cannot_log_in(12)
