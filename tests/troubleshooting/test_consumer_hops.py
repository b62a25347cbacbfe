"""A consumer that visits a thread for every frame.

Before each event Channels closes old database connections, in a thread hop, also for a consumer
that never touches the database. It is what a thousand idle chat sockets cost.

Message: none; fan-out to many sockets is several times as slow as a bare WebSocket's
Cure: fewer, larger events: one layer channel per room and process instead of one per socket
Seen on: channels 4.3.2, asgiref 3.13.0
Upstream: none known
"""

from typing import Any

from asgiref.sync import SyncToAsync
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data)


async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Do the same in plain ASGI."""
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})


async def test_each_frame_costs_a_hop(mocker: MockerFixture) -> None:
    communicator = WebsocketCommunicator(Echo.as_asgi(), "/")
    await communicator.connect()
    hops = mocker.spy(SyncToAsync, "__call__")

    await communicator.send_to("hello")
    await communicator.receive_from()

    assert hops.call_count == 1
    await communicator.disconnect()


async def test_plain_asgi_costs_none(mocker: MockerFixture) -> None:
    communicator = WebsocketCommunicator(echo, "/")
    await communicator.connect()
    hops = mocker.spy(SyncToAsync, "__call__")

    await communicator.send_to("hello")
    await communicator.receive_from()

    assert hops.call_count == 0
    await communicator.disconnect()
