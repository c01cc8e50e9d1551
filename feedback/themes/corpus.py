"""Read the messages of a period as columns for grouping and counting; a million messages take 2 GB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice, repeat
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import (
    BinaryField,
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from config.kit.origins import Origin
from feedback.analysis.models import DIMENSIONS, UrgencyLane
from feedback.intake.models import Direction, Message
from feedback.themes.centres import OTHER
from feedback.themes.models import PlacedBy
from users.profiles.services import person_by

NEVER_PLACED = -2
#: Flags of an assessment that only the crisis role may read.
SENSITIVE_FLAGS = ["sensitive", "minor"]
# This many rows at a time exist as Python objects.
_ROWS_AT_ONCE = 10_000
_WEEK = timedelta(weeks=1).total_seconds()
# Only the beginning of longer texts is read: the rest is a log or a contract.
_LONGEST = 2_000


@dataclass(frozen=True)
class Corpus:
    """The messages of a period, oldest first, as columns of equal length n.

    ``vectors`` (n, 512) are float16 of unit length as stored, to be computed with in float32, and zeros for texts
    without words; ``said_at`` is in seconds since 1970; ``people`` are ids of customers, merged ones as one; ``themes``
    are ids of current themes, -1 for none, -2 for never placed; ``is_fixed`` marks messages placed by a person;
    ``threads`` are ids of feedback; the other columns are as assessed or as submitted, "" where unknown.
    """

    ids: NDArray[np.int64]
    texts: Sequence[str]
    vectors: NDArray[np.float16]
    languages: NDArray[np.str_]
    people: NDArray[np.int64]
    said_at: NDArray[np.float64]
    sentiment: NDArray[np.float64]
    urgency: NDArray[np.float64]
    is_urgent: NDArray[np.bool_]
    is_sensitive: NDArray[np.bool_]
    themes: NDArray[np.int64]
    is_fixed: NDArray[np.bool_]
    topics: NDArray[np.str_]
    channels: NDArray[np.str_]
    versions: NDArray[np.str_]
    platforms: NDArray[np.str_]
    segments: NDArray[np.str_]
    threads: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Corpus:
        """Return the given rows, numbers or a mask, as a corpus of their own."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        columns: dict[str, Any] = {
            name: [column[row] for row in rows] if name == "texts" else column[rows]
            for name, column in vars(self).items()
        }
        return replace(self, **columns)

    def strata(self) -> NDArray[np.int64]:
        """Return (n,) numbers that are equal for messages of the same channel, language and week."""
        numbers = np.zeros(len(self), np.int64)
        for column in (self.channels, self.languages, self.said_at // _WEEK):
            values, number = np.unique(column, return_inverse=True)
            numbers = numbers * len(values) + number
        return numbers


#: The source of each column of a corpus, and its type; None if it is not simply an array of the values read.
_COLUMNS: dict[str, tuple[str, type | None]] = {
    "ids": ("id", np.int64),
    "texts": ("text", None),
    "vectors": ("sent_vector", None),
    "languages": ("assessment__language", str),
    "people": ("person", np.int64),
    "said_at": ("said_at", np.float64),
    "sentiment": ("assessment__sentiment", np.float64),
    "urgency": ("assessment__urgency", np.float64),
    "is_urgent": ("is_urgent", bool),
    "is_sensitive": ("is_private", bool),
    "themes": ("current_theme", np.int64),
    "is_fixed": ("is_fixed", bool),
    "topics": ("assessment__topic", str),
    "channels": ("channel__kind", str),
    "versions": ("feedback__app_version", str),
    "platforms": ("feedback__platform", str),
    "segments": ("feedback__customer__segment", str),
    "threads": ("feedback_id", np.int64),
}


def said_between(start: datetime, end: datetime, origins: Sequence[str]) -> QuerySet[Message]:
    """Return the messages of customers in [start, end), by time of arrival, or for imports by time of sending."""
    within = Q(received_at__gte=start, received_at__lt=end, origin__in=[*origins]) & ~Q(origin=Origin.IMPORT)
    if Origin.IMPORT in origins:
        within |= Q(sent_at__gte=start, sent_at__lt=end, origin=Origin.IMPORT)
    return Message.objects.filter(within, direction=Direction.IN)


def join(first: Corpus, *others: Corpus) -> Corpus:
    """Return the messages of all corpora, in the order given."""
    parts = [first, *(other for other in others if len(other))]
    if len(parts) == 1:
        return first
    columns: dict[str, Any] = {
        name: list(chain.from_iterable(column)) if name == "texts" else np.concatenate(column)
        for name, column in ((name, [getattr(part, name) for part in parts]) for name in vars(first))
    }
    return replace(first, **columns)


class _Sent(Func):
    """The binary form of a half-precision vector: a header of four bytes, then big-endian float16."""

    function = "halfvec_send"
    output_field = BinaryField()


class _Seconds(Func):
    """A time as seconds since 1970: a number is read several times faster than a datetime."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


def read_corpus(messages: QuerySet[Message]) -> Corpus:
    """Read those of ``messages`` that were assessed, in order of id. One query; about 25 microseconds a message.

    The vectors are sent as bytes: as text they would be a hundred times slower to read. The rows are streamed, and only
    their columns are kept.
    """
    rows = (
        messages.filter(assessment__isnull=False)
        .annotate(
            said_at=_Seconds(Case(When(origin=Origin.IMPORT, then=F("sent_at")), default=F("received_at"))),
            person=person_by("feedback__customer"),
            sent_vector=_Sent("vector__vector"),
            current_theme=Case(
                When(
                    theme_place__isnull=False,
                    then=Coalesce(
                        "theme_place__theme__merged_into_id", "theme_place__theme_id", Value(OTHER)
                    ),
                ),
                default=Value(NEVER_PLACED),
            ),
            is_fixed=Case(
                When(theme_place__by=PlacedBy.PERSON, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
            is_urgent=~Q(assessment__lane=UrgencyLane.NONE),
            is_private=Q(assessment__flags__overlap=SENSITIVE_FLAGS),
        )
        .order_by("id")
        .values_list(*(read for read, _type in _COLUMNS.values()))
    )
    # Outside a transaction the server would materialise the whole result before it sends the first row.
    with transaction.atomic(savepoint=False):
        blocks = [_columns(block) for block in _blocks(rows.iterator(chunk_size=_ROWS_AT_ONCE))]
    return join(*(blocks or [_columns([])]))


def _blocks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while block := list(islice(rows, _ROWS_AT_ONCE)):
        yield block


def _columns(rows: Sequence[tuple[Any, ...]]) -> Corpus:
    values: dict[str, Any] = dict(
        zip(_COLUMNS, zip(*rows, strict=True) if rows else repeat(()), strict=False)
    )
    columns: dict[str, Any] = {
        name: np.array(values[name], kind) for name, (_read, kind) in _COLUMNS.items() if kind
    }
    texts = [text[:_LONGEST] for text in values["texts"]]
    return Corpus(texts=texts, vectors=_vectors(values["vectors"]), **columns)


def _vectors(sent: Sequence[bytes | memoryview | None]) -> NDArray[np.float16]:
    vectors = np.zeros((len(sent), DIMENSIONS), np.float16)
    present = [row for row, value in enumerate(sent) if value is not None]
    if present:
        joined = b"".join(bytes(value)[4:] for value in sent if value is not None)
        vectors[present] = np.frombuffer(joined, ">f2").reshape(len(present), DIMENSIONS)
    return vectors
