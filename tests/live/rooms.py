"""What the live tests of the chat's rooms have in common."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.plugins.live_asgi_server import LiveServer

Frame = dict[str, Any]
AT_ONCE = 20  # frames that a socket may send before it is too fast


class Window:
    """Somebody's socket in a room, and what was the first that it read."""

    def __init__(self, socket: ClientConnection, first: Frame) -> None:
        self.socket, self.first = socket, first

    async def read(self) -> Frame:
        """Return the next frame."""
        frame: Frame = json.loads(await self.socket.recv())
        return frame

    async def until(self, field: str) -> Frame:
        """Return the next frame that has this field."""
        while field not in (frame := await self.read()):
            pass
        return frame

    async def numbers(self, count: int) -> list[int]:
        """Return the numbers of the next messages, in the order in which they came."""
        return [(await self.until("message"))["id"] for _ in range(count)]

    async def close_code(self) -> int | None:
        """Wait until the socket is closed, and return with which code."""
        with suppress(ConnectionClosed):
            await self.until("nothing that ever comes")
        return self.socket.close_code

    async def send(self, **frame: str) -> None:
        """Send a frame."""
        await self.socket.send(json.dumps(frame))

    async def say(self, text: str, key: str) -> int:
        """Say something; return the number under which it is stored."""
        await self.send(message=text, key=key)
        while (frame := await self.until("key"))["key"] != key or "message" in frame:
            pass
        return int(frame["id"])


@asynccontextmanager
async def window(
    server: LiveServer, room: str, after: int = 0, buffer: int = 0
) -> AsyncIterator[Window]:
    """Be in a room, as somebody who has read the messages up to a number.

    Args:
        server: Where.
        room: Its name.
        after: The number.
        buffer: How many bytes the kernel takes that nobody has read; its own choice, if 0.
    """
    wire = None
    if buffer:
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        wire.setblocking(False)
        await asyncio.get_running_loop().sock_connect(wire, ("127.0.0.1", server.port))
    address = f"{server.ws_url}/ws/rooms/{room}/?after={after}"
    async with connect(
        address, origin=Origin(server.url), compression=None, proxy=None, sock=wire
    ) as client:
        yield Window(client, json.loads(await client.recv()))


async def refusal(server: LiveServer) -> int | None:
    """Come to a room that lets nobody in, and return the close code."""
    address = f"{server.ws_url}/ws/rooms/{uuid4().hex}/"
    async with connect(address, origin=Origin(server.url), proxy=None) as client:
        await client.wait_closed()
    return client.close_code
