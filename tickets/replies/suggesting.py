"""Canned replies that fit what a customer said, by meaning."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db.models import F, Max, Value
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import CosineDistance

from feedback.analysis.encoder import ENCODER
from feedback.knowledge.passages import passages_of
from feedback.knowledge.services import keep_passages
from tickets.replies.models import CannedReplyText

#: An answer is worded unlike its question, so it is never as near as one article to another.
FITS_FROM = 0.42


def index_canned_replies(at: datetime) -> int:
    """Queue the vectors of wordings that have none, at most 200; return how many. The beat calls it."""
    left = list(CannedReplyText.objects.filter(passages=None).select_related("reply")[:200])
    for text in left:
        index_canned_reply(text, at=at)
    return len(left)


def index_canned_reply(text: CannedReplyText, *, at: datetime) -> None:
    """Split ``text`` into passages as it reads now and queue their vectors; it is suggested once a worker made them."""
    text.passages.set(keep_passages(passages_of(text.reply.name, body=text.text), at=at))


def fitting(vector: NDArray[np.float32], *, most: int) -> list[int]:
    """Return the ``most`` active canned replies (ids) nearest to the unit ``vector``, the nearest first. One query."""
    distance = CosineDistance(F("passages__vector"), HalfVector(vector.tolist()))
    near = (
        CannedReplyText.objects.filter(
            reply__is_active=True, passages__encoder=ENCODER, passages__vector__isnull=False
        )
        .order_by()
        .values("reply")
        .annotate(cosine=Max(Value(1.0) - distance))
        .filter(cosine__gte=FITS_FROM)
        .order_by("-cosine", "reply")
        .values_list("reply", flat=True)[:most]
    )
    return list(near)
