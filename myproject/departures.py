"""Answer clients that have left without a traceback for each.

To send to somebody who has gone is no mistake of the application's. ASGI lets a server ignore it
or raise ``OSError``; uvicorn, on uvloop, passes on a ``RuntimeError`` of the transport that was
closed, and logs "Exception in ASGI application".
"""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.exceptions import RequestAborted

Message = dict[str, Any]
Application = Callable[[Message, Any, Any], Awaitable[None]]


class ClientGoneError(CancelledError, RequestAborted):
    """What ends the answer: Django 5.2 cleans up after the first of its bases, 6.1 the second."""


class DepartureMiddleware:
    """End a request whose answer nobody takes any more: what sends it is cancelled."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Serve one request."""
        gone = False

        async def send_or_cancel(message: Message) -> None:
            nonlocal gone
            try:
                await send(message)
            except (OSError, RuntimeError) as error:
                if isinstance(error, RuntimeError) and "closed" not in str(error):
                    raise
                gone = True
                raise ClientGoneError from error

        try:
            await self.application(scope, receive, send_or_cancel)
        except CancelledError:
            if not gone:
                raise
