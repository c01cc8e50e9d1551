from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DataError, ProgrammingError, transaction
from django.db import connection as of_the_test

from config.postgresql.base import DatabaseWrapper, is_alive

pytestmark = pytest.mark.django_db

Connection = psycopg.Connection[Any]


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """What a thread of a web process has: a connection that it keeps from request to request."""
    wrapper = DatabaseWrapper({**of_the_test.settings_dict, "CONN_MAX_AGE": 600}, alias=of_the_test.alias)
    yield wrapper
    wrapper.close()


def process_of(wrapper: DatabaseWrapper) -> int:
    """Return the process that answers at the other end, as a request asks: its end looks after the connection."""
    with wrapper.prepared_cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process: int = cursor.fetchone()[0]
    wrapper.close_if_unusable_or_obsolete()
    return process


def end(process: int) -> None:
    with of_the_test.cursor() as cursor:
        # Waits for its end, a second at most.
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [process])


class TestKeptConnection:
    def test_serves_the_next_request_too(self, kept: DatabaseWrapper) -> None:
        assert process_of(kept) == process_of(kept)

    def test_is_replaced_when_its_server_is_gone(self, kept: DatabaseWrapper) -> None:
        first = process_of(kept)
        end(first)
        assert process_of(kept) != first

    def test_is_replaced_under_an_ordinary_cursor_too(self, kept: DatabaseWrapper) -> None:
        end(process_of(kept))
        with kept.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)

    def test_is_asked_after_an_error(self, kept: DatabaseWrapper) -> None:
        first = process_of(kept)
        with pytest.raises(ProgrammingError), kept.cursor() as cursor:
            cursor.execute("SELECT nonsense")
        assert process_of(kept) == first
        assert not kept.errors_occurred


class TestIsAlive:
    def test_asks_one_that_was_told_something(self) -> None:
        with psycopg.connect(**of_the_test.get_connection_params(), autocommit=True) as listening:
            listening.execute("LISTEN something")
            with psycopg.connect(**of_the_test.get_connection_params(), autocommit=True) as other:
                other.execute("NOTIFY something")
            assert is_alive(listening)

    def test_knows_one_that_was_closed_here(self) -> None:
        closed: Connection = psycopg.connect(**of_the_test.get_connection_params())
        closed.close()
        assert not is_alive(closed)


class TestPreparedCursor:
    def test_has_a_statement_planned_once(self) -> None:
        wrapper: Any = of_the_test
        for number in (1, 2):
            with wrapper.prepared_cursor() as cursor:
                cursor.execute("SELECT %s::int + 41", [number])
                assert cursor.fetchone() == (41 + number,)
        with of_the_test.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%+ 41'")
            assert cursor.fetchall() == [("SELECT $1::int + 41",)]

    def test_speaks_of_errors_as_django_does(self) -> None:
        with pytest.raises(DataError), transaction.atomic(), of_the_test.prepared_cursor() as cursor:
            cursor.execute("SELECT %s::int", ["many"])

    def test_is_counted_among_the_queries(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1), of_the_test.prepared_cursor() as cursor:
            cursor.execute("SELECT 1")
