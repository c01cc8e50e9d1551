"""When a person wants to be left alone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(at: datetime, *, begins: time | None, ends: time | None, time_zone: str) -> datetime | None:
    """Return when the quiet hours that ``at`` (aware) lies in end, in UTC; None outside of them.

    They may go over midnight. Both None, or the same: there are none. ``time_zone`` is an IANA name.
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
