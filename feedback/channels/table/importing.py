"""Import a table through ``receive()`` in batches: a kill costs at most one batch, and repeating is harmless."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import DataError, transaction

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.outbox.services import quietly
from feedback.channels.table.kind import Source, incoming_of
from feedback.channels.table.mapping import Entry
from feedback.channels.table.reading import Flaw, Line
from feedback.intake.models import Channel, Message
from feedback.intake.services import receive

BATCH = 200


@dataclass(frozen=True)
class Batch:
    """The result of one batch; ``rows`` counts all rows read up to and including it."""

    rows: int
    new: int
    known: int
    flaws: tuple[Flaw, ...]


def import_rows(
    rows: Iterable[Line | Flaw],
    source: Source,
    *,
    channel: Channel,
    origin: Origin,
    at: datetime,
    after: int = 0,
) -> Iterator[Batch]:
    """Receive ``rows`` on ``channel``, each batch in one transaction that is committed before it is yielded.

    A row that already exists (same channel, same key) is counted as known, so any import can be stopped and
    run again. The first ``after`` rows are skipped, for callers who kept count. Bad rows are returned as flaws.
    The outbox rows of imports ring no bell, see ``config.kit.outbox.services.quietly``.
    """
    understanding = source.understanding(at)
    count = 0
    for some in _batches(rows):
        # Skipped rows are still read: the keys of equal rows depend on how often they occurred before.
        read = [(row, row if isinstance(row, Flaw) else understanding.read(row)) for row in some]
        fresh = read[max(after - count, 0) :]
        count += len(read)
        if fresh:
            yield _receive(fresh, source, channel=channel, origin=origin, at=at, count=count)


def check_rows(rows: Iterable[Line | Flaw], source: Source, *, at: datetime) -> Iterator[Batch]:
    """Yield the batches ``import_rows`` would, without writing anything: each good row counts as new."""
    understanding = source.understanding(at)
    count = 0
    for some in _batches(rows):
        count += len(some)
        read = [row if isinstance(row, Flaw) else understanding.read(row) for row in some]
        flaws = tuple(entry for entry in read if isinstance(entry, Flaw))
        yield Batch(count, len(some) - len(flaws), 0, flaws)


def _batches(rows: Iterable[Line | Flaw]) -> Iterator[list[Line | Flaw]]:
    rest = iter(rows)
    while some := list(islice(rest, BATCH)):
        yield some


def _receive(
    read: Sequence[tuple[Line | Flaw, Entry | Flaw]],
    source: Source,
    *,
    channel: Channel,
    origin: Origin,
    at: datetime,
    count: int,
) -> Batch:
    keys = [entry.key for _, entry in read if isinstance(entry, Entry)]
    here = set(
        Message.objects.filter(channel=channel, external_id__in=keys).values_list("external_id", flat=True)
    )
    new, known, flaws = 0, 0, []
    # The work of an import is done in bulk by the importer; live rows must ring the bell.
    with transaction.atomic(), quietly() if origin == Origin.IMPORT else nullcontext():
        for line, entry in read:
            if isinstance(entry, Flaw):
                flaws.append(entry)
                continue
            if isinstance(line, Flaw):
                flaws.append(line)
                continue
            if entry.key in here:
                known += 1
                continue
            try:
                # When receive() fails, only its own writes are rolled back, not the other rows'.
                incoming = incoming_of(entry, line, source, channel=channel, origin=origin)
                receipt = receive(incoming, at=at)
            except Refused as refused:
                flaws.append(Flaw(line.number, refused.code, str(refused)))
            except DataError as error:
                flaws.append(Flaw(line.number, "not_storable", type(error).__name__))
            else:
                new += receipt.is_new
                known += not receipt.is_new
    return Batch(count, new, known, tuple(flaws))


@dataclass(frozen=True)
class Bookmark:
    """How far an import got, in a file beside its reports, so that ``--resume`` continues there."""

    path: Path

    @classmethod
    def of(cls, table: Path, source: Source, channel: Channel, *, home: Path) -> Bookmark:
        """Return the bookmark for exactly this content and this mapping."""
        digest = hashlib.sha256()
        with table.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        digest.update(json.dumps([channel.slug, sorted(source.mapping.items())]).encode())
        return cls(home / f"{digest.hexdigest()[:20]}.rows")

    def rows(self) -> int:
        """Return how many rows are done, 0 when none were recorded."""
        try:
            return int(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def move(self, rows: int) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(str(rows))
        draft.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
