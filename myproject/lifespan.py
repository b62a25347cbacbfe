"""Do something when the server starts and stops, on every server.

ASGI has a protocol for that, the lifespan; Django does not speak it ("Django can only handle
ASGI/HTTP connections, not lifespan."). This small application does, beside Django's in a router.
Daphne is a server that does not speak it either, so for daphne ``speak_for_daphne`` does.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Lifespan:
    """Enter a context when the server starts, and leave it when the server stops.

    If it cannot be entered the server does not start. A crash, or SIGKILL, leaves nothing.
    """

    def __init__(self, context: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self.context = context

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Live as long as the server; its two messages come in this order."""
        phase = "startup"
        try:
            await receive()
            async with self.context():
                await send({"type": "lifespan.startup.complete"})
                phase = "shutdown"
                await receive()
            logger.info("What was opened for this process is closed.")
        except Exception as error:
            await send({"type": f"lifespan.{phase}.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.shutdown.complete"})


def speak_for_daphne(application: Application, reactor: Any) -> None:
    """Tell an application when Twisted's reactor starts and stops, as other servers would.

    Only daphne runs the reactor, so on other servers nothing comes of this.
    """
    to_application: asyncio.Queue[Message] = asyncio.Queue()

    async def send(message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            reactor.stop()

    def start() -> None:
        to_application.put_nowait({"type": "lifespan.startup"})
        life = asyncio.ensure_future(application({"type": "lifespan"}, to_application.get, send))
        reactor.addSystemEventTrigger("before", "shutdown", stop, life)

    def stop(life: asyncio.Future[None]) -> Any:
        from twisted.internet.defer import Deferred

        to_application.put_nowait({"type": "lifespan.shutdown"})
        return Deferred.fromFuture(life)

    # Not before its loop runs.
    reactor.callWhenRunning(reactor.callLater, 0, start)
