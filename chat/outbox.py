"""The way out to one socket: a queue with an end, for a reader who may be slow.

A server's ``send`` waits while the client does not read. Whoever sends to many must not wait for
one, and must not pile up without bound what that one does not read.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

FELL_BEHIND = 4408  # a close code
SIZE = 256  # frames; shared with the other sockets, as long as those wait for them too

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outbox:
    """Frames that wait for one socket.

    Who falls behind by more than ``size`` frames gets none of them. As soon as they read again,
    they are told so, and the socket closes with ``FELL_BEHIND``: they come back for what they
    missed. Needs a server that waits, as uvicorn and granian do; daphne's ``send`` returns at once
    and lets memory grow, until its own ping has had no answer.
    """

    def __init__(self, send: Send, size: int = SIZE) -> None:
        self.send = send
        self.queue: asyncio.Queue[tuple[int, str] | None] = asyncio.Queue(size)
        self.fell_behind = False

    def put(self, text: str, number: int = 0) -> None:
        """Add a frame; one with a number is left out for those who have seen that number."""
        if self.fell_behind:
            return
        if self.queue.full():
            self.fell_behind = True
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)
            return
        self.queue.put_nowait((number, text))

    async def write(self, first: str, seen: int) -> None:
        """Send a first frame, then the others as they come, until told to end or cancelled.

        Args:
            first: What comes before everything that has been put.
            seen: The highest number that is known to the client after that.
        """
        with suppress(OSError):  # the client has gone, which the consumer hears too
            await self.send({"type": "websocket.send", "text": first})
            while (item := await self.queue.get()) is not None:
                number, text = item
                if number == 0 or number > seen:
                    await self.send({"type": "websocket.send", "text": text})
            error = {"error": "You fell behind. Connect again for what you missed."}
            await self.send({"type": "websocket.send", "text": json.dumps(error)})
            await self.send({"type": "websocket.close", "code": FELL_BEHIND})
