"""The backend itself; Django looks for `DatabaseWrapper` in a module of this name."""

from typing import Any

import psycopg
from django.contrib.gis.db.backends.postgis import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, but for what died with the server.

    The pool's own check waits a second and more after each dead connection that it meets, so that a reader who meets three
    gets none in time. Here each goes back, to be replaced, and the next one is looked at.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or _is_alive(connection):
                return connection
            self.pool.putconn(connection)  # which throws away what is broken


def _is_alive(connection: "psycopg.Connection[Any]") -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        return False
    return True
