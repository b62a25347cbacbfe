"""A thread for each request that needs one, from a few that stay.

Django runs what is sync in a request (the ORM, signals, sync views) in a thread made for that
request. A database connection belongs to its thread, so each request also opens one, and
``CONN_MAX_AGE`` above 0 leaves it behind. With a few threads that stay there are a few connections
that stay, and nothing to leak.
"""

import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from myproject.threads import PATIENCE, Lease, Threads

logger = logging.getLogger(__name__)

BUSY = b'{"detail": "The server is busy. Try again."}'

Message = dict[str, Any]
Application = Callable[[Message, Any, Any], Awaitable[None]]


class PersistentThreads:
    """Serve an HTTP application, and lend each request a thread for itself.

    A request is lent one at its first sync call and keeps it until it ends. So thread-locals, an
    open transaction and ``set_autocommit`` are its own, as they are in Django. (What it leaves in
    a thread-local, a later request finds, as under WSGI.)

    A stream may last for hours, so it gives its thread back with each part that it sends, and is
    lent another when it next needs one; an open transaction, or rows that are half read, it keeps.

    The bound has a price. A request that has used the database and now awaits something slow keeps
    its thread: with ``most`` of them there is none for others, who get 503 when they have waited
    for ``PATIENCE``. Await first and query afterwards, or allow more: each thread is a database
    connection, once it has been needed.

    Args:
        application: Django's ASGI application.
        few: How many threads stay.
        most: How many there are at most, while requests wait.
        reserved: Paths with a thread of their own, each: nothing else holds them up, and they hold
            up nothing else.
    """

    def __init__(
        self, application: Application, few: int, most: int, reserved: Iterable[str] = ()
    ) -> None:
        self.application = application
        self.threads = Threads("http", few, most)
        self.endings = Threads("http-end", 1, 1)
        self.reserved = {path: Threads(f"http{path}", 1, 1) for path in reserved}

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Serve one request."""
        lease = Lease(self.reserved.get(scope["path"], self.threads))
        started = ended = False

        async def note_and_send(message: Message) -> None:
            nonlocal started, ended
            started = True
            if message.get("more_body"):
                lease.rest()  # before the client has read it, who may be slow
            await send(message)
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            if ended:
                # Closing the response is left: no reason to wait, nor for a thread of its own.
                lease.part(self.endings)

        try:
            # asgiref's context decides where `sync_to_async` runs; Django's own, inside, gives way.
            async with ThreadSensitiveContext(executor=lease):
                await self.application(scope, receive, note_and_send)
        except CancelledError:
            # For the view it was as if the client had left.
            if not lease.refused:
                raise
            if ended:
                return
            logger.error("%s was not served: no free thread in %g s", scope["path"], PATIENCE)
            if started:  # the server has to break it off, or it would look complete
                raise
            headers = [(b"content-type", b"application/json"), (b"retry-after", b"2")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": BUSY})
        finally:
            lease.end()

    def close(self) -> None:
        """End the threads, and with them their connections; wait a second for them."""
        groups = [self.threads, self.endings, *self.reserved.values()]
        until = monotonic() + 1
        for thread in [thread for threads in groups for thread in threads.close()]:
            thread.join(timeout=max(0, until - monotonic()))


def keep_house_once() -> None:
    """Look after connections when a request finishes, and not, as Django does, also at its start.

    Each time is a hop to a thread. The second looks whether a connection has broken or grown too
    old, and has its health checked before the next request's first query, which is all the first
    would do. (The first also empties the log of queries, which is kept in debug mode only.)
    """
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
