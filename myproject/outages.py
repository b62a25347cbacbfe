"""What clients see while the database or Redis is away: "try again", never a traceback.

One line in the log names the cause.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from chat.layer import LAYER_ERRORS

logger = logging.getLogger(__name__)

# Also a deadlock, a statement that took too long, a lock that was not to be had: all of them pass.
DATABASE_ERRORS = (OperationalError, InterfaceError)
RETRY_AFTER = {"Retry-After": "2"}  # seconds
TRY_AGAIN_LATER = 1013  # a WebSocket close code

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class DatabaseOutageMiddleware:
    """Answer 503 with ``Retry-After`` when a view could not reach the database."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return await self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer, if it is that; a middleware's ``__call__`` never sees a view's exception."""
        if not isinstance(error, DATABASE_ERRORS):
            return None
        logger.error("%s was not served: %s", request.path, one_line(error))
        detail = "The database cannot be reached. Try again."
        return JsonResponse({"detail": detail}, status=503, headers=RETRY_AFTER)


class WebSocketOutageMiddleware:
    """Close a socket with 1013 when it could not reach the database or the channel layer."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one socket."""
        sent: set[str] = set()

        async def remember(message: Message) -> None:
            sent.add(message["type"])
            await send(message)

        try:
            await self.application(scope, receive, remember)
        except (*DATABASE_ERRORS, *LAYER_ERRORS) as error:
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


def one_line(error: Exception) -> str:
    """Return the cause without the server's advice, which goes on for lines."""
    return f"{type(error).__name__}: {error}".splitlines()[0]
