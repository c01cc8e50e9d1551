"""Rate limits, counted in Redis; while it is away every call is allowed."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from config.kit.counters import Counter

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_RATE = re.compile(r"(\d+)/(second|minute|hour|day)")


class WrongRate(ValueError):
    """A rate is not written like ``30/minute``."""


@dataclass(frozen=True)
class Rate:
    """At most ``most`` within each window of ``seconds``."""

    most: int
    seconds: int


@lru_cache(maxsize=200)
def rates(text: str) -> tuple[Rate, ...]:
    """Return the rates in a text such as ``30/minute 300/hour``; none for an empty text. Raises WrongRate."""
    found = [_RATE.fullmatch(word) for word in text.split()]
    if not all(found):
        raise WrongRate(f"{text!r} is not written like 30/minute 300/hour")
    return tuple(Rate(int(match[1]), _SECONDS[match[2]]) for match in found if match)


def wait_of(callers: Mapping[str, str], *, now: float | None = None) -> float | None:
    """Count one call for each of ``callers``; return how many seconds to wait, None when the call is allowed now.

    ``callers`` maps a caller (``address:192.0.2.1``) to a name in settings.LIMITS, the nearest first. Once one
    is over its limit the farther ones are not counted, so that a flood does not use up its neighbours' limit.
    One round trip.
    """
    now = time.time() if now is None else now
    groups = [[_counter(who, limit, rate, now) for rate in rates_of(limit)] for who, limit in callers.items()]
    counters = [counter for group in groups for counter in group]
    if not counters:
        return None
    counts = cache.count_up(groups)  # type: ignore[attr-defined]
    # Counters that were not counted are missing at the end.
    reached = zip(counters, counts, strict=False)
    waits = [counter.seconds - now % counter.seconds for counter, count in reached if count > counter.most]
    return max(waits, default=None)


def rates_of(limit: str) -> tuple[Rate, ...]:
    """Return the rates of ``limit`` in settings.LIMITS; none for an unknown name."""
    return rates(settings.LIMITS.get(limit, ""))


def _counter(who: str, limit: str, rate: Rate, now: float) -> Counter:
    window = int(now // rate.seconds)
    return Counter(f"limit:{limit}:{who}:{rate.seconds}:{window}", rate.seconds, rate.most)


def places_of(request: HttpRequest) -> tuple[str, str]:
    """Return the caller's address and its /24 network or, for IPv6, the /64 and /48 that one subscriber gets."""
    return _places(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=1000)
def _places(text: str) -> tuple[str, str]:
    try:
        address: Any = ipaddress.ip_address(text)
    except ValueError:
        return "address:unknown", "network:unknown"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    near, far = (32, 24) if address.version == 4 else (64, 48)
    return tuple(  # type: ignore[return-value]
        f"{name}:{ipaddress.ip_network((address, bits), strict=False)}"
        for name, bits in (("address", near), ("network", far))
    )
