"""Count the rows of many querysets in one query, each up to a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, most: int) -> dict[str, int]:
    """Return the number of rows of each queryset by name; ``most`` means that many or more. One query.

    Each count stops at ``most`` rows, which bounds its cost however large the table grows.
    """
    counts = dict.fromkeys(querysets, 0)
    parts, parameters = [], []
    for name, queryset in querysets.items():
        try:
            sql, values = queryset.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s, count(*) FROM ({sql}) AS counted")
        parameters += [name, *values]
    if parts:
        # Raw SQL because the ORM cannot count the parts of a union separately. Names are parameters.
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            counts.update(cursor.fetchall())
    return counts
