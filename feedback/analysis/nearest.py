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

#: How many candidates are selected by sign and then compared exactly: they include 99.9 % of the ten nearest.
MOST_CANDIDATES = 200

#: An index scan considers 40 rows by default, and deleted ones count until they are vacuumed; since pgvector 0.8 it
#: can continue until it has found enough live ones.
_SETTINGS = """
SELECT set_config(name, value, true)
FROM pg_extension,
     (VALUES ('hnsw.ef_search', %s, '{0,7}'::int[]), ('hnsw.iterative_scan', 'relaxed_order', '{0,8}'))
     AS setting (name, value, since)
WHERE extname = 'vector' AND string_to_array(extversion, '.')::int[] >= since
"""


@dataclass(frozen=True)
class Near:
    """A message and the cosine of its vector with the requested one, -1..1."""

    message_id: int
    cosine: float


@transaction.atomic
def nearest(vector: NDArray[np.float32], *, least: float, most: int = MOST_CANDIDATES) -> list[Near]:
    """Return at most ``most`` messages whose cosine with unit ``vector`` (512,) is at least ``least``, nearest first.

    An index finds candidates by the signs of their numbers; the numbers themselves rank them. When the index returns
    too few (the table is small, or the scan stopped among deleted rows), all are compared. Two or three queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [str(MOST_CANDIDATES)])
    distance = CosineDistance(F("vector"), HalfVector(vector.tolist()))
    signs = "".join("1" if number > 0 else "0" for number in vector.tolist())
    messages = MessageVector.objects.annotate(cosine=1 - distance).values_list(
        "message_id", "cosine", "encoder"
    )
    rows = messages.order_by(HammingDistance(SIGNS, signs))[:MOST_CANDIDATES]
    if len(rows) < MOST_CANDIDATES:
        rows = messages.order_by(distance)[:MOST_CANDIDATES]
    near = [
        Near(message_id, cosine)
        for message_id, cosine, encoder in rows
        if encoder == ENCODER and cosine >= least
    ]
    return sorted(near, key=lambda one: (-one.cosine, one.message_id))[:most]
