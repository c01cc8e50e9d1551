"""Django's PostgreSQL: a kept connection is looked at before each use, and statements can be planned ahead."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper


class DatabaseWrapper(base.DatabaseWrapper):
    """What ``CONN_HEALTH_CHECKS`` asks of a kept connection costs no round trip where nothing went wrong."""

    def is_usable(self) -> bool:
        # After an error nobody knows what state the other end is in.
        return super().is_usable() if self.errors_occurred else is_alive(self.connection)

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor whose statements PostgreSQL reads and plans once for a connection, and then only carries out.

        For the few statements that come again and again with other values only. The values are bound by the server:
        what it cannot tell the type of needs a cast.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        # Django's own cursor writes the values into the statement, so that each is a new one to PostgreSQL.
        with self.wrap_database_errors:
            cursor = psycopg.Cursor(self.connection)
        prepared: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]
        return prepared


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Say whether PostgreSQL still holds the other end of an idle ``connection``.

    A server that goes closes its end, and then there is something to read where silence is due. Only
    then the connection is asked: it may have been a notice.
    """
    try:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            connection.execute("")
    except psycopg.OperationalError:
        return False
    return True
