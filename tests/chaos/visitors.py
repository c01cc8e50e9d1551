"""Clients that submit feedback and do not give up until they have an answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

URGENT_EVERY = 10
URGENT_TEXT = "我不想活了，今晚就结束 chaos-{number}"
ORDINARY_TEXT = "The upload stops at 99 percent every time chaos-{number}"
SECONDS_PER_SUBMISSION = 120


@dataclass
class Acknowledged:
    """What the service answered: number of the submission to the feedback's public number."""

    numbers: dict[int, str] = field(default_factory=dict)
    tries: int = 0
    contradictions: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int, answer: str) -> None:
        with self.lock:
            if self.numbers.setdefault(number, answer) != answer:
                self.contradictions.append(f"submission {number}: {self.numbers[number]} and {answer}")


def is_urgent(number: int) -> bool:
    """Whether submission ``number`` is one of the urgent tenth."""
    return number % URGENT_EVERY == 0


def submit_all(
    host: str,
    port: int,
    token: str,
    numbers: list[int],
    acknowledged: Acknowledged,
    *,
    seed: int,
    pause: float,
) -> None:
    """Submit ``numbers`` one after the other, each until acknowledged, and one in twenty once more."""
    dice = random.Random(seed)
    for number in numbers:
        _submit(host, port, token, number, acknowledged)
        if dice.random() < 0.05:
            _submit(host, port, token, number, acknowledged)
        time.sleep(dice.uniform(0, 2 * pause))


def _submit(host: str, port: int, token: str, number: int, acknowledged: Acknowledged) -> None:
    text = URGENT_TEXT if is_urgent(number) else ORDINARY_TEXT
    body = json.dumps({"text": text.format(number=number)})
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"chaos-{number}",
        "Authorization": f"Bearer {token}",
    }
    deadline = time.monotonic() + SECONDS_PER_SUBMISSION
    while time.monotonic() < deadline:
        acknowledged.tries += 1
        connection = http.client.HTTPConnection(host, port, timeout=10)
        try:
            connection.request("POST", "/api/v1/feedback", body, headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status in (200, 201):
                acknowledged.note(number, json.loads(answer)["number"])
                return
            if response.status < 500 and response.status != 429:
                raise AssertionError(f"refused with {response.status}: {answer[:500]!r}")
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            # Killed in the middle of it: this is what the key is for.
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise AssertionError(f"submission {number} was not acknowledged in {SECONDS_PER_SUBMISSION} s")
