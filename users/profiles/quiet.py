"""The quiet hours of a customer. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(at: datetime, *, begins: time | None, ends: time | None, time_zone: str) -> datetime | None:
    """Return the end, in UTC, of the quiet hours that ``at`` (aware) is in; None outside quiet hours.

    They may span midnight. There are none when either bound is None or both are equal. ``time_zone`` is an
    IANA name.
    """
    if begins is None or ends is None or begins == ends:
        return None
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    now = local.time()
    is_quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not is_quiet:
        return None
    day = local.date() if now < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=zone).astimezone(UTC)
