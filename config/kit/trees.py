"""Insert rows that refer to one another in one statement: one round trip, all or nothing.

Four ORM inserts and their savepoints cost two to three times as much as the same rows written by one
statement (docs/benchmarks.md), and intake is the one place where that decides how many can speak at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, models


@dataclass(frozen=True)
class Row:
    """``instance``, not yet saved; ``refers`` maps a column to the name of the row whose key goes there."""

    name: str
    instance: models.Model
    refers: Mapping[str, str] = field(default_factory=dict)


def insert_tree(rows: Sequence[Row]) -> None:
    """Insert ``rows``, each after those it refers to, and give every instance its key.

    Writes what ``save(force_insert=True)`` would, without signals. Raises IntegrityError and then
    nothing was written. One query.
    """
    parts, values = [], []
    for row in rows:
        insert, columns = _insert(type(row.instance), tuple(row.refers.items()))
        parts.append(f"{row.name} AS ({insert})")
        values += [
            column.get_db_prep_save(column.pre_save(row.instance, True), connection) for column in columns
        ]
    names = [row.name for row in rows]
    keys = ", ".join(f"{name}.key" for name in names)
    # Why not the ORM: it has no data-modifying WITH. Names are ours, values are parameters.
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {keys} FROM {', '.join(names)}", values)
        row_keys = dict(zip(names, cursor.fetchone(), strict=True))
    instances = {row.name: row.instance for row in rows}
    for row in rows:
        row.instance.pk = row_keys[row.name]
        row.instance._state.adding, row.instance._state.db = False, connection.alias
        for column_name, other in row.refers.items():
            setattr(row.instance, column_name, instances[other].pk)


@lru_cache(maxsize=100)
def _insert(
    model: type[models.Model], refers: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    """Return the INSERT for one row of ``model`` and the columns whose values it takes, in order."""
    quote, sources = connection.ops.quote_name, dict(refers)
    names, selected, columns = [], [], []
    for column in model._meta.concrete_fields:
        if column.primary_key:
            continue
        names.append(quote(str(column.column)))
        if column.attname in sources:
            selected.append(f"{sources[column.attname]}.key")
        else:
            # INSERT ... SELECT does not take a parameter's type from the target column as VALUES does.
            selected.append(f"%s::{column.cast_db_type(connection)}")
            columns.append(column)
    origin = f" FROM {', '.join(sorted(set(sources.values())))}" if sources else ""
    key = quote(str(model._meta.pk.column))
    insert = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) "
        f"SELECT {', '.join(selected)}{origin} RETURNING {key} AS key"
    )
    return insert, tuple(columns)
