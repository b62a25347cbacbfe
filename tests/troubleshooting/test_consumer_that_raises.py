"""An exception in a consumer, and which call of the test shows it.

The communicator runs the consumer as a task beside the test. An exception ends it, and is raised by
the call that next waits for it: not by the ``send_to`` that caused it. ``connect()`` raises what
``connect`` raised, but a consumer that neither accepts nor refuses is silent, and times out. Either
comes when the call's time is up, a second by default: give it less where you expect an exception.

Message: TimeoutError (from `communicator.connect()`)
Message: the exception of `receive`, from a later `communicator.receive_from()`
Cure: `await self.accept()` or `await self.close()` in each path of `connect`; read after you send
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/testing.html
"""

import asyncio

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator

TIMEOUT = 0.2  # seconds


class InConnect(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        raise LookupError("in connect")


class InReceive(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        raise LookupError("in receive")


class InDisconnect(AsyncWebsocketConsumer):
    async def disconnect(self, code: int) -> None:
        raise LookupError("in disconnect")


class Undecided(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        """Neither accept nor refuse."""


class Subprotocol(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        wanted = "chat.v2" in self.scope["subprotocols"]
        await (self.accept("chat.v2") if wanted else self.close())


async def test_one_that_never_accepts_times_out() -> None:
    communicator = WebsocketCommunicator(Undecided.as_asgi(), "/")

    with pytest.raises(asyncio.TimeoutError):
        await communicator.connect(timeout=0.01)


async def test_connect_raises_what_connect_raised() -> None:
    with pytest.raises(LookupError, match="in connect"):
        await WebsocketCommunicator(InConnect.as_asgi(), "/").connect(timeout=TIMEOUT)


async def test_a_later_receive_raises_what_receive_raised() -> None:
    communicator = WebsocketCommunicator(InReceive.as_asgi(), "/")
    await communicator.connect()

    await communicator.send_to(text_data="hello")

    with pytest.raises(LookupError, match="in receive"):
        await communicator.receive_from(timeout=TIMEOUT)


async def test_disconnect_raises_what_disconnect_raised() -> None:
    communicator = WebsocketCommunicator(InDisconnect.as_asgi(), "/")
    await communicator.connect()

    with pytest.raises(LookupError, match="in disconnect"):
        await communicator.disconnect()


@pytest.mark.parametrize(
    ("offered", "answer"),
    [
        pytest.param(["chat.v1", "chat.v2"], (True, "chat.v2"), id="one that it speaks"),
        pytest.param(["chat.v1"], (False, 1000), id="none that it speaks"),
    ],
)
async def test_each_path_of_connect_answers(
    offered: list[str], answer: tuple[bool, object]
) -> None:
    communicator = WebsocketCommunicator(Subprotocol.as_asgi(), "/", subprotocols=offered)

    assert await communicator.connect() == answer

    await communicator.disconnect()
