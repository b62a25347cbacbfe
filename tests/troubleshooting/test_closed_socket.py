"""Reading from a socket that the consumer has closed.

The next frame is then no message but the close, and ``receive_from`` asserts on its type. The
code, which would tell why, is in the frame that it throws away.

Message: AssertionError: Expected type 'websocket.send', but was 'websocket.close'
Cure: `await communicator.receive_output()`, and assert on `{"type": "websocket.close", "code": …}`
Seen on: channels 4.3.2
Upstream: https://github.com/django/channels/pull/2098
"""

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator


class Strict(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(code=4001)


@pytest.fixture
async def socket() -> WebsocketCommunicator:
    communicator = WebsocketCommunicator(Strict.as_asgi(), "/")
    await communicator.connect()
    await communicator.send_to("anything")
    return communicator


async def test_receiving_a_message_asserts(socket: WebsocketCommunicator) -> None:
    with pytest.raises(
        AssertionError, match=r"Expected type 'websocket\.send', but was 'websocket\.close'"
    ):
        await socket.receive_from()


async def test_receiving_output_tells_the_code(socket: WebsocketCommunicator) -> None:
    assert await socket.receive_output() == {"type": "websocket.close", "code": 4001}
