"""Insert rows that refer to one another in one statement: one round trip, all or nothing.

Four ORM inserts and their savepoints cost two to three times as much as the same rows in one statement
(docs/benchmarks.md), and intake is the one place where that limits how many messages can be accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models


@dataclass(frozen=True)
class Row:
    """An unsaved ``instance``; ``refers`` maps a column to the name of the row whose key it takes."""

    name: str
    instance: models.Model
    refers: Mapping[str, str] = field(default_factory=dict)


def insert_tree(rows: Sequence[Row]) -> None:
    """Insert ``rows``, each listed after the rows it refers to, and set the key of every instance.

    Writes what ``save(force_insert=True)`` would, without signals. On IntegrityError nothing is written.
    One query.
    """
    inserts = [_insert(row.name, type(row.instance), tuple(row.refers.items())) for row in rows]
    values: list[Any] = []
    for row, insert in zip(rows, inserts, strict=True):
        values += insert.values(row.instance)
    parts = ", ".join([insert.sql for insert in inserts])
    keys = ", ".join([f"{row.name}.key" for row in rows])
    names = ", ".join([row.name for row in rows])
    # Raw SQL because the ORM has no data-modifying WITH. Names are ours, values are parameters. Prepared, because
    # planning it each time would cost PostgreSQL nearly as much as executing it.
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"WITH {parts} SELECT {keys} FROM {names}", values)
        found = cursor.fetchone()
    row_keys = {row.name: key for row, key in zip(rows, found, strict=True)}
    alias = connection.alias
    for row in rows:
        row.instance.pk = row_keys[row.name]
        row.instance._state.adding, row.instance._state.db = False, alias
        for column_name, other in row.refers.items():
            setattr(row.instance, column_name, row_keys[other])


#: Fields whose values PostgreSQL can read from JSON as they are; other field classes convert their own.
_PLAIN = frozenset(
    {
        models.BooleanField,
        models.CharField,
        models.DateTimeField,
        models.ForeignKey,
        models.IntegerField,
        models.PositiveBigIntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.TextField,
        models.UUIDField,
    }
)


@dataclass(frozen=True)
class _Insert:
    """One row's part of the statement; its parameters are the ``converted`` columns and one JSON object.

    Passed as separate parameters, the sixty values of a message would cost more than everything else about it.
    """

    sql: str
    #: Pairs of attribute name and column name.
    plain: tuple[tuple[str, str], ...]
    converted: tuple[models.Field[Any, Any], ...]

    def values(self, instance: models.Model) -> list[Any]:
        values = [
            column.get_db_prep_save(column.pre_save(instance, True), connection) for column in self.converted
        ]
        known = instance.__dict__
        return [*values, orjson.dumps({column: known[name] for name, column in self.plain}).decode()]


@lru_cache(maxsize=200)
def _insert(name: str, model: type[models.Model], refers: tuple[tuple[str, str], ...]) -> _Insert:
    quote, sources = connection.ops.quote_name, dict(refers)
    table = quote(model._meta.db_table)
    names, selected, plain, converted = [], [], [], []
    for column in model._meta.concrete_fields:
        if column.primary_key:
            continue
        column_name = str(column.column)
        names.append(quote(column_name))
        if column.attname in sources:
            selected.append(f"{quote(sources[column.attname])}.key")
        elif _is_plain(column):
            plain.append((column.attname, column_name))
            selected.append(f"given.{quote(column_name)}")
        else:
            converted.append(column)
            selected.append(f"%s::{column.cast_db_type(connection)}")
    # The row type of the table gives each value its type and its limits.
    origins = [f"json_populate_record(NULL::{table}, %s) AS given", *sorted(set(sources.values()))]
    key = quote(str(model._meta.pk.column))
    sql = (
        f"{name} AS (INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(selected)} "
        f"FROM {', '.join(origins)} RETURNING {key} AS key)"
    )
    return _Insert(sql, tuple(plain), tuple(converted))


def _is_plain(column: models.Field[Any, Any]) -> bool:
    writes_the_clock = getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
    return type(column) in _PLAIN and not writes_the_clock
