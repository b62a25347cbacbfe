"""What clients see while the database or Redis is away: "try again", never a traceback.

One line in the log names the cause. Only what passes by itself counts: a mistake in a query is
no better the next time, and who is told to try again tries for ever.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import exceptions as redis

logger = logging.getLogger(__name__)

# What the drivers call an outage, or the beginning of it. Their exceptions do not tell: they raise
# `OperationalError` also for mistakes, that of SQLite for a missing table and any error of syntax.
POSTGRESQL_OUTAGES = (
    "08",  # connection
    "53",  # no space, no memory, too many connections
    "57P",  # the server stops, starts, or has closed the session
    "58",  # its disk
    "40001",  # two transactions that cannot both be: the same as a deadlock
    "40P01",  # deadlock
    "55P03",  # a lock that was not to be had
    "57014",  # a statement that took too long
)
SQLITE_OUTAGES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")
CACHE_OUTAGES = (redis.ConnectionError, redis.TimeoutError)  # where attempts are counted, say
NOT_MIGRATED = ("42P01", "42703")  # no such table, no such column

RETRY_AFTER = {"Retry-After": "2"}  # seconds
TRY_AGAIN_LATER = 1013  # a WebSocket close code

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def is_outage(error: BaseException) -> bool:
    """Tell a database, or a cache, that is away, or too busy for now, from a mistake."""
    if isinstance(error, CACHE_OUTAGES):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if code := getattr(error.__cause__, "sqlite_errorname", None):
        return str(code).startswith(SQLITE_OUTAGES)
    if state := getattr(error.__cause__, "sqlstate", None):
        return str(state).startswith(POSTGRESQL_OUTAGES)
    # The server never said a word.
    return isinstance(error, OperationalError) or "connection already closed" in str(error)


def is_not_migrated(error: BaseException) -> bool:
    """Tell a table or column that is not there."""
    cause = error.__cause__
    words = ("no such table", "no such column", "has no column named")
    return isinstance(error, DatabaseError) and (
        getattr(cause, "sqlstate", None) in NOT_MIGRATED
        or any(word in str(cause) for word in words)
    )


class DatabaseOutageMiddleware:
    """Answer 503 with ``Retry-After`` when a request could not reach the database, or the cache.

    List it before all middleware that may need the database: to find out who is there, or to save
    the session when the view has done its work. (Then that is done. As after any answer that was
    lost, it is the client who knows whether it may be done twice.)
    """

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; in place of an error page, answer."""
        response = await self.get_response(request)
        if outage := vars(request).get("outage"):
            return self.try_again(request, outage)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view, before there is an error page."""
        if is_outage(error):
            return self.try_again(request, error)
        if settings.DEBUG and is_not_migrated(error):
            logger.error("%s was not served", request.path, exc_info=error)
            detail = f"{one_line(error)}. Is there a migration to run? manage.py migrate"
            return JsonResponse({"detail": detail}, status=500)
        return None

    def try_again(self, request: HttpRequest, error: BaseException) -> HttpResponse:
        """Name the cause in the log, and answer."""
        logger.error("%s was not served: %s", request.path, one_line(error))
        what = "cache" if isinstance(error, CACHE_OUTAGES) else "database"
        detail = f"The {what} cannot be reached. Try again."
        return JsonResponse({"detail": detail}, status=503, headers=RETRY_AFTER)


@receiver(got_request_exception)
def note_outage(request: HttpRequest, **signal: Any) -> None:
    """Note an outage on its request: Django makes an error page of it where it was raised."""
    error = sys.exception()
    if error and is_outage(error):
        vars(request)["outage"] = error


class WebSocketOutageMiddleware:
    """Close a socket with 1013 when it could not reach the database or the channel layer.

    The same when it has had no answer, not even a handshake, for twice ``DATABASE_SILENCE``.

    Args:
        application: What serves the sockets.
        layer_errors: What the channel layer raises when the server behind it is gone.
    """

    def __init__(
        self, application: Application, layer_errors: tuple[type[Exception], ...] = ()
    ) -> None:
        self.application = application
        self.layer_errors = layer_errors

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one socket."""
        sent: set[str] = set()
        limit = asyncio.timeout(2 * settings.DATABASE_SILENCE)

        async def remember(message: Message) -> None:
            limit.reschedule(None)
            sent.add(message["type"])
            await send(message)

        try:
            async with limit:
                await self.application(scope, receive, remember)
        except Exception as error:
            if not (is_outage(error) or isinstance(error, self.layer_errors) or limit.expired()):
                raise
            logger.error("The socket %s was closed: %s", scope["path"], one_line(error))
            # Only after the handshake can a client read a close code.
            if "websocket.accept" not in sent:
                await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})


class CauseOnly(logging.Filter):
    """In the log of a library, put the error's own line where its traceback would be."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record, and keep it."""
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            record.msg, record.args = f"{record.getMessage()}: {one_line(record.exc_info[1])}", ()
            record.exc_info = None
        return True


class NoOutages(logging.Filter):
    """In Django's log, leave out what ``DatabaseOutageMiddleware`` has a line of its own for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, unless it shows the traceback of an outage."""
        error = record.exc_info and record.exc_info[1]
        return not (error and is_outage(error))


def one_line(error: BaseException) -> str:
    """Return the cause without the server's advice, which goes on for lines."""
    return f"{type(error).__name__}: {error}".splitlines()[0]
