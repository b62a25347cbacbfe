"""Tell everybody who listens how many seats are left: server-sent events over the channel layer.

A stream that asks the database again and again holds a thread and a connection per listener. Here
whoever writes tells the layer, and a listener that waits holds nothing but its place in a group.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from channels.layers import get_channel_layer
from django.http import StreamingHttpResponse

SECONDS = 2.0  # to tell the layer
HEARTBEAT = 15.0  # seconds; proxies cut a connection that is silent for a minute


async def announce(talk_id: int, seats_left: int) -> None:
    """Tell all listeners, of every process."""
    async with asyncio.timeout(SECONDS):
        await get_channel_layer().group_send(group(talk_id), {"seats_left": seats_left})


async def changes(talk_id: int) -> AsyncGenerator[str]:
    """Yield an event for each change from now on, and a comment when there is none for long."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group(talk_id), channel)
    message: asyncio.Future[dict[str, Any]] = asyncio.ensure_future(layer.receive(channel))
    try:
        # From here on nothing is missed: now is the time to fetch how things stand.
        yield "event: listening\ndata: {}\n\n"
        while True:
            if (await asyncio.wait([message], timeout=HEARTBEAT))[0]:
                yield f"event: seats\ndata: {json.dumps(message.result())}\n\n"
                message = asyncio.ensure_future(layer.receive(channel))
            else:
                yield ": nothing new\n\n"
    finally:
        message.cancel()
        await asyncio.wait([message])
        await layer.group_discard(group(talk_id), channel)


def group(talk_id: int) -> str:
    """Return the name of the listeners' group."""
    return f"talk-{talk_id}"


class EventStream(StreamingHttpResponse):
    """A response that closes its generator when the client leaves, also one who did not read."""

    def __init__(self, events: AsyncGenerator[str]) -> None:
        self.events = events
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # not in nginx either
        super().__init__(events, content_type="text/event-stream", headers=headers)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self.events):
            async for event in super().__aiter__():
                yield event
