"""Threads that stay, for the sync parts of async requests.

Django runs what is sync in a request (the ORM, signals, sync views) in a thread made for that
request. A database connection belongs to its thread, so each request also opens one, and
``CONN_MAX_AGE`` above 0 leaves it behind. With a few threads that stay there are a few connections
that stay, and nothing to leak.
"""

from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class PersistentThreads:
    """Serve an HTTP application on a ring of threads.

    Each request gets the next one, so a slow query holds up only its own thread's share.

    Args:
        application: Django's ASGI application.
        threads: How many; also how many database connections the process holds at most.
        reserved: Paths with a thread of their own, which no slow query holds up.
    """

    def __init__(
        self, application: Application, threads: int, reserved: Iterable[str] = ()
    ) -> None:
        self.application = application
        self.ring = cycle([one_thread(f"http-{number}") for number in range(threads)])
        self.reserved = {path: one_thread(f"http{path}") for path in reserved}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        executor = self.reserved.get(scope["path"]) or next(self.ring)
        # asgiref's context decides where `sync_to_async` runs; Django's own, inside, gives way.
        async with ThreadSensitiveContext(executor=executor):
            await self.application(scope, receive, send)


def keep_house_once() -> None:
    """Look after connections when a request finishes, and not, as Django does, also at its start.

    Each time is a hop to a thread. The second looks whether a connection has broken or grown too
    old, and has its health checked before the next request's first query, which is all the first
    would do. (The first also empties the log of queries, which is kept in debug mode only.)
    """
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)


def one_thread(name: str) -> ThreadPoolExecutor:
    """Return an executor that does one thing at a time, always in the same thread."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
