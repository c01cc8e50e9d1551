"""Insert rows that refer to one another in one statement: one round trip, all or nothing.

Four ORM inserts and their savepoints cost two to three times as much as the same rows written by one
statement (docs/benchmarks.md), and intake is the one place where that decides how many can speak at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
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
    parts: list[str] = []
    values: list[Any] = []
    for row in rows:
        given = _values(row)
        insert = _insert(type(row.instance), tuple(row.refers.items()), _blank(given))
        parts.append(f"{row.name} AS ({insert})")
        values += [
            column.get_db_prep_save(value, connection) for column, value in given if not _is_blank(value)
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


def _values(row: Row) -> list[tuple[models.Field[Any, Any], Any]]:
    """Return the columns of ``row`` that refer to no other row, with what is to be written."""
    columns = _columns(type(row.instance))
    return [
        (column, column.pre_save(row.instance, True))
        for column in columns
        if column.attname not in row.refers
    ]


@cache
def _columns(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(column for column in model._meta.concrete_fields if not column.primary_key)


def _is_blank(value: Any) -> bool:
    """Say whether ``value`` is written into the statement itself.

    Most columns of a message are empty. As parameters they would lift the statement over the fifty that
    psycopg keeps parsed statements for.
    """
    return value is None or (isinstance(value, str) and not value)


def _blank(given: Sequence[tuple[models.Field[Any, Any], Any]]) -> tuple[tuple[str, str], ...]:
    """Return the blank columns and the literal for each."""
    return tuple(
        (column.attname, "NULL" if value is None else "''") for column, value in given if _is_blank(value)
    )


@lru_cache(maxsize=500)
def _insert(
    model: type[models.Model], refers: tuple[tuple[str, str], ...], blank: tuple[tuple[str, str], ...]
) -> str:
    """Return the INSERT for one row of ``model``; it takes the values of the columns not in ``blank``, in order."""
    quote, sources, literals = connection.ops.quote_name, dict(refers), dict(blank)
    names, selected = [], []
    for column in _columns(model):
        names.append(quote(str(column.column)))
        if column.attname in sources:
            selected.append(f"{sources[column.attname]}.key")
        else:
            # INSERT ... SELECT does not take a value's type from the target column as VALUES does.
            value = literals.get(column.attname, "%s")
            selected.append(f"{value}::{column.cast_db_type(connection)}")
    origin = f" FROM {', '.join(sorted(set(sources.values())))}" if sources else ""
    key = quote(str(model._meta.pk.column))
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) "
        f"SELECT {', '.join(selected)}{origin} RETURNING {key} AS key"
    )
