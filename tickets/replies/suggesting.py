"""Suggest canned replies for a customer's message, by meaning."""

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

#: The lowest cosine similarity: an answer is worded unlike its question, so it is never as near as two articles.
FITS_FROM = 0.42


def index_canned_replies(at: datetime) -> int:
    """Queue vectors for at most 200 wordings that have none; return how many. The beat calls it."""
    left = list(CannedReplyText.objects.filter(passages=None).select_related("reply")[:200])
    for text in left:
        index_canned_reply(text, at=at)
    return len(left)


def index_canned_reply(text: CannedReplyText, *, at: datetime) -> None:
    """Split ``text`` into passages and queue their vectors; it is suggested once a worker has computed them."""
    text.passages.set(keep_passages(passages_of(text.reply.name, body=text.text), at=at))


def fitting(vector: NDArray[np.float32], *, most: int) -> list[int]:
    """Return the ids of at most ``most`` active canned replies nearest to the unit ``vector``, in order. One query."""
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
