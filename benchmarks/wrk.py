"""Load from ``wrk`` (Debian package wrk), with a body and a key of its own per request."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Each thread has its own Lua state; the seed makes keys of different runs differ.
SCRIPT = """
local number, seed = 0, "%(seed)s"
function setup(thread) thread:set("id", tostring(thread)) end
request = function()
  number = number + 1
  local key = seed .. id:gsub("%%W", "") .. number
  local headers = {["Content-Type"] = "application/json", ["Idempotency-Key"] = key%(authorization)s}
  local body = [[%(body)s]] .. key .. '"}'
  return wrk.format("POST", nil, headers, body)
end
done = function(summary, latency, requests)
  print(string.format("RESULT %%f %%f %%f %%d %%d", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.errors.status, summary.requests))
end
"""

#: What is said, up to the key that makes it another each time.
BODY = '{"text": "The video stops after ten seconds, every time. '


@dataclass(frozen=True)
class Load:
    """One run: ``per_second`` answers, their latency in milliseconds, and how many were not 2xx or 3xx."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def median(loads: Sequence[Load], figure: str) -> float:
    """Return the median of ``figure``, a field of Load, to one decimal place."""
    return round(statistics.median(getattr(load, figure) for load in loads), 1)


def post(url: str, *, connections: int, seconds: int, seed: str, token: str = "", body: str = BODY) -> Load:
    """POST to ``url`` over ``connections`` kept-alive connections for ``seconds``."""
    if shutil.which("wrk") is None:
        raise SystemExit("This benchmark needs wrk: apt-get install wrk")
    authorization = f', ["Authorization"] = "Bearer {token}"' if token else ""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        script.write_text(SCRIPT % {"seed": seed, "authorization": authorization, "body": body})
        options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script)]
        words = subprocess.run(["wrk", *options, url], check=True, capture_output=True, text=True).stdout
    found = re.search(r"RESULT ([\d.]+) ([\d.]+) ([\d.]+) (\d+) (\d+)", words)
    if found is None:
        raise SystemExit(f"wrk said nothing to count:\n{words}")
    per_second, p50, p99, errors, _total = map(float, found.groups())
    return Load(per_second, p50, p99, int(errors))
