from __future__ import annotations

import pytest

from feedback.channels import registry
from tests.channels import RecordingKind
from tests.people import agent
from users.accounts.models import User


@pytest.fixture
def ana() -> User:
    """Ana, agent, who works the queue of support."""
    return agent("ana", first_name="Ana")


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> RecordingKind:
    """The kind of channel that answers by mail leave by: nothing leaves, all is remembered."""
    kind = RecordingKind()
    monkeypatch.setitem(registry.KINDS, "email", kind)
    return kind
