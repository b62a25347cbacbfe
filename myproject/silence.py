"""How long a connection to PostgreSQL may be silent before it is given up.

A server that refuses is noticed at once, one that says nothing (a lost route, a proxy that hangs)
never: the thread that waits for it is lost. ``connect_timeout`` bounds only the connecting,
``tcp_user_timeout`` only what nobody acknowledges, and ``statement_timeout`` is the server's to
keep. This one is the client's.

A connection that nobody uses should be silent. What the server says then is goodbye: it stops, or
has closed the session. To see that takes no round trip; Django asks ``SELECT 1`` before the first
query of each request.
"""

from collections.abc import Generator
from functools import partial
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

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
        connection.is_usable = partial(is_usable, connection, driver)


def is_usable(connection: Any, driver: psycopg.Connection[Any]) -> bool:
    """Tell whether the connection is still good: after an error ask it, as Django would."""
    if connection.errors_occurred:
        return bool(type(connection).is_usable(connection))
    return is_silent(driver)


def is_silent(driver: psycopg.Connection[Any]) -> bool:
    """Tell whether the server has left an idle connection alone, and not closed it."""
    try:
        driver.pgconn.consume_input()  # its last words, if there are any
        driver.pgconn.consume_input()  # and then the end of the stream, which is an error
    except psycopg.OperationalError:
        return False
    return driver.info.transaction_status == TransactionStatus.IDLE


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
