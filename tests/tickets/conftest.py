from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from feedback.channels import registry
from tests.channels import RecordingKind
from tests.people import agent
from tests.webhooks import Server
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


@pytest.fixture
def receiver(settings: Any) -> Iterator[Server]:
    """What a webhook leads to: a server on this machine, where one may go to."""
    settings.EGRESS_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with Server() as server:
        yield server
