"""Load at a pace, whether or not the answers keep up with it, as visitors come.

A sender who waits for each answer slows down with the server, and at n connections can see no p99 below n
requests' time. Here each request has its moment, and its wait counts from there.
"""

from __future__ import annotations

import http.client
import queue
import threading
import time
import uuid
from urllib.parse import urlsplit

from benchmarks.wrk import BODY, Load


def paced(url: str, token: str, *, per_second: float, connections: int, seconds: int) -> Load:
    """POST ``per_second`` requests a second to ``url`` over ``connections`` kept-alive connections."""
    start = time.perf_counter() + 0.1
    moments: queue.SimpleQueue[float] = queue.SimpleQueue()
    for number in range(int(per_second * seconds)):
        moments.put(start + number / per_second)
    waits: list[float] = []
    errors: list[int] = []

    def send() -> None:
        address = urlsplit(url)
        line = http.client.HTTPConnection(address.netloc, timeout=30)
        while True:
            try:
                moment = moments.get_nowait()
            except queue.Empty:
                return
            time.sleep(max(moment - time.perf_counter(), 0))
            key = uuid.uuid4().hex
            headers = {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key,
            }
            line.request("POST", address.path, body=BODY + key + '"}', headers=headers)
            answer = line.getresponse()
            answer.read()
            waits.append((time.perf_counter() - moment) * 1000)
            if answer.status >= 400:
                errors.append(answer.status)

    threads = [threading.Thread(target=send) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits.sort()
    took = time.perf_counter() - start
    return Load(len(waits) / took, waits[len(waits) // 2], waits[len(waits) * 99 // 100], len(errors))
