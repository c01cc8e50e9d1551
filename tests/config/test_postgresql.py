from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DataError, transaction
from django.db import connection as of_the_test

from config.postgresql.base import DatabaseWrapper, is_alive

pytestmark = pytest.mark.django_db

Connection = psycopg.Connection[Any]


@pytest.fixture
def pooled() -> Iterator[DatabaseWrapper]:
    """What web processes have: connections from a pool, here a pool of one."""
    settings: dict[str, Any] = of_the_test.settings_dict
    options = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
    wrapper = DatabaseWrapper({**settings, "OPTIONS": options}, alias="pooled")
    yield wrapper
    wrapper.close_pool()


def taken_from(wrapper: DatabaseWrapper) -> Connection:
    taken: Connection = wrapper.get_new_connection(wrapper.get_connection_params())
    return taken


def process_after(connection: Connection, pooled: DatabaseWrapper, *, is_ended: bool) -> int:
    """Return the process behind the connection that is handed out after ``connection`` came back."""
    pooled.pool.putconn(connection)
    if is_ended:
        with of_the_test.cursor() as cursor:
            # Waits for its end, a second at most.
            cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [connection.info.backend_pid])
    following = taken_from(pooled)
    following.execute("SELECT 1")
    pooled.pool.putconn(following)
    return following.info.backend_pid


class TestPool:
    def test_hands_out_the_connection_that_came_back(self, pooled: DatabaseWrapper) -> None:
        first = taken_from(pooled)
        assert process_after(first, pooled, is_ended=False) == first.info.backend_pid

    def test_replaces_a_connection_whose_server_is_gone(self, pooled: DatabaseWrapper) -> None:
        first = taken_from(pooled)
        process = first.info.backend_pid
        assert process_after(first, pooled, is_ended=True) != process


class TestIsAlive:
    def test_asks_one_that_was_told_something(self, pooled: DatabaseWrapper) -> None:
        listening = taken_from(pooled)
        listening.execute("LISTEN something")
        with psycopg.connect(**of_the_test.get_connection_params(), autocommit=True) as other:
            other.execute("NOTIFY something")
        assert is_alive(listening)
        pooled.pool.putconn(listening)

    def test_knows_one_that_was_closed_here(self, pooled: DatabaseWrapper) -> None:
        closed = taken_from(pooled)
        closed.close()
        assert not is_alive(closed)
        pooled.pool.putconn(closed)


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
