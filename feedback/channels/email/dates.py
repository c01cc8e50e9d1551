"""Parse dates in mail headers: RFC 5322, its obsolete forms, ISO, ctime and Chinese clients."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januar janv ene gen янв 一月 1月", "feb februar fév fev фев 二月 2月"),
            *("mar mär märz mars мар 三月 3月", "apr avr abr апр 四月 4月"),
            *("may mai maj мая май 五月 5月", "jun juin июн 六月 6月"),
            *("jul juil июл 七月 7月", "aug aoû ago авг 八月 8月"),
            *("sep set сен 九月 9月", "oct okt out ott окт 十月 10月"),
            *("nov ноя 十一月 11月", "dec dez déc dic дек 十二月 12月"),
        ),
        start=1,
    )
    for name in names.split()
}
# Hours east of Greenwich.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "cest": 2, "cet": 1, "bst": 1, "msk": 3,
    "eet": 2, "eest": 3, "wib": 7, "ist": 5.5, "brt": -3, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
# Chicago's or China's: only the rest of the mail can tell.
_CST = re.compile(r"\bCST\b")
CST_OF_AMERICA, CST_OF_CHINA = "-0600", "+0800"

_CLOCK = r"(\d{1,2})\s?[:.]\s?(\d{1,2})(?:\s?[:.]\s?(\d{1,2}))?(?:\.\d{1,9})?\s*([AaPp][Mm]\b)?"
_ZONE = r"\s*(?:(?:GMT|UTC)?\s*([+-]\d{1,2}(?::?\d{2})?(?!\d))|([A-Za-z]{1,5}))?"
_RFC = re.compile(rf"(\d{{1,2}})[\s\-./]+(\w{{3,9}}|\w月|\w\w月)[\s\-./,]+(\d{{2,4}})[\s,]+{_CLOCK}{_ZONE}")
_CTIME = re.compile(rf"(\w{{3,9}})\s+(\d{{1,2}}),?\s+{_CLOCK}{_ZONE}\s+(\d{{4}})(?:\s+([+-]\d{{4}}))?")
_AMERICAN = re.compile(rf"(\w{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}),?\s+(?:at\s+)?{_CLOCK}{_ZONE}")
_COMMENT = re.compile(r"\([^()]*\)")
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{4}})[,\s]+{_CLOCK}{_ZONE}")
_EPOCH = re.compile(r"\d{10}")
_ISO = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?[T\s,]*(?:\(?\w+\)?\s+)?{_CLOCK}{_ZONE}"
)


def parse_date(text: str, *, cst: str = CST_OF_AMERICA) -> datetime | None:
    """Return the time in UTC, None when ``text`` (a whole header value) has none. ``cst``: the meaning of CST."""
    text = text[:200]
    for _depth in range(3):
        text = _COMMENT.sub(" ", text)
    text = " ".join(_CST.sub(cst, text).split())
    try:
        if found := _ISO.search(text):
            year, month, day, *clock = found.groups()
            return _moment(int(year), int(month), int(day), *clock)
        if found := _RFC.search(text):
            day, name, year, *clock = found.groups()
            return _moment(_full_year(year), _month(name), int(day), *clock)
        if found := _CTIME.search(text):
            name, day, hour, minute, second, half, inner, zone, year, outer = found.groups()
            return _moment(
                int(year), _month(name), int(day), hour, minute, second, half, outer or inner, zone
            )
        if found := _AMERICAN.search(text):
            name, day, year, *clock = found.groups()
            return _moment(int(year), _month(name), int(day), *clock)
        if found := _NUMBERS.search(text):
            first, dot, second, year, *clock = found.groups()
            day, month = _day_and_month(int(first), int(second), is_dotted=dot == ".")
            return _moment(int(year), month, day, *clock)
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError):
        return None
    return None


def _day_and_month(first: int, second: int, *, is_dotted: bool) -> tuple[int, int]:
    """Return day and month. Raises ValueError when American and European order are both possible: 5/6/2026."""
    if is_dotted or first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    raise ValueError(f"{first}/{second}")


def _month(name: str) -> int:
    name = name.lower()
    number = _MONTHS.get(name) or _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])
    if number is None:
        raise ValueError(name)
    return number


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 3:
        return year
    # RFC 5322, 4.3: two digits below 50 are this century, three digits count from 1900.
    return year + (2000 if year < 50 and len(text) == 2 else 1900)


def _moment(
    year: int, month: int, day: int, hour: str, minute: str, second: str | None, half: str | None,
    offset: str | None, zone: str | None,
) -> datetime:  # fmt: skip
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    # Python has no leap seconds.
    local = datetime(
        year, month, day, hours, int(minute), min(int(second or 0), 59), tzinfo=_zone(offset, zone)
    )
    if not 1970 <= local.year <= 2200:
        raise ValueError(local)
    return local.astimezone(UTC)


def _zone(offset: str | None, name: str | None) -> timezone:
    if offset:
        digits = offset[1:].replace(":", "")
        digits = f"{digits}00" if len(digits) < 3 else digits.zfill(4)
        minutes = int(digits[:-2]) * 60 + int(digits[-2:])
        # Beyond any real time zone: treat a broken clock as UTC.
        minutes = minutes if minutes <= 14 * 60 else 0
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    return timezone(timedelta(hours=_ZONES.get((name or "").lower(), 0)))
