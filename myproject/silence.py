"""How long a connection to PostgreSQL may be silent before it is given up.

A server that refuses is noticed at once, one that says nothing (a lost route, a proxy that hangs)
never: the thread that waits for it is lost. ``connect_timeout`` bounds only the connecting,
``tcp_user_timeout`` only what nobody acknowledges, and ``statement_timeout`` is the server's to
keep. This one is the client's.
"""

from collections.abc import Generator
from functools import partial
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.signals import connection_created

Waiting = Generator[Any, Any, Any]


def bound_silence(seconds: float) -> None:
    """Give each connection that is made from now on that much time for an answer.

    For servers only: a migration may take longer. To have the server give up as well, and keep its
    connection, set its ``statement_timeout`` to a little less.
    """
    connection_created.connect(
        partial(bound_connection, seconds=seconds), weak=False, dispatch_uid="bound_silence"
    )


def bound_connection(connection: Any, seconds: float, **signal: Any) -> None:
    """Bound one connection, if it is one to PostgreSQL."""
    if connection.vendor == "postgresql":
        driver: psycopg.Connection[Any] = connection.connection
        wait = driver.wait

        def wait_for(statement: Waiting, *args: Any, **options: Any) -> Any:
            return wait(bounded(statement, driver, seconds), *args, **options)

        driver.wait = wait_for  # type: ignore[method-assign,assignment] # all of psycopg's waiting is done here


def bounded(statement: Waiting, driver: psycopg.Connection[Any], seconds: float) -> Waiting:
    """Pass on a statement's waiting; close the connection when nothing has come for too long."""
    heard = monotonic()
    ready = None
    while True:
        try:
            wanted = statement.send(ready)
        except StopIteration as done:
            return done.value
        ready = yield wanted  # nothing every tenth of a second, while there is silence
        if ready:
            heard = monotonic()
        elif monotonic() - heard > seconds:
            driver.close()
            raise psycopg.OperationalError(f"no answer within {seconds:g} s")
