"""Django's PostgreSQL backend with a cheaper health check of persistent connections and with prepared statements."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose ``CONN_HEALTH_CHECKS`` cost no round trip as long as nothing went wrong."""

    def is_usable(self) -> bool:
        # After an error the state of the other end is unknown.
        return super().is_usable() if self.errors_occurred else is_alive(self.connection)

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor whose statements PostgreSQL parses and plans once per connection, then only executes.

        For the few statements that are repeated with different values only. The server binds the values: one whose
        type it cannot infer needs a cast.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        # Django's own cursor interpolates the values, so that each statement is a new one to PostgreSQL.
        with self.wrap_database_errors:
            cursor = psycopg.Cursor(self.connection)
        prepared: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]
        return prepared


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Return whether PostgreSQL still holds the other end of an idle ``connection``.

    When a server closes its end, an idle socket becomes readable. Only then is a statement sent, as it may
    have been just a notice.
    """
    try:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            connection.execute("")
    except psycopg.OperationalError:
        return False
    return True
