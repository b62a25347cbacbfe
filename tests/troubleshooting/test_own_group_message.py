"""A consumer that waits for its own broadcast.

A consumer handles one event at a time. What it sends to its own group is delivered after the
handler has returned; a handler that waits for it waits for ever.

Message: none; the handler hangs, and the test with it
Message: TimeoutError, of a consumer that awaits its own `group_send`
Cure: answer this client with `self.send…()` directly; do not await one's own event
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/consumers.html
"""

import asyncio
from contextlib import suppress
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator


class Waiting(AsyncWebsocketConsumer):
    groups = ["lobby"]

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.delivered = asyncio.Event()
        await self.channel_layer.group_send("lobby", {"type": "deliver"})
        await self.send(await self.wait_for_delivery())

    async def wait_for_delivery(self) -> str:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.delivered.wait(), 0.05)
        return "delivered" if self.delivered.is_set() else "waited in vain"

    async def deliver(self, event: dict[str, Any]) -> None:
        self.delivered.set()
        await self.send("delivered after the handler")


class Answering(Waiting):
    async def wait_for_delivery(self) -> str:
        return "answered"


async def say_hello(consumer: type[Waiting]) -> list[str]:
    communicator = WebsocketCommunicator(consumer.as_asgi(), "/")
    await communicator.connect()
    await communicator.send_to("hello")
    frames = [await communicator.receive_from(), await communicator.receive_from()]
    await communicator.disconnect()
    return frames


async def test_the_broadcast_arrives_after_the_handler() -> None:
    assert await say_hello(Waiting) == ["waited in vain", "delivered after the handler"]


async def test_a_direct_answer_does_not_wait() -> None:
    assert await say_hello(Answering) == ["answered", "delivered after the handler"]
