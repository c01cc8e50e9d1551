"""Keeps the rows that migrations wrote (standing queues, content types ...) through every test.

Django empties all tables after a test that commits, those rows too; the next test in random order
would miss them. Copies lie in a schema of their own and go back in the same statement.
"""

from __future__ import annotations

from django.db import connection
from django.test import TransactionTestCase

SCHEMA = "standing_rows"


def keep() -> None:
    """Copy what migrations wrote, and put it back after each test that commits, instead of Django's flush."""
    filled = {}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in tables():
            cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')
            if cursor.rowcount:
                filled[table] = columns(table)
    TransactionTestCase._fixture_teardown = lambda self: put_back(filled)  # type: ignore[method-assign]


def put_back(filled: dict[str, str]) -> None:
    """Empty every table and fill those in ``filled`` (table to columns) with the copies. One round trip."""
    statements = [
        "BEGIN",
        "TRUNCATE " + ", ".join(f'public."{table}"' for table in tables()),
        # Rows refer to one another in any order.
        "SET LOCAL session_replication_role = replica",
        *(
            f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM {SCHEMA}."{table}"'
            for table, names in filled.items()
        ),
        "COMMIT",
    ]
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statements))


def tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def columns(table: str) -> str:
    """Return the columns of ``table`` that can be written, as SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
