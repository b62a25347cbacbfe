"""Test that a consumer is told of its socket's end, whatever ended it.

Use a consumer of a few lines, and end it in each way: the client leaves, a handler raises, the
server cancels. The trap is cleaning up in ``disconnect`` of Channels' own consumers, which is
called only in the first of the three.
"""

import asyncio
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture

from chat.direct import DirectConsumer


class Echo(DirectConsumer):
    """Answer each frame; "fail" fails."""

    def __init__(self, codes: list[int]) -> None:
        super().__init__()
        self.codes = codes

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data == "fail":
            raise LookupError("as told")
        await self.send(text_data)

    async def disconnect(self, code: int) -> None:
        self.codes.append(code)


@pytest.fixture
def codes() -> list[int]:
    """The codes with which the consumer was told to disconnect."""
    return []


@pytest.fixture
async def socket(codes: list[int]) -> WebsocketCommunicator:
    """A client that is connected."""
    socket = WebsocketCommunicator(Echo.as_asgi(codes=codes), "/")
    await socket.connect()
    return socket


async def test_it_is_told_when_the_client_leaves(
    socket: WebsocketCommunicator, codes: list[int]
) -> None:
    await socket.disconnect(code=1001)

    assert codes == [1001]


async def test_it_ends_when_the_client_leaves(codes: list[int], mocker: MockerFixture) -> None:
    events = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}]

    await Echo(codes)(
        {"type": "websocket"}, mocker.AsyncMock(side_effect=events), mocker.AsyncMock()
    )

    assert codes == [1001]


async def test_it_is_told_when_a_handler_raises(
    socket: WebsocketCommunicator, codes: list[int]
) -> None:
    await socket.send_to("fail")

    with pytest.raises(LookupError):
        await socket.wait()
    assert codes == [1006]


async def test_it_is_told_when_the_server_cancels(
    socket: WebsocketCommunicator, codes: list[int]
) -> None:
    socket.future.cancel()

    with pytest.raises(asyncio.CancelledError):
        await socket.future
    assert codes == [1006]


async def test_a_frame_costs_no_thread_hop(
    socket: WebsocketCommunicator, mocker: MockerFixture
) -> None:
    hops = mocker.spy(SyncToAsync, "__call__")

    await socket.send_to("hello")

    assert await socket.receive_from() == "hello"
    assert hops.call_count == 0
    await socket.disconnect()


async def test_a_socket_has_no_channel_of_its_own(mocker: MockerFixture) -> None:
    new_channel: Any = mocker.spy(get_channel_layer(), "new_channel")
    socket = WebsocketCommunicator(Echo.as_asgi(codes=[]), "/")
    await socket.connect()

    await socket.disconnect()

    new_channel.assert_not_called()
