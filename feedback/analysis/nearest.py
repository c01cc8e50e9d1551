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

#: An index scan keeps 40 rows in sight unless told, and erased ones count until they are vacuumed; from pgvector 0.8
#: on it can go on until it has found enough that live.
_SETTINGS = """
SELECT set_config(name, value, true)
FROM pg_extension,
     (VALUES ('hnsw.ef_search', %s, '{0,7}'::int[]), ('hnsw.iterative_scan', 'relaxed_order', '{0,8}'))
     AS setting (name, value, since)
WHERE extname = 'vector' AND string_to_array(extversion, '.')::int[] >= since
"""


@dataclass(frozen=True)
class Near:
    """A message, and the cosine of its vector with the one asked for: -1..1."""

    message_id: int
    cosine: float


@transaction.atomic
def nearest(vector: NDArray[np.float32], *, least: float, most: int = MOST_CANDIDATES) -> list[Near]:
    """Return at most ``most`` messages with a cosine of ``least`` or more with unit ``vector`` (512,), nearest first.

    Candidates are found by the signs of their numbers, through an index, and ranked by the numbers. An index that
    gives too few has few rows, or cannot be walked past many erased ones: then all are compared. Two or three queries.
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
