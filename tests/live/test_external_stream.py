"""Test on every server that a stream ends with its reader, and is no faster than its reader.

Use an upstream and a client of your own around the server: the upstream sees its connection closed
within a second of the client's leaving, and it cannot send when nobody reads. Daphne is the
exception: it keeps in memory what a client does not read.
Code: external/streaming.py
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from tests.plugins.live_asgi_server import SERVERS, LiveServer, StartServer

pytestmark = pytest.mark.live

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
EVENT = b"data: " + b"x" * 65_536 + b"\n\n"
ENOUGH = 64 * 1024 * 1024  # more than the buffers of all sockets on the way


@dataclass
class Events:
    """An outside API that sends events."""

    url: str = ""
    endless: bool = False
    sent: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    stuck: asyncio.Event = field(default_factory=asyncio.Event)
    sent_all: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the other side closes it."""
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"data: hello\n\n")
        self.asked.set()
        pouring = asyncio.create_task(self.pour(writer))
        with suppress(ConnectionResetError):
            await reader.read()
        self.closed.set()
        pouring.cancel()
        await asyncio.wait([pouring])
        writer.close()

    async def pour(self, writer: asyncio.StreamWriter) -> None:
        """Send as fast as the other side takes it, and tell when it takes no more."""
        with suppress(ConnectionResetError):
            while self.endless and self.sent < ENOUGH:
                writer.write(EVENT)
                self.sent += len(EVENT)
                waiting = asyncio.get_running_loop().call_later(1, self.stuck.set)
                await writer.drain()
                waiting.cancel()
            self.sent_all.set()


@pytest.fixture
async def events() -> AsyncIterator[Events]:
    """The outside API, for ``EXTERNAL_STREAM_URL``."""
    events = Events()
    async with await asyncio.start_server(events.serve, "127.0.0.1") as server:
        events.url = "http://127.0.0.1:{1}/".format(*server.sockets[0].getsockname())
        yield events


async def listen(server: LiveServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for the events; a small buffer of its own, so that not reading shows soon."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    writer.write(b"GET /api/external/stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return reader, writer


@pytest.mark.parametrize("name", SERVERS)
async def test_the_upstream_is_closed_within_a_second_of_the_clients_leaving(
    start_asgi_server: StartServer, events: Events, name: str
) -> None:
    server = await start_asgi_server(name, EXTERNAL_STREAM_URL=events.url)
    reader, writer = await listen(server)
    await reader.readuntil(b"data: hello\n\n")
    assert not events.closed.is_set()

    writer.close()

    await asyncio.wait_for(events.closed.wait(), timeout=1)
    assert "Traceback" not in await server.log()


@pytest.mark.parametrize("name", ["uvicorn", "granian"])
async def test_nothing_is_sent_that_nobody_reads(
    start_asgi_server: StartServer, events: Events, name: str
) -> None:
    events.endless = True
    server = await start_asgi_server(name, EXTERNAL_STREAM_URL=events.url)
    _, writer = await listen(server)

    await events.stuck.wait()

    assert events.sent < ENOUGH
    writer.transport.abort()
    await asyncio.wait_for(events.closed.wait(), timeout=1)
    assert not events.sent_all.is_set()


async def test_daphne_takes_what_nobody_reads(
    start_asgi_server: StartServer, events: Events
) -> None:
    events.endless = True
    server = await start_asgi_server("daphne", EXTERNAL_STREAM_URL=events.url)
    _, writer = await listen(server)

    await events.sent_all.wait()

    assert events.sent > ENOUGH
    writer.transport.abort()
