"""Read the messages of a period as columns: what grouping and counting need, a hundred thousand at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import BinaryField, BooleanField, Case, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from config.kit.origins import Origin
from feedback.analysis.models import DIMENSIONS, UrgencyLane
from feedback.intake.models import Direction, Message
from feedback.themes.cluster import OTHER

NEVER_PLACED = -2
#: Flags of an assessment that only the crisis role may read.
SENSITIVE_FLAGS = ["sensitive", "minor"]
# Of longer texts only the beginning is read: the rest is a log or a contract.
_LONGEST = 2_000


@dataclass(frozen=True)
class Corpus:
    """The messages of a period, oldest first, as columns of equal length n.

    ``vectors`` (n, 512) float32 of unit length, zeros where a text had no words; ``said_at`` seconds since 1970;
    ``people`` ids of customers, merged ones as one; ``themes`` ids of current themes, -1 for none, -2 for never looked
    at; ``is_fixed`` where a person decided that; the other columns as assessed or as submitted, "" where unknown.
    """

    ids: NDArray[np.int64]
    texts: Sequence[str]
    vectors: NDArray[np.float32]
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


def said_between(start: datetime, end: datetime, origins: Sequence[str]) -> QuerySet[Message]:
    """Return what customers said in [start, end): by arrival, an import by when it was sent."""
    within = Q(received_at__gte=start, received_at__lt=end, origin__in=[*origins]) & ~Q(origin=Origin.IMPORT)
    if Origin.IMPORT in origins:
        within |= Q(sent_at__gte=start, sent_at__lt=end, origin=Origin.IMPORT)
    return Message.objects.filter(within, direction=Direction.IN)


def join(one: Corpus, other: Corpus) -> Corpus:
    """Return the messages of both, those of ``one`` first."""
    if not len(other):
        return one
    columns: dict[str, Any] = {
        name: [*column, *getattr(other, name)]
        if name == "texts"
        else np.concatenate([column, getattr(other, name)])
        for name, column in vars(one).items()
    }
    return replace(one, **columns)


class _Sent(Func):
    """The binary form of a half-precision vector: a header of four bytes, then big-endian float16."""

    function = "halfvec_send"
    output_field = BinaryField()


def read_corpus(messages: QuerySet[Message]) -> Corpus:
    """Read ``messages`` that were assessed, in order of id. One query; about 25 microseconds a message.

    The vectors are sent as bytes: as text they would be a hundred times slower to read.
    """
    place = "theme_place"
    rows = list(
        messages.filter(assessment__isnull=False)
        .annotate(
            said_at=Case(When(origin=Origin.IMPORT, then=F("sent_at")), default=F("received_at")),
            person=Coalesce("feedback__customer__merged_into_id", "feedback__customer_id"),
            sent_vector=_Sent("vector__vector"),
            current_theme=Coalesce(f"{place}__theme__merged_into_id", f"{place}__theme_id"),
            was_placed=Q(**{f"{place}__isnull": False}),
            is_fixed=Case(
                When(**{f"{place}__by": "person", "then": Value(True)}),
                default=Value(False),
                output_field=BooleanField(),
            ),
            is_urgent=~Q(assessment__lane=UrgencyLane.NONE),
            is_private=Q(assessment__flags__overlap=SENSITIVE_FLAGS),
        )
        .order_by("id")
        .values_list(
            "id",
            "text",
            "sent_vector",
            "assessment__language",
            "person",
            "said_at",
            "assessment__sentiment",
            "assessment__urgency",
            "is_urgent",
            "is_private",
            "current_theme",
            "was_placed",
            "is_fixed",
            "assessment__topic",
            "channel__kind",
            "feedback__app_version",
            "feedback__platform",
            "feedback__customer__segment",
        )
    )
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 18
    themes = np.array([OTHER if theme is None else theme for theme in columns[10]], np.int64)
    themes[~np.array(columns[11], bool)] = NEVER_PLACED
    return Corpus(
        ids=np.array(columns[0], np.int64),
        texts=[text[:_LONGEST] for text in columns[1]],
        vectors=_vectors(columns[2]),
        languages=np.array(columns[3], str),
        people=np.array(columns[4], np.int64),
        said_at=np.array([moment.timestamp() for moment in columns[5]], np.float64),
        sentiment=np.array(columns[6], np.float64),
        urgency=np.array(columns[7], np.float64),
        is_urgent=np.array(columns[8], bool),
        is_sensitive=np.array(columns[9], bool),
        themes=themes,
        is_fixed=np.array(columns[12], bool),
        topics=np.array(columns[13], str),
        channels=np.array(columns[14], str),
        versions=np.array(columns[15], str),
        platforms=np.array(columns[16], str),
        segments=np.array(columns[17], str),
    )


def _vectors(sent: Sequence[bytes | memoryview | None]) -> NDArray[np.float32]:
    vectors = np.zeros((len(sent), DIMENSIONS), np.float32)
    present = [row for row, value in enumerate(sent) if value is not None]
    if present:
        joined = b"".join(bytes(value)[4:] for value in sent if value is not None)
        vectors[present] = np.frombuffer(joined, ">f2").reshape(len(present), DIMENSIONS).astype(np.float32)
        lengths = np.linalg.norm(vectors[present], axis=1, keepdims=True)
        vectors[present] /= np.maximum(lengths, 1e-9)
    return vectors
