"""Kill everything at random while people write, and count what is lost or doubled.

Sizes: ``pytest tests/chaos --submissions 6000 --kills 48 --seed 7``.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.chaos.killing import kill_one
from tests.chaos.ledger import count, open_rows, percentile
from tests.chaos.visitors import Acknowledged, submit_all
from tests.installation import Installation

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1500)]

VISITORS = 4
SECONDS_BETWEEN_KILLS = (2.0, 6.0)
SECONDS_TO_DRAIN = 400


@pytest.fixture
def installation() -> Iterator[Installation]:
    installation = Installation()
    try:
        yield installation.open()
    finally:
        installation.close()


def test_nothing_is_lost_or_doubled(installation: Installation, request: pytest.FixtureRequest) -> None:
    submissions = request.config.getoption("submissions")
    kills = request.config.getoption("kills")
    dice = random.Random(request.config.getoption("seed"))
    token, killed = installation.issue_token(), Counter[str]()
    acknowledged, failures = Acknowledged(), []
    pause = kills * sum(SECONDS_BETWEEN_KILLS) / 2 * VISITORS / submissions

    def visit(visitor: int) -> None:
        try:
            numbers = list(range(visitor, submissions, VISITORS))
            submit_all(
                "127.0.0.1", installation.port, token, numbers, acknowledged, seed=visitor, pause=pause * 0.8
            )
        except AssertionError as failure:
            failures.append(str(failure))

    visitors = [threading.Thread(target=visit, args=(visitor,)) for visitor in range(VISITORS)]
    for thread in visitors:
        thread.start()
    for _ in range(kills):
        time.sleep(dice.uniform(*SECONDS_BETWEEN_KILLS))
        killed[kill_one(installation, dice)] += 1
        time.sleep(dice.uniform(0, 1))
        installation.revive()
    for thread in visitors:
        thread.join()
    deadline = time.monotonic() + SECONDS_TO_DRAIN
    while open_rows(installation.servers.database_url) and time.monotonic() < deadline:
        time.sleep(0.5)

    result = count(installation.servers.database_url, set(acknowledged.numbers))
    seconds = result.urgent_seconds
    print(  # noqa: T201 - the figures are what this is run for
        f"\n{len(acknowledged.numbers)} acknowledged in {acknowledged.tries} tries under {killed.total()}"
        f" kills {dict(killed)}: lost {len(result.lost)}, doubled {len(result.doubled)};"
        f" urgent in the crisis queue after p50 {percentile(seconds, 0.5):.2f} s,"
        f" p99 {percentile(seconds, 0.99):.2f} s, max {max(seconds):.2f} s; done by {result.done_by}"
    )
    assert failures == []
    assert acknowledged.contradictions == []
    assert len(acknowledged.numbers) == submissions
    assert result.lost == result.doubled == []
    assert result.messages == submissions
    assert result.without_ticket == []
    assert result.urgent_without_place == result.urgent_doubled == []
    assert open_rows(installation.servers.database_url) == 0
