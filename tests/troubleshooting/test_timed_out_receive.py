"""A receive that times out, and the cancellation after it.

``receive_from`` waits a second and then cancels the application. What fails is the *next* call,
often the ``disconnect`` in a fixture, with ``CancelledError``; its traceback hides the first one.

Message: asyncio.exceptions.CancelledError (after an empty TimeoutError)
Message: TimeoutError, of `await communicator.receive_json_from()` or `receive_output()`
Cure: assert silence with `await communicator.receive_nothing()`, which cancels nothing
Seen on: channels 4.3.2, asgiref 3.13.0
Upstream: https://github.com/django/channels/issues/957
"""

import asyncio

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data)


@pytest.fixture
async def socket() -> WebsocketCommunicator:
    communicator = WebsocketCommunicator(Echo.as_asgi(), "/")
    await communicator.connect()
    return communicator


async def test_every_call_after_a_timeout_is_cancelled(socket: WebsocketCommunicator) -> None:
    with pytest.raises(TimeoutError):
        await socket.receive_from(timeout=0.01)

    with pytest.raises(asyncio.CancelledError):
        await socket.disconnect()


async def test_silence_can_be_asserted(socket: WebsocketCommunicator) -> None:
    assert await socket.receive_nothing(timeout=0.01)

    await socket.send_to("still there?")
    assert await socket.receive_from() == "still there?"
    await socket.disconnect()
