"""Cut the wire instead of stopping the service.

Use the proxy to see an application through an outage: refused, cut, slow, or silent connections,
and the recovery. Stopping the real service would hit everybody who shares it, and never shows
silence, which is the fault without a time limit.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.plugins.tcp_proxy import MakeProxy, TcpProxy

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def earlier() -> Iterator[list[TcpProxy]]:
    """The proxies of these tests; in the end, none accepts a connection any more."""
    proxies: list[TcpProxy] = []
    yield proxies
    for proxy in proxies:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", proxy.port))


@pytest.fixture
async def proxy(tcp_proxy: MakeProxy) -> AsyncIterator[TcpProxy]:
    """A proxy in front of a service that repeats each line."""

    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async with await asyncio.start_server(repeat, "127.0.0.1") as service:
        proxy = await tcp_proxy(*service.sockets[0].getsockname())
        yield proxy
        await proxy.close()  # or the service would wait for connections in the black hole


async def connect(proxy: TcpProxy) -> Connection:
    """Connect to the service, through the proxy, and see that it answers."""
    connection = await asyncio.open_connection("127.0.0.1", proxy.port)
    assert await ask(connection) == b"hello\n"
    return connection


async def ask(connection: Connection) -> bytes:
    """Return what the service repeats."""
    reader, writer = connection
    writer.write(b"hello\n")
    return await reader.readline()


def tasks_of_proxies() -> list[Any]:
    """Return what proxies have running."""
    return [task for task in asyncio.all_tasks() if "TcpProxy" in repr(task)]


async def test_a_cut_breaks_the_connections_that_are_open(proxy: TcpProxy) -> None:
    connection = await connect(proxy)

    proxy.cut()

    with pytest.raises(ConnectionError):
        await ask(connection)
    (await connect(proxy))[1].close()


async def test_a_refusal_breaks_them_and_lets_no_new_one_in(proxy: TcpProxy) -> None:
    connection = await connect(proxy)

    await proxy.refuse()

    with pytest.raises(ConnectionError):
        await ask(connection)
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)


@pytest.mark.parametrize("turns", range(8), ids="after {} turns of the loop".format)
async def test_a_connection_that_is_being_made_is_refused_as_well(
    proxy: TcpProxy, turns: int
) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", proxy.port))
        for _ in range(turns):
            await asyncio.sleep(0)

        async with asyncio.timeout(2):
            await proxy.close()
            with suppress(ConnectionResetError):
                assert await loop.sock_recv(client, 1) == b""
    assert not tasks_of_proxies()


async def test_a_black_hole_keeps_the_connection_and_swallows_what_is_sent(
    proxy: TcpProxy,
) -> None:
    connection = await connect(proxy)

    proxy.black_hole()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(connection), timeout=0.05)
    connection[1].close()


async def test_a_proxy_that_closes_lets_go_of_what_its_black_hole_holds(proxy: TcpProxy) -> None:
    _, writer = await connect(proxy)
    proxy.black_hole()
    writer.write(b"hello\n")

    async with asyncio.timeout(5):
        await proxy.close()

    assert not tasks_of_proxies()
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)
    writer.close()


async def test_what_a_black_hole_held_arrives_when_it_heals(proxy: TcpProxy) -> None:
    connection = await connect(proxy)
    proxy.black_hole()
    answer = asyncio.create_task(ask(connection))

    await proxy.heal()

    assert await answer == b"hello\n"
    connection[1].close()


async def test_a_delay_makes_an_answer_late(proxy: TcpProxy) -> None:
    connection = await connect(proxy)
    start = asyncio.get_running_loop().time()

    proxy.delay = 0.05
    await ask(connection)

    assert asyncio.get_running_loop().time() - start >= 0.1
    connection[1].close()


async def test_after_healing_it_is_the_same_address(proxy: TcpProxy) -> None:
    await proxy.refuse()
    proxy.black_hole()

    await proxy.heal()

    (await connect(proxy))[1].close()


async def test_a_proxy_accepts_connections_until_its_test_ends(
    tcp_proxy: MakeProxy, earlier: list[TcpProxy]
) -> None:
    proxy = await tcp_proxy("127.0.0.1", 1)
    earlier.append(proxy)

    _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)

    writer.close()


async def test_where_there_is_no_service_a_connection_ends(tcp_proxy: MakeProxy) -> None:
    proxy = await tcp_proxy("127.0.0.1", 1)  # a port that nobody listens on

    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)

    async with asyncio.timeout(2):
        assert await reader.read() == b""
        await proxy.close()
    writer.close()


async def test_healing_takes_the_delay_back(proxy: TcpProxy) -> None:
    proxy.delay = 60.0

    await proxy.heal()

    async with asyncio.timeout(1):
        (await connect(proxy))[1].close()
