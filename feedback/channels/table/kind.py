"""Tables as a kind of channel: a stored row is parsed with the mapping stored with it; nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.kit.origins import Origin
from feedback.channels.contract import NotUnderstood, Outgoing, SendResult, SendState
from feedback.channels.table.mapping import FIELDS, Entry, Understanding
from feedback.channels.table.reading import Flaw, Line
from feedback.intake.incoming import Incoming
from feedback.intake.models import Channel, ChannelKind, RawMessage
from users.profiles.models import AddressKind
from users.profiles.services import Handle

RAW_MEDIA_TYPE = "application/vnd.earshot.table-row+json"


@dataclass(frozen=True)
class Source:
    """How to parse the rows of one table; stored with each row, so that it can be parsed again.

    ``zone`` is the name of the time zone for times without one, ``sent_at`` the time for rows without one.
    ``is_trusted``: the table's addresses are known to belong to their owners and join their histories.
    """

    mapping: Mapping[str, str]
    zone: str
    sent_at: datetime
    is_trusted: bool = False

    def understanding(self, now: datetime) -> Understanding:
        return Understanding(self.mapping, zone=zone_of(self.zone), now=now, sent_at=self.sent_at)


def zone_of(name: str) -> tzinfo:
    """Return the time zone ``name``. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"There is no time zone {name!r}. Name one as in Asia/Shanghai.") from None


def incoming_of(entry: Entry, line: Line, source: Source, *, channel: Channel, origin: Origin) -> Incoming:
    """Return ``entry`` as a message on ``channel``, with the row it was read from as its raw bytes."""
    return Incoming(
        channel=channel,
        external_id=entry.key,
        text=entry.text,
        sent_at=entry.sent_at or source.sent_at,
        handle=_handle(entry, channel, is_trusted=source.is_trusted),
        subject=entry.subject,
        rating=entry.rating,
        topic_hint=entry.topic,
        language=entry.language[:10],
        app_version=entry.app_version,
        platform=entry.platform,
        device=entry.device,
        page=entry.page,
        raw=_raw(line, source),
        raw_media_type=RAW_MEDIA_TYPE,
        origin=origin,
    )


def _handle(entry: Entry, channel: Channel, *, is_trusted: bool) -> Handle | None:
    if entry.email:
        return Handle(AddressKind.EMAIL, entry.email, is_proven=is_trusted, display_name=entry.name)
    if entry.account:
        # An account name is meaningful only within its channel.
        return Handle(
            AddressKind.ACCOUNT, entry.account, channel.slug, is_proven=True, display_name=entry.name
        )
    return None


def _raw(line: Line, source: Source) -> bytes:
    kept = {
        "number": line.number,
        "row": dict(line.values),
        "map": dict(source.mapping),
        "zone": source.zone,
        "sent_at": source.sent_at.isoformat(),
        "trusted": source.is_trusted,
    }
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")


class TableKind:
    kind: str = ChannelKind.TABLE
    reaches: frozenset[str] = frozenset()

    def parse(self, raw: RawMessage) -> Incoming:
        """Parse a stored row again, with its own mapping."""
        try:
            kept = json.loads(bytes(raw.content))
            line = Line(int(kept["number"]), {str(k): str(v) for k, v in kept["row"].items()})
            source = Source(
                kept["map"], kept["zone"], datetime.fromisoformat(kept["sent_at"]), bool(kept["trusted"])
            )
            entry = source.understanding(raw.received_at).read(line)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotUnderstood(f"no stored row of a table: {type(error).__name__}") from error
        if isinstance(entry, Flaw):
            raise NotUnderstood(f"{entry.code}: {entry.detail}")
        incoming = incoming_of(entry, line, source, channel=raw.channel, origin=Origin(raw.origin))
        # Keep the id it was stored under: a row alone does not say which of several equal ones it was.
        return replace(incoming, external_id=raw.external_id, raw=raw)

    def send(self, outgoing: Outgoing) -> SendResult:
        return SendResult(SendState.REFUSED, detail="a table has no way back")

    def check_config(self, config: Mapping[str, Any]) -> list[str]:
        """Check the mapping that a channel may keep as a default; all other settings are options of the import."""
        mapping = config.get("map", {})
        if not isinstance(mapping, dict):
            return ["map must be an object: field to column"]
        return [f"map: there is no field {name!r}" for name in mapping if name not in FIELDS]


TABLE = TableKind()
