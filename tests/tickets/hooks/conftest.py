from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from tests.webhooks import Server


@pytest.fixture
def receiver(settings: Any) -> Iterator[Server]:
    settings.EGRESS_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with Server() as server:
        yield server
