"""Interpret the rows of a table as messages: what each column is and what its cells mean. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from feedback.analysis.topic import TOPICS
from feedback.channels.table.reading import Flaw, Line
from feedback.intake.bounds import MOST_TEXT

#: The fields a column can be mapped to, and what its cells contain.
FIELDS: Mapping[str, str] = {
    "text": "what was said",
    "subject": "a headline",
    "rating": "1 to 5: 4, 4.0, 4/5, ★★★★",
    "sent_at": "when: 2024-11-15, 2024-11-15 13:09:37, 2024/11/15, 2024年11月15日, seconds or milliseconds since 1970",
    "key": "the row's own name; without it the row's content names it",
    "email": "the sender's e-mail address",
    "account": "the sender's account name",
    "name": "the sender's name",
    "topic": f"{', '.join(TOPICS[:-1])} or {TOPICS[-1]}",
    "language": "a tag such as en or zh-Hans",
    "app_version": "the app's version",
    "platform": "iOS, Android ...",
    "device": "the device",
    "page": "where in the app",
}
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_STARS = re.compile(r"^[★⭐✩☆]+$")
_RATING = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:/\s*5|星|stars?)?$", re.IGNORECASE)
_CHINESE_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_EMAIL = re.compile(r"^[^@\s<>]{1,64}@[^@\s<>]{1,250}\.[^@\s<>.]{2,}$")
_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?秒?\s*(Z|[+-]\d{2}:?\d{2})?)?$"
)


class BadMapping(Exception):
    """The mapping cannot be used with this table; the message is fit to show."""


@dataclass(frozen=True)
class Entry:
    """One parsed row. ``sent_at`` is aware; None when the table does not say."""

    number: int
    key: str
    text: str
    sent_at: datetime | None
    rating: int | None = None
    subject: str = ""
    email: str = ""
    account: str = ""
    name: str = ""
    topic: str = ""
    language: str = ""
    app_version: str = ""
    platform: str = ""
    device: str = ""
    page: str = ""


class _Wrong(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def parse_mapping(words: str, columns: tuple[str, ...]) -> dict[str, str]:
    """Parse ``text=review,rating=stars`` into {field: column}. Raises BadMapping with the valid choices."""
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in words.split(","))):
        name, _, column = (side.strip() for side in pair.partition("="))
        if name not in FIELDS:
            raise BadMapping(f"There is no field {name!r}. Fields: {', '.join(FIELDS)}.")
        if column not in columns:
            raise BadMapping(f"The table has no column {column!r}. Columns: {', '.join(columns)}.")
        mapping[name] = column
    if not {"text", "rating"} & mapping.keys():
        raise BadMapping(
            f"Say which column holds the text: --map text=COLUMN. Columns: {', '.join(columns)}."
        )
    return mapping


def guess_mapping(columns: tuple[str, ...]) -> dict[str, str]:
    """Return the mapping of the columns that have the name of a field, ignoring case."""
    folded = {column.casefold(): column for column in columns}
    return {name: folded[name] for name in FIELDS if name in folded}


class Understanding:
    """Turn the lines of one table, in order, into entries; equal rows are numbered by earlier occurrences."""

    def __init__(
        self, mapping: Mapping[str, str], *, zone: tzinfo, now: datetime, sent_at: datetime | None = None
    ) -> None:
        """``zone`` is for times without one; ``sent_at`` (aware) is for rows without a time."""
        self._mapping = mapping
        self._zone = zone
        self._latest = now + timedelta(days=1)
        self._sent_at = sent_at
        self._seen: dict[bytes, int] = {}

    def read(self, line: Line) -> Entry | Flaw:
        """Return the entry in ``line``, or why it cannot be accepted."""
        # Counted before anything can fail, so that fixing a row does not change the keys of the others.
        key = self._key(line)
        try:
            return self._entry(line, key)
        except _Wrong as wrong:
            return Flaw(line.number, wrong.code, str(wrong))

    def _entry(self, line: Line, key: str) -> Entry:
        cells = {name: line.values.get(column, "").strip() for name, column in self._mapping.items()}
        text, rating = cells.get("text", ""), _rating(cells.get("rating", ""))
        if not text and rating is None:
            raise _Wrong("empty", "neither text nor rating")
        if len(text) > MOST_TEXT:
            raise _Wrong("too_long", f"the text has {len(text)} characters, at most {MOST_TEXT} are taken")
        if cells.get("email") and not _EMAIL.match(cells["email"]):
            raise _Wrong("invalid_email", f"{self._mapping['email']} is no e-mail address")
        topic = cells.get("topic", "").lower()
        if topic and topic not in TOPICS:
            raise _Wrong("unknown_topic", f"{topic[:40]!r}; known: {', '.join(sorted(TOPICS))}")
        plain = (
            "subject",
            "email",
            "account",
            "name",
            "language",
            *("app_version", "platform", "device", "page"),
        )
        return Entry(
            number=line.number,
            key=key,
            text=text,
            sent_at=self._time(cells.get("sent_at", "")),
            rating=rating,
            topic=topic,
            **{name: cells.get(name, "") for name in plain},
        )

    def _key(self, line: Line) -> str:
        own = line.values.get(self._mapping.get("key", ""), "").strip()
        if own:
            return f"key:{own}"[:200]
        content = json.dumps(dict(line.values), ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:16]
        count = self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"row:{digest.hex()}:{count}"

    def _time(self, cell: str) -> datetime | None:
        if not cell:
            return self._sent_at
        moment = parse_time(cell, self._zone)
        if moment is None:
            raise _Wrong("invalid_time", f"{cell[:40]!r} is no date that is understood")
        if not OLDEST < moment < self._latest:
            raise _Wrong("time_out_of_range", f"{cell[:40]!r} is before 1990 or in the future")
        return moment


def parse_time(cell: str, zone: tzinfo) -> datetime | None:
    """Return the time in ``cell`` in UTC, or None. Times without a zone are in ``zone``."""
    if re.fullmatch(r"\d{10}(\.\d+)?|\d{13}", cell):
        seconds = float(cell) / (1000 if len(cell) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    match = _DATE.match(cell.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
        if offset:
            moment = datetime.fromisoformat(f"{moment.replace(tzinfo=None).isoformat()}{offset}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rating(cell: str) -> int | None:
    if not cell:
        return None
    if _STARS.match(cell):
        value = float(len(cell.replace("☆", "").replace("✩", "")))
    elif cell[0] in _CHINESE_NUMBERS and cell[1:] in ("", "星", "颗星"):
        value = float(_CHINESE_NUMBERS[cell[0]])
    elif match := _RATING.match(cell):
        value = float(match[1])
    else:
        raise _Wrong("invalid_rating", f"{cell[:40]!r} is no rating")
    if not 1 <= value <= 5 or not value.is_integer():
        raise _Wrong("invalid_rating", f"{cell[:40]!r} is not a whole number from 1 to 5")
    return int(value)
