"""Django's PostgreSQL, with a pool whose connections are looked at rather than asked before each use."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Without it (``CONN_HEALTH_CHECKS``) each request would pay a round trip of its own for the check."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            # The pool replaces what comes back closed; when it cannot, it says so after its time-out.
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


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
