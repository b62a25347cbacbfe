"""What a service sees of the wire.

Use a service of your own behind the proxy where its end is the subject: it is to hear of a client
that is gone. The trap is a proxy that goes on taking bytes, or holds a connection, for nobody: the
application then seems to get rid of everything at once.
Code: tests/plugins/tcp_proxy.py
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.plugins.tcp_proxy import MakeProxy, TcpProxy


@pytest.fixture
def left() -> asyncio.Event:
    """The client is gone, as the service sees it."""
    return asyncio.Event()


@pytest.fixture
async def proxy(tcp_proxy: MakeProxy, left: asyncio.Event) -> AsyncIterator[TcpProxy]:
    """A proxy in front of a service that says hello, and waits until the client is gone."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        with suppress(ConnectionError):
            await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1") as service:
        proxy = await tcp_proxy(*service.sockets[0].getsockname())
        yield proxy
        await proxy.close()


async def test_it_hears_of_a_client_that_breaks_off(proxy: TcpProxy, left: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    await reader.readline()
    without_farewell = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, without_farewell
    )

    writer.transport.abort()

    async with asyncio.timeout(2):
        await left.wait()


async def test_it_hears_of_a_cut_also_while_a_black_hole_holds_what_was_sent(
    proxy: TcpProxy, left: asyncio.Event
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    await reader.readline()
    proxy.black_hole()
    writer.write(b"hello?\n")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.readline(), timeout=0.05)

    proxy.cut()

    async with asyncio.timeout(2):
        await left.wait()
    writer.close()


async def test_if_it_does_not_read_the_client_is_held_back(tcp_proxy: MakeProxy) -> None:
    done = asyncio.Event()

    async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with await asyncio.start_server(read_nothing, "127.0.0.1") as service:
        proxy = await tcp_proxy(*service.sockets[0].getsockname())
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(bytes(32_000_000))  # more than the system keeps for a connection

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(writer.drain(), timeout=0.2)

        writer.transport.abort()
        done.set()
